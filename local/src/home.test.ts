import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { homeFolder, makeFolder } from './home.ts';

const place = mkdtempSync(join(tmpdir(), 'aetherius-folders-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

describe('makeFolder', () => {
  const there = (name: string, mode: number) => {
    const path = join(place, name);
    mkdirSync(path);
    writeFileSync(join(path, 'a'), '');
    chmodSync(path, mode);
    return path;
  };
  const modeOf = (path: string) => statSync(path).mode & 0o7777;

  it('gives a folder that it makes this very mode', () => {
    expect(modeOf(makeFolder(join(place, 'made', 'deeper'), 0o700))).toBe(0o700);
    expect(modeOf(makeFolder(join(place, 'open'), 0o755))).toBe(0o755);
  });

  it.each([0o1777, 0o755, 0o770])('leaves one that lets others in as it is, and says what to do: %i', (mode) => {
    const path = there(`shared-${mode}`, mode);
    expect(() => makeFolder(path, 0o700)).toThrow(
      `lets others in, way_out: where it is for this alone, chmod -R go= ${path}`,
    );
    expect(modeOf(path)).toBe(mode);
  });

  it('makes none writable that was made read-only', () => {
    const path = there('read-only', 0o500);
    expect(modeOf(makeFolder(path, 0o700))).toBe(0o500);
  });

  it('lets nobody into a folder that holds something', () => {
    const path = there('closed', 0o700);
    expect(modeOf(makeFolder(path, 0o755))).toBe(0o700);
  });
});

describe('homeFolder', () => {
  it('takes what was chosen, for root and for others', () => {
    expect(homeFolder({ AETHERIUS_HOME: '/srv/a' }, true)).toBe('/srv/a');
    expect(homeFolder({ AETHERIUS_HOME: '/srv/a' }, false)).toBe('/srv/a');
  });

  it('uses the state folder of the user, and for root one that the user postgres can reach', () => {
    expect(homeFolder({}, false)).toMatch(/\/\.local\/state\/aetherius$/);
    expect(homeFolder({ AETHERIUS_HOME: ' ' }, true)).toBe('/var/lib/aetherius');
  });
});
