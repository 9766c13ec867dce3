/** What this service says of itself, on `/` and in its OpenAPI document. */
export const about = {
  service: 'orchestrator-service',
  version: '0.1.0',
  about: 'decides what to do about an incident, has it done within set limits, and proves that it helped',
};
