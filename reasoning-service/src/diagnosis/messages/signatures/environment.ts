import type { Signature } from './signature.ts';

/** Features and protocols in capitals are no variables, and nobody fails for want of a proxy or of a look of the terminal. */
const NO_VARIABLE = [
  'M?TLS|SSL|HTTPS?|GRPC|CORS|CSRF|CSP|HSTS|DNS|IPV[46]|OIDC|SSO|SAML|LDAP|SASL|SMTP|RBAC|GPU|CUDA|APM|CDN',
  'DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|CRITICAL|NOTICE',
  '(?:HTTPS?|FTP|ALL|NO)_PROXY|TERM|DISPLAY|TZ|LANG(?:UAGE)?|LC_[A-Z]+|(?:NO|FORCE)_COLOR|XDG_[A-Z_]+',
].join('|');
const VARIABLE = `(?!(?:${NO_VARIABLE})(?![A-Z0-9_]))[A-Z][A-Z0-9_]{2,63}`;
const said = (target: string) => `the setting ${target === '' ? 'it needs' : target} is not there`;
const variable = (source: string, flags = ''): Signature => ({
  category: 'missing_env_var',
  pattern: new RegExp(source.replaceAll('VARIABLE', VARIABLE), flags),
  words: said,
});

/** What single frameworks and languages say, each in its own words. */
const frameworks: readonly Signature[] = [
  // Prisma, Symfony, Elixir, caarls0/env, Grafana, env-var, Django, decouple, envalid and t3-env.
  variable(`[Ee]nvironment variable not found: ["'\`]?(VARIABLE)`),
  variable(
    `environment variable ["'\`$]?\\{?(VARIABLE)["'\`}]{0,2} (?:because it is not set|should not be empty|not set)`,
  ),
  variable(`["'](VARIABLE)["'] is a required variable`),
  variable(`\\bSet the (VARIABLE) environment variable`),
  variable(`UndefinedValueError: (VARIABLE) not found`),
  variable(`^\\s{0,4}Missing environment variables:`),
  variable(`Invalid environment variables.{1,400}?["'\\s](VARIABLE)["':]`),
  // The shell, when the script says what is wrong with the parameter; getEnv of Haskell; Perl.
  variable(`: (VARIABLE): (?:must be set|required|is required|not set|missing)`),
  variable(`(VARIABLE): getEnv: does not exist|uninitialized value \\$ENV\\{["']?(VARIABLE)`),
  // The JVM: Micronaut, Typesafe config, a getenv that nobody checked.
  variable(`placeholder \\$\\{(VARIABLE)|resolve substitution to a value: \\$\\{([\\w.-]{1,80})`),
  variable(`No configuration setting found for key '([^']{1,80})'|System\\.getenv\\(String\\)" is null`),
  // Node: NestJS and jsonwebtoken.
  variable(`[Cc]onfiguration key "([^"]{1,80})" does not exist|(secretOrPrivateKey) must have a value`),
  // PHP: Laravel, and an entry of $_ENV or $_SERVER; other arrays are seldom keyed like that.
  variable(
    `No application encryption key has been specified|Undefined (?:array key "|index: )([A-Z]{2,20}_[A-Z0-9_]{2,40})`,
  ),
  // .NET.
  variable(`Section '([\\w:.-]{1,80})' not found in configuration|null\\. \\(Parameter '(connectionString)'\\)`),
  variable(`OptionsValidationException: .{0,200}?The (\\w{1,60}) field is required`),
  // Rust: std::env, envy and config; Go: cleanenv; Elixir's own settings; Ruby since 3.4.
  variable(`(?:value: |EnvVar\\()NotPresent|missing value for field (\\w{1,60})`),
  variable(
    `configuration property "([^"]{1,80})" not found|field "(\\w{1,60})" is required but the value is not provided`,
  ),
  variable(`could not fetch application environment :(\\w{1,60})|'ENV\\.fetch': key not found: "([^"]{1,80})"`),
  variable(`Missing \`(secret_key_base)\` for|password option is not specified`),
];

/** Settings that a program cannot do without, in the words of languages, frameworks and well-known images. */
export const environment: readonly Signature[] = [
  ...frameworks,
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
    ...variable(`^(?:\\S{1,60} )?KeyError: ['"](\\w{2,64})['"]`),
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
    `(?<!\\bno )(?:missing|required) (?:configuration|config|setting|property|option)s?(?: value| key)?(?:: ["'\`]?| ["'\`]| (?!(?:are|is|was|were|found|loaded|set|checks?|values?|files?|from|for|in|detected|present)\\b))([\\w.-]{2,80}(?::[\\w.-]{1,60}){0,4})|(?:property|setting|option|configuration key) ["'\`]?([\\w.-]{2,80})["'\`]? (?:is )?(?:missing|required|not set|must be set)`,
    'i',
  ),
  variable(`^\\s*(VARIABLE)\\s+[Ff]ield required`),
];
