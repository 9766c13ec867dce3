import { fill } from './message.ts';
import { atOnce, done } from './step-kind.ts';

/** Hands a message to the notifier and goes on: a channel that is down must not hold up a repair. */
export const notificationStep = atOnce<'notification'>((leaf, scope) => {
  const message = fill(leaf.message, scope);
  return done({ message }, [{ kind: 'notification', path: scope.path, severity: leaf.severity, message }]);
});

/** Ends the run with what a person has to do. */
export const escalateStep = atOnce<'escalate'>((leaf, scope) => {
  const message = fill(leaf.message, scope);
  return done({ message, outcome: leaf.outcome }, [
    { kind: 'notification', path: scope.path, severity: scope.run.incident.severity, message },
  ]);
});
