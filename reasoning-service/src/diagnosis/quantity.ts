export { parseQuantity } from '@aetherius/shared/contracts';

/** Bytes as whole mebibytes, rounded up. */
export const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)}Mi`;
