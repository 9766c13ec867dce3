import type { Subject } from '@aetherius/shared/contracts';
import type { Facts } from '../facts.ts';
import { serviceNamed } from '../graph/calls.ts';
import { isComplaint, type Statement } from '../messages/log-line.ts';
import { HOST } from '../messages/signatures/host.ts';
import { isName } from '../nameable.ts';

const HOSTS = 2;
const host = new RegExp(`(?<![\\w./@-])(?:${HOST})(?![\\w.-])`, 'gi');
const address = /^(\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?$/;
const own = /^(?:127\.|0\.0\.0\.0|169\.254\.)/;
/** `db.example.com` is no Service `db` of a namespace `example`, and a file name no host. */
const isInside = (text: string): boolean =>
  /\.svc\b/.test(text) || /^[^.]*:\d{1,5}$/.test(text.replace(/^\w+:\/\//, ''));

/** How what stands at an address that a log names can be seen. */
function readOfHost(text: string): string[] {
  const ip = address.exec(text)?.[1];
  if (ip !== undefined)
    return own.test(ip) ? [] : [`what stands at ${ip}, and how it fares: kubectl get services,pods -A -o wide`];
  const service: Subject | undefined = isInside(text) ? serviceNamed(text.toLowerCase(), null)?.service : undefined;
  if (service === undefined || !isName(service.name) || !isName(service.namespace ?? 'x')) return [];
  const where = service.namespace === null ? '-A' : `-n ${service.namespace}`;
  return [
    `whether pods stand behind ${service.name}: kubectl get endpointslices ${where} -l kubernetes.io/service-name=${service.name}`,
  ];
}

/** Whoever asked is not what fails. */
const client =
  /\b(?:client|remote|peer|source|src|user)(?:[_-]?(?:ip|addr|address|host))?["']?\s?[:=]\s?["']?[\d.:a-f]{7,45}/gi;
const hostsIn = ({ text }: Statement): string[] =>
  [...text.slice(0, 800).replace(client, '').matchAll(host)].map(([found]) => found);

/** What a log of which nothing tells who wrote it leaves open: its pod, the run before, and whom it complains of. */
export function logNeeds({ bundle, statements }: Facts, file: string): string[] {
  const complaints = bundle.logs
    .flatMap((log) => statements(log))
    .filter((one) => isComplaint(one) || one.level === 'warn');
  const called = [...new Set(complaints.flatMap(hostsIn).flatMap(readOfHost))].slice(0, HOSTS);
  return [
    ...called,
    `the pod that wrote ${file}, its restarts and its Events: kubectl describe pod POD -n NAMESPACE (kubectl get pods -A names it)`,
    'what it said before, where it was restarted: kubectl logs POD -n NAMESPACE --previous',
  ];
}
