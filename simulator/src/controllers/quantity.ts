const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const decimal: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
};

function factorOf(suffix: string): number {
  const power = binary.indexOf(suffix);
  return power >= 0 ? 1024 ** (power + 1) : (decimal[suffix] ?? 1);
}

/** The number behind a Kubernetes quantity such as `250m`, `1Gi` or `3`; nonsense counts as zero. */
export function parseQuantity(text: string | number | undefined): number {
  const match = /^(\d+(?:\.\d+)?(?:e\d+)?)([a-zA-Z]*)$/.exec(String(text ?? '0'));
  return match === null ? 0 : Number(match[1]) * factorOf(match[2] ?? '');
}

/** The milliseconds of a duration such as `300ms`, `2s` or `5m`. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (match === null) throw new RangeError(`"${text}" is not a duration such as 300ms, 2s or 5m`);
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] ?? ''] ?? 0;
  return Number(match[1]) * unit;
}
