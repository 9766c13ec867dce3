import type { DeadLetter } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { refusalOf } from './redelivery.ts';

const letter = (subject: string, changes: Partial<DeadLetter> = {}): DeadLetter => ({
  ...{ subject, message_id: 'm-1', problem: 'p', deliveries: 5, at: '2026-01-01T00:00:00Z' },
  data: Buffer.from('{}').toString('base64'),
  ...changes,
});
const EVENT = 'aetherius.agent.eu-1.event';

describe('sending a dead letter again', () => {
  it.each([
    ['agent-manager', EVENT],
    ['agent-manager', 'internal.audit'],
    ['orchestrator-service', 'aetherius.agent.eu-1.result'],
    ['orchestrator-service', 'internal.event.critical'],
    ['orchestrator-service', 'internal.run.progress'],
    ['reasoning-service', 'ai.reasoning.request'],
    ['reasoning-service', 'ai.reasoning.answer'],
  ])('lets %s have %s once more', (service, subject) => expect(refusalOf(service, letter(subject))).toBeUndefined());

  it.each([
    ['a command', 'agent-manager', 'aetherius.agent.eu-1.command'],
    ['a command that the orchestrator may send', 'orchestrator-service', 'aetherius.agent.eu-1.command'],
    ['what another service says', 'reasoning-service', 'internal.event.critical'],
    ["an agent's word to another service", 'reasoning-service', 'aetherius.agent.eu-1.result'],
    ['the API of the bus', 'agent-manager', '$JS.API.STREAM.PURGE.AUDIT'],
    ['a letter itself', 'agent-manager', 'dead.agent-manager'],
    ['a pattern', 'agent-manager', 'aetherius.agent.*.>'],
    ['what only begins like an event', 'agent-manager', `${EVENT}.more`],
    ['what nobody knows', 'somebody', EVENT],
  ])('refuses %s', (_what, service, subject) =>
    expect(refusalOf(service, letter(subject))).toContain('cannot come from this subject'),
  );

  it('refuses a message of which only the beginning was kept, and an id that cannot be sent', () => {
    const data = Buffer.alloc(512 * 1024).toString('base64');
    expect(refusalOf('agent-manager', letter(EVENT, { data }))).toContain('only the beginning');
    expect(refusalOf('agent-manager', letter(EVENT, { message_id: 'a\r\nNats-Rollup: all' }))).toContain('its id');
  });
});
