import type { Subject } from '@aetherius/shared/contracts';
import type { Facts } from '../facts.ts';
import { causeIn } from '../messages/log-signature.ts';

const ipAddress = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const inCluster = /\.svc(?:\.[a-z0-9.-]{1,80})?$/;
const hostAndPort = /^([^:]+)(?::(\d{1,5}))?$/;

/** A name with the namespace from which it is called. */
export type CalledName = { host: string; namespace: string | null };

type Book = { names: ReadonlyMap<string, CalledName>; namespaces: ReadonlySet<string> };

/** One spelling for the names of one Service: short, with its namespace, or whole. */
function spelling({ host, namespace }: CalledName, namespaces: ReadonlySet<string>): string {
  const [name = '', space, ...more] = host.replace(inCluster, '').split('.');
  if (space === undefined) return `${name}.${namespace ?? ''}`;
  const isOfCluster = more.length === 0 && (inCluster.test(host) || namespaces.has(space));
  return isOfCluster ? `${name}.${space}` : host;
}

const books = new WeakMap<Facts, Book>();

/** Which name stands at which address, as the programs say that call it; where they disagree, none. */
function bookOf(facts: Facts): Book {
  const known = books.get(facts);
  if (known !== undefined) return known;
  const { objects, logs } = facts.bundle;
  const namespaces = new Set([...objects, ...logs].flatMap(({ namespace }) => namespace ?? []));
  const told = logs.flatMap((log) =>
    facts.statements(log).flatMap((statement) => {
      const { host, ip } = causeIn(statement)?.endpoint ?? {};
      return host === undefined || ip === undefined || ipAddress.test(host)
        ? []
        : [{ ip, name: { host, namespace: log.namespace } }];
    }),
  );
  const names = [...Map.groupBy(told, ({ ip }) => ip)].flatMap(([ip, all]) => {
    const [first, ...others] = all.map(({ name }) => name);
    const isOne = others.every((one) => first && spelling(one, namespaces) === spelling(first, namespaces));
    return first === undefined || !isOne ? [] : [[ip, first] as const];
  });
  const book = { names: new Map(names), namespaces };
  books.set(facts, book);
  return book;
}

/** The name that programs give to what stands at an address. */
export const nameAt = (facts: Facts, ip: string): CalledName | undefined => bookOf(facts).names.get(ip);

type Spelled = { host: string; port: string };

function spelled(facts: Facts, { name, namespace }: Subject): Spelled {
  const [, host = name, port = ''] = hostAndPort.exec(name) ?? [];
  const { names, namespaces } = bookOf(facts);
  if (!ipAddress.test(host)) return { host: spelling({ host, namespace }, namespaces), port };
  const called = names.get(host);
  return { host: called === undefined ? host : spelling(called, namespaces), port };
}

/** Tells addresses apart by whom they mean; who names no port means the only one at which others call that host. */
export function addressKeys(facts: Facts, called: readonly Subject[]): (address: Subject) => string {
  const ports = new Map<string, Set<string>>();
  for (const address of called) {
    const { host, port } = spelled(facts, address);
    if (port !== '') ports.set(host, (ports.get(host) ?? new Set()).add(port));
  }
  return (address) => {
    const { host, port } = spelled(facts, address);
    const [only = '', ...others] = ports.get(host) ?? [];
    return `Address/${host}:${port === '' && others.length === 0 ? only : port}`;
  };
}
