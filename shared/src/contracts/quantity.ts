const factors: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** A Kubernetes quantity as a plain number (bytes, cores, pieces), or undefined for anything else. */
export function parseQuantity(text: string | undefined): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/.exec(text ?? '') ?? [];
  const factor = factors[unit];
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
}
