/** What this service says of itself, on `/` and in its OpenAPI document. */
export const about = {
  service: 'reasoning-service',
  version: '0.1.0',
  about: 'says why something is broken, with evidence, and what to do about it; it never acts',
};
