import {
  type DeadLetter,
  MAX_LETTER_BYTES,
  type ServiceUser,
  servicePermissions,
  streams,
} from '@aetherius/shared/contracts';

const matches = (pattern: string, subject: string): boolean => {
  const [wanted, given] = [pattern.split('.'), subject.split('.')];
  return wanted.length === given.length && wanted.every((word, at) => word === given[at] || word === '*');
};

const isService = (name: string): name is ServiceUser =>
  streams.some(({ readers }) => readers.some(({ service }) => service === name));

/** What a service is given from streams, and what it may put there itself. */
const subjectsOf = (service: ServiceUser): string[] => {
  const read = streams.flatMap(({ readers }) => readers).filter((reader) => reader.service === service);
  const kept = streams.flatMap(({ readers }) => readers.map(({ filter }) => filter));
  return [...read.map(({ filter }) => filter), ...servicePermissions(service).pub.filter((pub) => kept.includes(pub))];
};

/**
 * Why a letter may not be sent again, if so. Its subject is what a service says: were it believed, a service that somebody broke
 * into could have a person send a command, or the word of another service.
 */
export function refusalOf(service: string, { subject, message_id, data }: DeadLetter): string | undefined {
  if (!isService(service) || !subjectsOf(service).some((pattern) => matches(pattern, subject)))
    return `a letter of ${service} cannot come from this subject`;
  if (message_id !== null && !/^[\x20-\x7e]{1,500}$/.test(message_id)) return 'its id is none that a message can have';
  if (Buffer.byteLength(data, 'base64') >= MAX_LETTER_BYTES) return 'only the beginning of the message was kept';
  return undefined;
}
