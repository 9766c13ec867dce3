/** What a change is. */
export type ChangeKind = 'warn' | 'note' | 'report' | 'replace';

/**
 * The mix of a busy cluster, by a change's number: of forty, two are warnings that have to be told, ten are Events of the
 * daily work, one puts a pod in another's place, and the rest are reports of kubelets that say nothing new.
 */
export function kindOf(number: number): ChangeKind {
  const at = number % 40;
  if (at % 20 === 0) return 'warn';
  if (at % 4 === 1) return 'note';
  return at === 38 ? 'replace' : 'report';
}
