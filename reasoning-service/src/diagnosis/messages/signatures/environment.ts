import type { Signature } from './signature.ts';

const VARIABLE = '[A-Z][A-Z0-9_]{2,63}';
const said = (target: string) => `the setting ${target === '' ? 'it needs' : target} is not there`;
const variable = (source: string, flags = ''): Signature => ({
  category: 'missing_env_var',
  pattern: new RegExp(source.replaceAll('VARIABLE', VARIABLE), flags),
  words: said,
});

/** Settings that a program cannot do without, in the words of languages, frameworks and well-known images. */
export const environment: readonly Signature[] = [
  variable(
    `(?:environment variable|[Ee]nvironment variable|env(?:ironment)? var|ENV|env)(?:iable)?:? ["'\`]?(VARIABLE)["'\`]?:? (?:is |was |has )?(?:not (?:been )?(?:set|found|defined|provided|present|configured)|missing|required|undefined|empty|unset|must be)`,
  ),
  variable(
    `["'\`$]?\\b(VARIABLE)["'\`]? (?:env(?:ironment)? (?:variable|var) )?(?:is |was )?(?:not set|unset|not defined|not provided|not configured|must be (?:set|provided|defined|specified)|is required|is missing|is undefined|cannot be (?:empty|blank)|must not be empty)`,
  ),
  variable(
    `(?:[Mm]issing|MISSING|[Uu]ndefined|[Uu]nset|[Rr]equired|[Nn]o) (?:required |mandatory )?(?:environment |env |config(?:uration)? )?(?:variables?|vars?|settings?|keys?)?(?: not (?:set|found))?:? ?["'\`\\[]?(VARIABLE)`,
  ),
  {
    ...variable(`^(?:\\S{1,60} )?KeyError: ['"](VARIABLE)['"]`),
    // Any mapping raises it; only the trace says whose key it was.
    trace: /\benviron\b|\bgetenv\b|[/\\]os\.py"|<frozen os>|\bsettings\b/i,
  },
  variable(
    `key not found: ['":]?(VARIABLE)|required key (VARIABLE) missing value|fetch.{0,30}key not found: "(VARIABLE)"`,
  ),
  variable(
    `\\b(VARIABLE): (?:unbound variable|parameter (?:null or )?not set)|could not resolve placeholder '([^']{1,100})'`,
    'i',
  ),
  variable(
    `(?:set|specify|define|provide) (?:the |a |one of )?(?:environment variable |env var )?(VARIABLE) (?:environment variable|env|to a non-empty)`,
  ),
  variable(
    `superuser password is not specified|[Mm]ust specify POSTGRES_(PASSWORD)|[Yy]ou need to specify one of the following as an environment variable|The (VARIABLE) setting must not be empty|os\\.environ\\[['"](VARIABLE)|process\\.env\\.(VARIABLE)|NotPresent.{0,40}(VARIABLE)|validation errors? for (?:\\w{0,40}(?:Settings|Config))|environment variable not found`,
  ),
  variable(
    `(?:missing|required) (?:configuration|config|setting|property|option)s?:? ["'\`]?([\\w.-]{2,80})|(?:property|setting|option|configuration key) ["'\`]?([\\w.-]{2,80})["'\`]? (?:is )?(?:missing|required|not set|must be set)`,
    'i',
  ),
  variable(`^\\s*(VARIABLE)\\s+[Ff]ield required|([a-z][a-z0-9_]{2,60})\\s+[Ff]ield required`),
];
