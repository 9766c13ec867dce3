import type { JsonObject } from '@aetherius/shared/contracts';
import { known } from '../table/row-cells.ts';

/** `http-get http://:8080/healthz delay=0s timeout=1s period=10s #success=1 #failure=3` as a probe. */
export function probeOf(text: string | undefined): JsonObject | undefined {
  if (text === undefined) return undefined;
  return {
    ...handlerOf(text),
    ...known({
      initialDelaySeconds: seconds(text, 'delay'),
      timeoutSeconds: seconds(text, 'timeout'),
      periodSeconds: seconds(text, 'period'),
      successThreshold: times(text, 'success'),
      failureThreshold: times(text, 'failure'),
    }),
  };
}

function handlerOf(text: string): JsonObject {
  const [, scheme = '', host, port, path] = /^http-get (https?):\/\/([^:/]*):([^/\s]+)(\/\S*)?/.exec(text) ?? [];
  if (port !== undefined)
    return { httpGet: known({ scheme: scheme.toUpperCase(), host: host || undefined, port: portOf(port), path }) };
  const [, address] = /^tcp-socket \S*:(\S+)/.exec(text) ?? [];
  if (address !== undefined) return { tcpSocket: { port: portOf(address) } };
  const [, command] = /^exec \[(.*?)\] delay=/.exec(text) ?? [];
  if (command !== undefined) return { exec: { command: command.split(' ') } };
  const [, grpc] = /^grpc <pod>:(\d+)/.exec(text) ?? [];
  return grpc === undefined ? {} : { grpc: { port: Number(grpc) } };
}

const portOf = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text);

function seconds(text: string, word: string): number | undefined {
  const [, minutes = '0', rest = '0'] = new RegExp(` ${word}=(?:(\\d+)m)?(?:(\\d+)s)?`).exec(text) ?? [];
  return text.includes(` ${word}=`) ? Number(minutes) * 60 + Number(rest) : undefined;
}

function times(text: string, word: string): number | undefined {
  const [, amount] = new RegExp(`#${word}=(\\d+)`).exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount);
}
