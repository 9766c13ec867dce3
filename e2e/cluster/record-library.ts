import { setTimeout as wait } from 'node:timers/promises';
import type { Bed } from './bed.ts';
import { completeObject, isClusterWide, type Tools } from './complete-object.ts';
import type { Form, LibraryFault } from './library-faults.ts';
import type { Pressure } from './node-config.ts';
import { pastedTexts, type Text } from './pasted-texts.ts';

/** Long enough for healthy states to stand, and afterwards for back-offs to grow long. */
const STANDS_SECONDS = 25;
const SHOWS_SECONDS = 75;
const PARALLEL = 4;
const NOT_PUSHED = /registry\.example\.com\/[\w./-]+:not-pushed/g;

/** Writes what is to be seen of one fault into the library. */
export type Recorder = (fault: LibraryFault, pasted?: { form: Form; texts: Text[] }) => Promise<void>;

type Making = { bed: Bed; tools: Tools; record: Recorder; report: (line: string) => void };

/** Makes some faults at once, records each in all its forms, and clears them away. */
export async function recordBatch(making: Making, wanted: readonly LibraryFault[]): Promise<void> {
  const { bed, record, report } = making;
  const faults = await make(making, wanted);
  report(`${faults.length} faults made`);
  await wait(STANDS_SECONDS * 1000);
  await Promise.all(faults.map((fault) => goOn(making, fault)));
  await wait(SHOWS_SECONDS * 1000);
  const left = [...faults];
  const worker = async () => {
    for (let fault = left.shift(); fault !== undefined; fault = left.shift()) await recordOne(bed, record, fault);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  await clear(making, wanted);
  report(`${faults.length} faults recorded`);
}

const objectsOf = ({ objects, namespace }: LibraryFault, tools: Tools) =>
  objects.flatMap((brief) => completeObject(brief, namespace, tools));

/** Answers the faults that could be made; what the API server refuses is a mistake in its entry, and recorded as nothing. */
async function make({ bed, tools, report }: Making, faults: readonly LibraryFault[]): Promise<LibraryFault[]> {
  const objects = faults.flatMap((fault) => objectsOf(fault, tools));
  const images = JSON.stringify([objects, faults.map(({ after }) => after)]).match(NOT_PUSHED) ?? [];
  for (const image of new Set(images)) bed.loseImage(image);
  await bed.kubectl.apply(
    faults.map(({ namespace: name, namespace_labels: labels }) => ({
      ...{ kind: 'Namespace', apiVersion: 'v1', metadata: { name, labels } },
    })),
  );
  // A namespace is given its account a moment later, and no pod is made without.
  for (const { namespace } of faults)
    await bed.kubectl.run(['-n', namespace, 'wait', '--for=create', 'serviceaccount/default', '--timeout=20s']);
  try {
    await bed.kubectl.run(['create', '-f', '-'], listOf(objects));
    return [...faults];
  } catch {
    const made: LibraryFault[] = [];
    for (const fault of faults) {
      const get = bed.kubectl.run(['get', '-f', '-', '-o', 'name'], listOf(objectsOf(fault, tools)));
      const problem = await get.then(
        () => undefined,
        (error: unknown) => String(error),
      );
      if (problem === undefined) made.push(fault);
      else report(`${fault.name}: could not be made: ${problem}`);
    }
    return made;
  }
}

const listOf = (items: readonly object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

const PAUSE = /^#wait (\d+)$/;
const PRESS = /^#press (nodefs|memory|pid)\.available$/;
const ADDRESSES = /^#addresses ([\d.]+) ([\d.]+)$/;

async function goOn({ bed, report }: Making, { name, namespace, after }: LibraryFault): Promise<void> {
  for (const line of after)
    if (!(await doToNode(bed, line)))
      await bed.kubectl
        .run(['-n', namespace, ...line.split(' ')])
        .catch((error: unknown) => report(`${name}: ${String(error)}`));
}

/** Does what no kubectl can do; false where the line is one for kubectl. */
async function doToNode(bed: Bed, line: string): Promise<boolean> {
  const [, seconds] = PAUSE.exec(line) ?? [];
  const [, pressed] = PRESS.exec(line) ?? [];
  const [, rangeStart, rangeEnd] = ADDRESSES.exec(line) ?? [];
  if (seconds !== undefined) await wait(Number(seconds) * 1000);
  else if (line === '#rest') await bed.rest();
  else if (pressed !== undefined) await bed.press(`${pressed}.available` as Pressure);
  else if (rangeStart !== undefined && rangeEnd !== undefined) bed.limitAddresses({ rangeStart, rangeEnd });
  else return false;
  return true;
}

async function recordOne({ kubectl }: Bed, record: Recorder, fault: LibraryFault): Promise<void> {
  await record(fault);
  for (const form of fault.pasted)
    await record(fault, { form, texts: await pastedTexts(kubectl, fault.namespace, form) });
}

async function clear({ bed, tools }: Making, faults: readonly LibraryFault[]): Promise<void> {
  const { kubectl } = bed;
  const items = faults.flatMap((fault) => objectsOf(fault, tools)).filter(({ kind }) => isClusterWide(String(kind)));
  if (items.length > 0) await kubectl.run(['delete', '-f', '-', '--ignore-not-found', '--wait=false'], listOf(items));
  await kubectl.run(['delete', 'namespace', ...faults.map(({ namespace }) => namespace), '--wait=false']);
  await kubectl.run(['wait', '--for=delete', 'pods', '--all', '--all-namespaces', '--timeout=60s']).catch(() => '');
}
