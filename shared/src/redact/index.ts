export { asksForSecret } from './named-secret.ts';
export { redact, redactDeep } from './redact.ts';
