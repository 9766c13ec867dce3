const distinctMessages = 10;
const windowSeconds = 600;
const rememberedGroups = 4096;

type Group = { messages: Set<string>; lastSeen: number };

/**
 * Decides which event a message belongs to. A component that says ten different things of one kind about an object
 * within ten minutes has the further ones combined into a single event, as the Kubernetes client library does.
 */
export function createSimilarEvents(deps: { clock: { now(): Date }; speed: number }) {
  const groups = new Map<string, Group>();
  const windowMs = (windowSeconds * 1000) / deps.speed;

  function groupAt(key: string, now: number): Group {
    const present = groups.get(key);
    const group =
      present !== undefined && now - present.lastSeen < windowMs
        ? present
        : { messages: new Set<string>(), lastSeen: now };
    groups.delete(key);
    groups.set(key, group);
    const oldest = groups.size > rememberedGroups ? groups.keys().next().value : undefined;
    if (oldest !== undefined) groups.delete(oldest);
    return group;
  }

  return Object.freeze({
    place(group: string, message: string): { key: string; message: string } {
      const now = deps.clock.now().getTime();
      const { messages, ...rest } = groupAt(group, now);
      groups.set(group, { ...rest, messages, lastSeen: now });
      if (!messages.has(message) && messages.size >= distinctMessages - 1) {
        return { key: `${group}|combined`, message: `(combined from similar events): ${message}` };
      }
      messages.add(message);
      return { key: `${group}|${message}`, message };
    },
  });
}
