import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { Category, type Subject } from '@aetherius/shared/contracts';

/** What is written, and what a person knows about it; `known` is undefined where nobody has said what is wrong. */
export type Options = {
  bundle: string;
  out: string;
  name: string;
  source: string | undefined;
  known: { category: Category; subject: Subject } | undefined;
  looksLike: Category | null;
  help: boolean;
};

export const usage = `usage: npm run record -- [--kubeconfig FILE] [--context NAME] --namespace NAME --out FILE
                         [--category CATEGORY --subject KIND/[NAMESPACE/]NAME] [--looks-like CATEGORY] [--source TEXT]

Records what a cluster shows right now as an incident of the library, masked as the agent masks; nothing is written in the cluster.

  --kubeconfig FILE  the kubeconfig, instead of the usual one (KUBECONFIG, ~/.kube/config)
  --context NAME     its context, instead of the current one
  --namespace NAME   the namespace that is recorded, with the nodes and what else it stands on
  --out FILE         a new file, <name>.json; what proves the fault is yours to write in it afterwards
  --category C       what is wrong; one of the categories of a diagnosis
  --subject S        with whom: Deployment/shop/checkout, Node/worker-4
  --looks-like C     what it is easily taken for
  --source TEXT      where it comes from, instead of "recorded from a live cluster"
  --help             this text

Without --category and --subject the answer of the rules is written as the expected one, and the source says so.
`;

const fileName = /^[a-z0-9]+(-[a-z0-9]+)*\.json$/;
const part = /^[A-Za-z0-9]([\w.-]{0,251}[A-Za-z0-9])?$/;
const kind = /^[A-Z][A-Za-z0-9]{1,62}$/;

/** The words of the command line, or the one sentence that says what is wrong with them. */
export function readOptions(args: readonly string[]): { options: Options } | { problem: string } {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...{ bundle: text, out: text, category: text, subject: text, 'looks-like': text, source: text },
        help: { type: 'boolean', default: false },
      },
    });
    const { bundle = '', out = '', source, help } = values;
    const file = { bundle, out, name: basename(out, '.json'), source: source?.trim(), help };
    if (help) return { options: { ...file, known: undefined, looksLike: null } };
    const problem = problemOf(file);
    if (problem !== undefined) return { problem };
    const known = knownFrom(values.category, values.subject);
    if ('problem' in known) return known;
    const looksLike = categoryIn('--looks-like', values['looks-like']);
    return 'problem' in looksLike
      ? looksLike
      : { options: { ...file, ...known, looksLike: looksLike.category ?? null } };
  } catch (error) {
    return { problem: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

function problemOf({ bundle, out, source }: Omit<Options, 'known' | 'looksLike'>): string | undefined {
  if (out === '') return '--out FILE is missing';
  if (!fileName.test(basename(out))) return `--out ${out}: the file is called <name>.json, a-z, 0-9 and single hyphens`;
  if (bundle === '') return '--bundle FILE is missing';
  if (source === '') return '--source says nothing';
  return undefined;
}

function knownFrom(category?: string, words?: string): { known: Options['known'] } | { problem: string } {
  if (category === undefined && words === undefined) return { known: undefined };
  if (category === undefined) return { problem: '--subject without --category: say both or neither' };
  if (words === undefined) return { problem: '--category without --subject: say both or neither' };
  const read = categoryIn('--category', category);
  if ('problem' in read) return read;
  const subject = subjectIn(words);
  if (subject === undefined) return { problem: `--subject ${words}: is not KIND/NAME or KIND/NAMESPACE/NAME` };
  return { known: { category: read.category ?? category, subject } };
}

function categoryIn(flag: string, word: string | undefined): { category: Category | undefined } | { problem: string } {
  const read = Category.optional().safeParse(word);
  return read.success
    ? { category: read.data }
    : { problem: `${flag} ${word}: is no category; ${Category.options.join(', ')}` };
}

function subjectIn(words: string): Subject | undefined {
  const [first = '', ...names] = words.split('/');
  if (!kind.test(first) || names.length < 1 || names.length > 2 || !names.every((name) => part.test(name)))
    return undefined;
  const [name = '', namespace] = names.reverse();
  return { kind: first, namespace: namespace ?? null, name };
}
