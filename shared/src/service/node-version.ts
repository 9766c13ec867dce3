import { errors } from '../errors/index.ts';

const OLDEST = 24;

/** Throws where the running Node is too old: some of what the services call is missing there, which would show only while they serve. */
export function requireNode(version: string = process.versions.node): void {
  if (Number.parseInt(version, 10) >= OLDEST) return;
  const way_out = `start it with Node ${OLDEST} or newer; in a container, build the image anew with "npm run images"`;
  throw errors.unavailable({ part: 'node', found: version, needed: OLDEST, way_out });
}
