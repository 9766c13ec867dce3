const HEADER_BYTES = 12;
const [TYPE_A, CLASS_IN] = [1, 1];
const [NO_ERROR, NO_SUCH_NAME] = [0, 3];
const TTL_SECONDS = 5;
/** The name of the question, as an answer refers back to it. */
const SAME_NAME = 0xc000 | HEADER_BYTES;

/** The answer to one question for a name, given the IPv4 address of each name there is (RFC 1035, section 4). */
export function dnsAnswer(question: Buffer, addresses: ReadonlyMap<string, string>): Buffer {
  const { name, type, end } = questionOf(question);
  const address = addresses.get(name.toLowerCase());
  // A name that is there has no address of version 6, which is another thing than no such name.
  const records = address !== undefined && type === TYPE_A ? [recordOf(address)] : [];
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(question.readUInt16BE(0), 0);
  // A response, recursion as it was wished, authoritative.
  header.writeUInt16BE(0x8580 | (address === undefined ? NO_SUCH_NAME : NO_ERROR), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question.subarray(HEADER_BYTES, end), ...records]);
}

function questionOf(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), type: message.readUInt16BE(at + 1), end: at + 5 };
}

function recordOf(address: string): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt16BE(SAME_NAME, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(CLASS_IN, 4);
  record.writeUInt32BE(TTL_SECONDS, 6);
  record.writeUInt16BE(4, 10);
  address.split('.').forEach((byte, index) => {
    record.writeUInt8(Number(byte), 12 + index);
  });
  return record;
}
