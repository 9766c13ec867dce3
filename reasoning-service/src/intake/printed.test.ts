import { describe, expect, it } from '@jest/globals';
import { diagnoseAll } from '../diagnosis/diagnose-all.ts';
import { assemble } from './assemble.ts';
import { joined } from './reading.ts';
import { recognise } from './recognise.ts';

const at = '2026-01-02T03:04:05.000Z';
type File = [name: string, text: string];
const bundle = (...files: File[]) => assemble(joined(files.map(([name, text]) => recognise({ name, text }, at))), at);
/** What is wrong by what `kubectl` printed: `category Kind namespace/name`. */
const faults = (...files: File[]): string[] =>
  diagnoseAll(bundle(...files)).map(
    ({ category, subject }) => `${category} ${subject.kind} ${subject.namespace ?? ''}/${subject.name}`,
  );
const podRow = (name: string, cells: string): string =>
  `NAMESPACE   NAME   READY   STATUS   RESTARTS   AGE\nshop   ${name}   ${cells}\n`;

describe('a row whose status is Error', () => {
  const failedJob =
    'NAMESPACE   NAME       STATUS   COMPLETIONS   DURATION   AGE\nshop   backfill   Failed   0/1   3m   3m\n';

  it('is a program that failed, and the log beside it says why', () => {
    const log = "/run.sh: line 14: syntax error near unexpected token `done'\n";
    expect(
      faults(
        ['j.txt', failedJob],
        ['p.txt', podRow('backfill-6xk2p', '0/1   Error   0   3m')],
        ['shop_backfill-6xk2p_main.log', log],
      ),
    ).toEqual(['job_script_error Job shop/backfill']);
  });

  it('is one that keeps failing where it has started again', () => {
    const log = 'panic: runtime error: invalid memory address or nil pointer dereference\n';
    expect(
      faults(['p.txt', podRow('tool-0', '0/1   Error   3 (20s ago)   3m')], ['shop_tool-0_main_previous.log', log]),
    ).toEqual([expect.stringMatching(/^crash_loop_app_error .* shop\/tool/)]);
  });
});
