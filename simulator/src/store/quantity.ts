/** An amount as Kubernetes counts it, in thousandths, with the family of suffixes it was written in. */
export type Quantity = { milli: bigint; binary: boolean };

const decimalSuffixes = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const form = /^([+-]?)(\d*)(?:\.(\d*))?(m|[kMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;

/** Reads `500m`, `1.5`, `64Mi`, `1e3`; undefined for anything else. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = form.exec(text);
  const [, sign, whole = '', fraction = '', suffix = ''] = match ?? [];
  if (match === null || whole + fraction === '') return undefined;
  const digits = BigInt(`${whole}${fraction}`);
  const scaled = digits * 1000n * multiplier(suffix);
  const divisor = 10n ** BigInt(fraction.length) * divisorOf(suffix);
  const milli = (scaled + divisor - 1n) / divisor;
  return { milli: sign === '-' ? -milli : milli, binary: suffix.endsWith('i') };
}

function multiplier(suffix: string): bigint {
  if (suffix.endsWith('i')) return 1024n ** BigInt(binarySuffixes.indexOf(suffix));
  if (/^[eE]/.test(suffix) && suffix.length > 1) return 10n ** BigInt(Math.max(0, Number(suffix.slice(1))));
  return suffix === 'm' ? 1n : 1000n ** BigInt(decimalSuffixes.indexOf(suffix));
}

function divisorOf(suffix: string): bigint {
  if (suffix === 'm') return 1000n;
  return /^[eE]-/.test(suffix) ? 10n ** BigInt(-Number(suffix.slice(1))) : 1n;
}

/** Adds two amounts; zero takes on the suffixes of the other. */
export const addQuantity = (left: Quantity, right: Quantity): Quantity => ({
  milli: left.milli + right.milli,
  binary: left.milli === 0n ? right.binary : left.binary,
});

/** Writes an amount with the largest suffix that leaves a whole number, as Kubernetes does. */
export function formatQuantity({ milli, binary }: Quantity): string {
  if (milli % 1000n !== 0n) return `${milli}m`;
  const step = binary ? 1024n : 1000n;
  const suffixes = binary ? binarySuffixes : decimalSuffixes;
  let value = milli / 1000n;
  let place = 0;
  while (value !== 0n && value % step === 0n && place < suffixes.length - 1) {
    value /= step;
    place += 1;
  }
  return `${value}${suffixes[place]}`;
}

/** Nothing at all. */
export const noQuantity: Quantity = { milli: 0n, binary: false };
