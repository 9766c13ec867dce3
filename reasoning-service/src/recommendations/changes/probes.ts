import type { FieldParameters, JsonObject } from '@aetherius/shared/contracts';
import { numberAt, objectAt, objectsAt, textAt, valueAt } from '../../diagnosis/json-path.ts';
import type { Scope } from '../scope.ts';
import { type Aimed, type Change, containersOf, only, ownWorkload } from './aimed.ts';

type Kind = FieldParameters<'set_probe'>['probe'];
const handlers = ['httpGet', 'tcpSocket', 'grpc'];

/** A start may take this long before somebody has to look at the program instead. */
const LONGEST_START = 1800;
/** Answers that take longer are a fault of their own. */
const LONGEST_ANSWER = 10;

/** The port that a container serves, when it declares one alone and its probe asks another. */
function servedInstead(container: JsonObject, probe: JsonObject): number | undefined {
  const asked = handlers
    .map((one) => valueAt(probe, `${one}.port`))
    .find((port) => port !== undefined && port !== null);
  const ports = objectsAt(container, 'ports').filter((one) => (textAt(one, 'protocol') ?? 'TCP') === 'TCP');
  const isDeclared = ports.some((one) => one['name'] === asked || String(one['containerPort']) === String(asked));
  return asked === undefined || isDeclared ? undefined : numberAt(only(ports), 'containerPort');
}

type Probed = { container: string; probe: JsonObject; spec: JsonObject };

function eachProbe<T>(scope: Scope, kind: Kind, of: (probed: Probed) => T | undefined): T | undefined {
  const workload = ownWorkload(scope);
  if (workload === undefined) return undefined;
  for (const spec of containersOf(scope, workload.pod)) {
    const [container, probe] = [textAt(spec, 'name'), objectAt(spec, `${kind}Probe`)];
    const found = container === undefined || probe === undefined ? undefined : of({ container, probe, spec });
    if (found !== undefined) return found;
  }
  return undefined;
}

const aimedAt = (scope: Scope, parameters: Aimed<'set_probe'>['parameters'] | undefined) => {
  const target = ownWorkload(scope)?.target;
  return target === undefined || parameters === undefined ? undefined : { target, parameters };
};

/** The probe asks the port that the container declares. */
export const probePort = (kind: Kind): Change<'set_probe'> => ({
  action: 'set_probe',
  of: (scope) =>
    aimedAt(
      scope,
      eachProbe(scope, kind, ({ container, probe, spec }) => {
        const port = servedInstead(spec, probe);
        return port === undefined ? undefined : { container, probe: kind, port };
      }),
    ),
});

/** The probe waits longer for an answer, up to its own period. */
export const probeTimeout = (kind: Kind): Change<'set_probe'> => ({
  action: 'set_probe',
  of: (scope) =>
    aimedAt(
      scope,
      eachProbe(scope, kind, ({ container, probe }) => {
        const now = numberAt(probe, 'timeoutSeconds') ?? 1;
        const most = Math.min(numberAt(probe, 'periodSeconds') ?? 10, LONGEST_ANSWER);
        const timeout_seconds = Math.min(now * 5, most);
        return timeout_seconds <= now ? undefined : { container, probe: kind, timeout_seconds };
      }),
    ),
});

/** Twice the time to start: the startup probe may fail twice as often. */
export const startupPatience: Change<'set_probe'> = {
  action: 'set_probe',
  of: (scope) =>
    aimedAt(
      scope,
      eachProbe(scope, 'startup', ({ container, probe }) => {
        const failure_threshold = 2 * (numberAt(probe, 'failureThreshold') ?? 3);
        const isTooLong = failure_threshold * (numberAt(probe, 'periodSeconds') ?? 10) > LONGEST_START;
        return isTooLong || failure_threshold > 360 ? undefined : { container, probe: 'startup', failure_threshold };
      }),
    ),
};
