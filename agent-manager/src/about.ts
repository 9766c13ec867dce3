/** What the service says of itself. */
export const about = {
  service: 'agent-manager',
  version: '0.1.0',
  about: 'knows the fleet of agents, turns their events into incidents and shows both to people',
};
