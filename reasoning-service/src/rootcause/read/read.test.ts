import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { besideCalls, readCalls, readEdges, unknownOf } from './calls-table.ts';
import { parseCsv } from './csv.ts';
import { readLogs } from './logs-table.ts';
import { readSeries } from './series-table.ts';
import { parseTime } from './time.ts';

const table = (...lines: string[]) => parseCsv('in.csv', lines.join('\n'));

describe('times', () => {
  it.each([
    '2024-03-01T10:00:00Z',
    '2024-03-01 10:00:00',
    '2024-03-01T11:00:00.000+01:00',
    '2024-03-01 10:00:00 +0000 UTC m=+5',
    '1709287200',
    '1709287200000',
    '1709287200000000',
    '1709287200000000000',
    '1709287200.0',
  ])('reads %s', (text) => {
    expect(parseTime(text)).toBe(Date.UTC(2024, 2, 1, 10));
  });

  it.each(['', 'noon', '2024-13-45', '1e999'])('refuses "%s"', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });
});

describe('CSV', () => {
  it('reads quotes, doubled quotes, line breaks in cells and Windows line ends', () => {
    const { header, rows } = parseCsv('a', '\uFEFFtime,"a, b"\r\n1,"say ""hi""\nthere"\r\n\r\n2,x\r\n');
    expect(header).toEqual(['time', 'a, b']);
    expect(rows).toEqual([
      { line: 2, cells: ['1', 'say "hi"\nthere'] },
      { line: 5, cells: ['2', 'x'] },
    ]);
  });

  it('gives back what was written, whatever is in the cells', () => {
    const cell = fc.string().filter((text) => !/\r/.test(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const quoted = rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(','));
        expect(parseCsv('a', ['"x","y"', ...quoted].join('\n')).rows.map(({ cells }) => cells)).toEqual(rows);
      }),
    );
  });

  it.each([
    ['time;a/cpu', /semicolons/],
    ['time\ta/cpu', /tabs/],
    ['time|a/cpu', /bars/],
  ])('names the separator of %j', (header, words) => {
    expect(() => table(header, '1')).toThrow(words);
  });

  it('names file and line of a row that is too long or too short, and refuses an empty file', () => {
    expect(() => table('time,a/cpu', '1,2,3')).toThrow(/in\.csv.*line: 2/);
    expect(() => table('time,a/cpu,b/cpu', '1,2,3', '2,3')).toThrow(
      /in\.csv.*line: 3.*2 cells, but the header names 3/,
    );
    expect(() => table('')).toThrow(/empty/);
  });
});

describe('series', () => {
  it('are the same from wide, long and entity rows', () => {
    const wide = readSeries([table('time,a/cpu,b/cpu', '2,5,6', '1,3,')]).series;
    const long = readSeries([
      table('time,entity,metric,value', '1,a,cpu,3', '2,b,cpu,6', '2,a,cpu,5', '1,b,cpu,NaN'),
    ]).series;
    const rows = readSeries([table('time,pod,cpu,zone', '1,a,3,x', '1,b,,x', '2,a,5,x', '2,b,6,x')]);
    expect(wide.map(({ entity, times, values }) => ({ entity, times, values }))).toEqual([
      { entity: 'a', times: [1000, 2000], values: [3, 5] },
      { entity: 'b', times: [1000, 2000], values: [Number.NaN, 6] },
    ]);
    expect(long).toEqual(wide);
    expect(rows.series).toEqual(wide);
    expect(rows.ignored).toEqual(['in.csv: zone (of no known kind of metric)']);
  });

  it('join over files, and list the columns that name no entity and metric', () => {
    const { series, ignored } = readSeries([table('time,a_cpu,time.1', '1,3,1'), table('time,a_cpu', '2,4')]);
    expect(series).toMatchObject([{ entity: 'a', metric: 'cpu', times: [1000, 2000], values: [3, 4] }]);
    expect(ignored).toEqual(['in.csv: time.1 (names no entity and metric)']);
  });

  it.each([
    [['time,a/cpu', '1,x'], /line: 2, column: a\/cpu.*"x" is not a number/],
    [['time,a/cpu', '1,1.7e308'], /line: 2, column: a\/cpu.*1\.7e308 is beyond 1e\+100/],
    [['time,a/cpu', '1,1e400'], /line: 2, column: a\/cpu.*1e400 is beyond 1e\+100/],
    [['time,a/cpu', 'noon,1'], /line: 2, column: time.*"noon" is not a time/],
    [['when,a/cpu', '1,1'], /no column "time"/],
    [['time,colour', '1,1'], /no column reads as/],
    [['time,entity,metric,value', '1,,cpu,3'], /line: 2, column: entity.*empty/],
  ])('refuse %j with the place', (lines, words) => {
    expect(() => readSeries([table(...lines)])).toThrow(words);
  });

  it('are answered or refused, never a crash, whatever the text', () => {
    const part = fc.constantFrom(
      'time',
      'a/cpu',
      ',',
      '\n',
      '1',
      '"',
      'NaN',
      'entity',
      'metric',
      'value',
      '-1e5',
      'é',
      '2024-01-01',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        try {
          readSeries([parseCsv('a', parts.join(''))]);
        } catch (error) {
          expect(error).toMatchObject({ code: 'unreadable_input' });
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('series that say nothing', () => {
  it.each([
    ['a column named twice', ['time,a/cpu,a/cpu', '1,2,3'], { column: 'a/cpu', line: 1 }],
    ['a header alone', ['time,a/cpu'], { column: 'time', line: 1 }],
    ['columns without any number', ['time,a/cpu,b/cpu', '1,NaN,', '2,,NaN'], { column: 'a/cpu' }],
    ['long rows without any number', ['time,entity,metric,value', '1,a,cpu,NaN'], { column: 'a/cpu' }],
  ])('are refused by file and column: %s', (_, lines, where) => {
    expect(() => readSeries([table(...lines)])).toThrow(
      expect.objectContaining({
        code: 'unreadable_input',
        details: expect.objectContaining({ file: 'in.csv', ...where }),
      }),
    );
  });

  it('are listed where only some hold no number', () => {
    const { series, ignored } = readSeries([table('time,a/cpu,b/cpu', '1,2,NaN', '2,3,')]);
    expect(series.find(({ entity }) => entity === 'a')?.values).toEqual([2, 3]);
    expect(ignored).toEqual(['in.csv: b/cpu (no numbers)']);
  });
});

describe('metrics of no known kind', () => {
  it('are listed once each, in columns and in calls, and their series are kept', () => {
    const { series, ignored } = readSeries([table('time,a/cpu,a/colour,b/colour', '1,2,3,4')]);
    expect(ignored).toEqual(['in.csv: colour (of no known kind of metric)']);
    expect(series).toHaveLength(3);
    expect(unknownOf(readEdges([table('time,caller,callee,metric,value', '1,a,b,colour,2')]))).toEqual([
      'colour of calls (of no known kind of metric)',
    ]);
  });
});

describe('rows of one time', () => {
  it.each([
    [['time,a/cpu,b/cpu', '7,1,2', '7,3,4', '7,5,6']],
    [['time,entity,metric,value', '7,a,cpu,1', '7,a,cpu,2', '7,b,cpu,1', '7,b,cpu,2']],
  ])('are refused: %j', (lines) => {
    expect(() => readSeries([table(...lines)])).toThrow(/in\.csv.*all its rows have the same time/);
  });
  it('may be one of several entities each', () => {
    expect(readSeries([table('time,entity,metric,value', '7,a,cpu,1', '7,b,cpu,2')]).series).toHaveLength(2);
  });
});

describe('calls', () => {
  it('come as one metric a row or a column each', () => {
    const long = readEdges([table('time,caller,callee,metric,value', '1,a,b,latency,3', '1,a,b,requests,9')]);
    const wide = readEdges([table('time,source,destination,latency,requests,zone', '1,a,b,3,9,x')]);
    expect(long.map(({ kind, values }) => [kind, values])).toEqual([
      ['caller_latency', [3]],
      ['traffic', [9]],
    ]);
    expect(wide).toEqual(long);
  });

  it('make a graph', () => {
    expect(readCalls(table('caller,callee', 'a,b'))).toEqual([{ caller: 'a', callee: 'b' }]);
    expect(besideCalls(table('caller,callee', 'a,b'))).toEqual([]);
    expect(besideCalls(table('time,caller,callee,value', '1,a,b,2'))).toEqual([
      'in.csv: time (a graph tells who calls whom; --edges reads how it went)',
      'in.csv: value (a graph tells who calls whom; --edges reads how it went)',
    ]);
    expect(() => readCalls(table('a,b', 'x,y'))).toThrow(/no column "caller"/);
  });
});

describe('logs', () => {
  it('take templates as they are, and make them of messages', () => {
    const ready = readLogs([table('time,entity,level,template', '1,a,INFO,took <*>')]);
    const made = readLogs([table('time,entity,message', '1,a,took 5ms', '2,a,took 7ms', '3,a,error: no route')]);
    expect(ready).toEqual([{ time: 1000, entity: 'a', level: 'INFO', template: 'took <*>' }]);
    expect(made.map(({ level, template }) => [level, template])).toEqual([
      ['', 'took <*>'],
      ['', 'took <*>'],
      ['error', 'error: no route'],
    ]);
  });

  it('need one of the two', () => {
    expect(() => readLogs([table('time,entity,level', '1,a,INFO')])).toThrow(/neither/);
  });
});
