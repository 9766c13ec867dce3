import { createHmac } from 'node:crypto';

/** `sha256=<hex>` over timestamp and body, so that a captured call cannot be sent again later. */
export const signatureOf = (secret: string, { timestamp, body }: { timestamp: string; body: string }): string =>
  `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
