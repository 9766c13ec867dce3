import { parseArgs } from 'node:util';
import { timestamp } from '../intake/moment.ts';
import { type Language, languageCodes } from '../llm/languages.ts';

export type Options = { bundles: string[]; at: string | undefined; language: Language; json: boolean; help: boolean };

export const usage = `usage: npm run diagnose -- --bundle FILE|DIR|- [--bundle …] [--at TIME] [--json | --language en|zh]
       npm run diagnose -- [--kubeconfig FILE] [--context NAME] (--namespace NAME | --all-namespaces) [--json | --language en|zh]

Says what is wrong and why, from evidence alone; no service has to run and nothing is changed anywhere.

  --bundle FILE|DIR  evidence; - reads standard input, as in: kubectl get pods -A -o yaml | npm run diagnose -- --bundle -
                     given again, all of it is read as one case
                     a bundle, or whatever there is: Kubernetes JSON or YAML, "kubectl get", "describe", "events", "top" output,
                     logs (<namespace>_<pod>_<container>[_previous].log tells its source), Alertmanager alerts
  --at TIME          when the evidence was taken, where it does not say so itself, as in 2026-01-31T14:05:00Z; otherwise the
                     latest time in it, or the date of the file where that is nothing but when things began
  --kubeconfig FILE  read a live cluster once, with this kubeconfig; nothing is written there and Secrets are never read
  --context NAME     the context of the kubeconfig, instead of its current one
  --namespace NAME   look at one namespace and the nodes
  --all-namespaces   look at the whole cluster
  --json             one JSON object: the Diagnosis of the main cause, with further_findings and unread
  --language en|zh   of the headings of the report; what the rules say is in English
  --help             this text
`;

/** The words of the command line, or the one sentence that says what is wrong with them. */
export function readOptions(args: readonly string[]): { options: Options } | { problem: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        bundle: { type: 'string', multiple: true },
        at: { type: 'string' },
        language: { type: 'string', default: 'en' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const { bundle: bundles = [], json, help } = values;
    const at = timestamp(values.at);
    if (values.at !== undefined && at === undefined)
      return { problem: `--at is no time: "${values.at.slice(0, 80)}"; it is written as in 2026-01-31T14:05:00Z` };
    const language = languageCodes.find((code) => code === values.language);
    if (language === undefined)
      return { problem: `--language is one of ${languageCodes.join(', ')}, not "${values.language.slice(0, 80)}"` };
    if ((bundles.length === 0 || bundles.includes('')) && !help) return { problem: '--bundle FILE|DIR is missing' };
    return { options: { bundles, at, language, json, help } };
  } catch (error) {
    return { problem: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}
