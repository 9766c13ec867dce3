import type { Json } from './fields.ts';

const families: [suffixes: string, step: number][] = [
  ['k M G T P E', 1000],
  ['Ki Mi Gi Ti Pi Ei', 1024],
];
const factors: ReadonlyMap<string, number> = new Map([
  ['n', 1e-9],
  ['u', 1e-6],
  ['m', 1e-3],
  ['', 1],
  ...families.flatMap(([suffixes, step]) =>
    suffixes.split(' ').map((suffix, at): [string, number] => [suffix, step ** (at + 1)]),
  ),
]);

/** A quantity of Kubernetes as a number (bytes, cores, pieces), or undefined for anything else. */
export function parseQuantity(quantity: Json | undefined): number | undefined {
  const written = typeof quantity === 'number' ? String(quantity) : typeof quantity === 'string' ? quantity : '';
  const [, amount, suffix = '', exponent = ''] =
    /^(\d+(?:\.\d+)?)(?:([a-zA-Z]{0,2})|[eE]([+-]?\d{1,2}))$/.exec(written) ?? [];
  const factor = exponent === '' ? factors.get(suffix) : 10 ** Number(exponent);
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
}
