export type ProbeKind = 'liveness' | 'readiness' | 'startup';

/** What a probe found: of which kind it is, what it asked, and what came back. */
export type ProbeFailure = {
  kind: ProbeKind;
  address: string | undefined;
  outcome: 'status' | 'refused' | 'timeout' | 'dns' | 'tls' | 'command' | 'other';
  status: number | undefined;
};

const head = /^(Liveness|Readiness|Startup) probe (?:failed|errored)(?:[^:]{0,60})?: ?([\s\S]{0,1500})$/;
const outcomes: readonly { outcome: ProbeFailure['outcome']; pattern: RegExp }[] = [
  { outcome: 'status', pattern: /statuscode: \d{3}/ },
  { outcome: 'refused', pattern: /connection refused/ },
  { outcome: 'timeout', pattern: /deadline exceeded|timed? ?out|Client\.Timeout|timeout:/i },
  { outcome: 'dns', pattern: /no such host/ },
  { outcome: 'tls', pattern: /x509|tls:/ },
  { outcome: 'command', pattern: /exec(?:utable)?|command|sh:|no such file|not found/i },
];

/** What the program itself answered a probe with; what the kubelet says of its call is about the pod. */
export const answerIn = (message: string): string | undefined =>
  /^(?:Liveness|Readiness|Startup) probe failed: .{0,80}\bstatuscode: [45]\d\d:? (\S.{0,800})/.exec(message)?.[1];

/** "Readiness probe failed: Get "http://10.1.2.3:8080/ready": dial tcp 10.1.2.3:8080: connect: connection refused". */
export function parseProbe(message: string): ProbeFailure | undefined {
  const [, word, body] = head.exec(message) ?? [];
  if (word === undefined || body === undefined) return undefined;
  const address = /(?:Get|Head) "([^"]{1,500})"/.exec(body)?.[1] ?? /dial tcp (\S{1,80}): /.exec(body)?.[1];
  const status = /statuscode: (\d{3})/.exec(body)?.[1];
  return {
    kind: word.toLowerCase() as ProbeKind,
    address,
    outcome: outcomes.find(({ pattern }) => pattern.test(body))?.outcome ?? 'other',
    status: status === undefined ? undefined : Number(status),
  };
}

/** "Container app failed liveness probe, will be restarted": which probe makes the kubelet kill, and which container. */
export function parseProbeKill(message: string): { container: string; kind: ProbeKind } | undefined {
  const match = /^Container (\S{1,63}) failed (liveness|startup) probe/.exec(message);
  if (match?.[1] !== undefined) return { container: match[1], kind: match[2] as ProbeKind };
  const older = /^Killing container with id \S{1,200}:Container failed (liveness|startup) probe/.exec(message);
  return older === null ? undefined : { container: '', kind: older[1] as ProbeKind };
}
