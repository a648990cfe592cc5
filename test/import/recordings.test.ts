import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ImportError } from '../../src/import/importError';
import { type ImportPlan, readRecordings, type Recordings } from '../../src/import/recordings';

const plan: ImportPlan = {
  columns: [{ name: 'level', heading: 'LT101' }, { name: 'valve', heading: 'valve' }],
  time: 'time', episode: null, gap: null, samplingTime: 1, filter: null,
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string, change: Partial<ImportPlan> = {}): Recordings => readRecordings([{ name: 'a.csv', bytes: bytes(text) }], { ...plan, ...change });
const automatic: ImportPlan['filter'] = { headings: ['mode'], keeps: (values) => values.get('mode') === 1 };
const problems = (work: () => unknown): { code: string; row: number | null; column: string | null }[] => {
  try {
    work();
  } catch (error) {
    if (error instanceof ImportError) return error.problems.map(({ code, row, column }) => ({ code, row, column }));
    throw error;
  }
  return [];
};

describe('a recording is read', () => {
  test('by the names of its columns, in the order of the plan', () => {
    const { episodes, names } = read('time,other,valve,LT101\n0,x,30,1.5\n1,y,31,2e0\n');
    expect(names).toEqual(['level', 'valve']);
    expect(episodes.map(({ file, rows, values }) => ({ file, rows: [...rows], values: [...values] }))).toEqual([{ file: 'a.csv', rows: [2, 3], values: [1.5, 30, 2, 31] }]);
  });

  test('alike with a byte order mark, CRLF, quotes, semicolons, tabs and blank lines', () => {
    const wanted = [...read('time,LT101,valve\n0,1,2\n1,3,4\n').episodes[0].values];
    for (const text of ['\uFEFFtime,LT101,valve\r\n0,1,2\r\n1,3,4\r\n', '"time","LT101","valve"\n"0","1","2"\n1,3,4', 'time;LT101;valve\n0;1;2\n1;3;4\n', 'time\tLT101\tvalve\n0\t1\t2\n\n1\t3\t4\n\n', 'time, LT101 ,valve\n0, 1 ,2\n1,3,4\n']) {
      expect([...read(text).episodes[0].values]).toEqual(wanted);
    }
  });

  test('with dates as times', () => {
    for (const [first, second] of [['2024-05-31T23:59:59Z', '2024-06-01T00:00:00Z'], ['2024-05-31 23:59:59', '2024-06-01 00:00:00'], ['2024-05-31T23:59:59.250+0200', '2024-05-31T22:00:00.25+00:00']])
      expect(read(`time,LT101,valve\n${first},1,2\n${second},3,4\n`).episodes).toHaveLength(1);
  });

  test('as it was written, whatever the numbers', () => {
    const rows = fc.array(fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.double({ noNaN: true, noDefaultInfinity: true })), { minLength: 2, maxLength: 30 });
    fc.assert(fc.property(rows, (values) => {
      const text = `valve,LT101,time\n${values.map(([level, valve], i) => `${valve},${level},${i}`).join('\n')}\n`;
      expect([...read(text).episodes[0].values]).toEqual(values.flat().map((value) => value + 0)); // −0 is written as 0
    }), { numRuns: 50 });
  });
});

describe('an episode ends', () => {
  const cut = (text: string, change: Partial<ImportPlan> = {}): number[][] => read(text, change).episodes.map(({ rows }) => [...rows]);

  test('where the pause is longer than the gap', () => {
    expect(cut('time,LT101,valve\n0,1,1\n1,1,1\n9,1,1\n10,1,1\n', { gap: 5 })).toEqual([[2, 3], [4, 5]]);
  });

  test('where the episode column changes, whatever the time says', () => {
    expect(cut('batch,time,LT101,valve\nA,0,1,1\nA,1,1,1\nB,0,1,1\nB,1,1,1\nB,2,1,1\n', { episode: 'batch' })).toEqual([[2, 3], [4, 5, 6]]);
  });

  test('where the filter leaves rows out, which may hold anything', () => {
    const result = read('mode,time,LT101,valve\n1,0,1,1\n1,1,1,1\n0,2,,\n0,3,broken,\n1,4,1,1\n1,5,1,1\n0,6,1,1\n1,7,1,1\n', { filter: automatic });
    expect(result.episodes.map(({ rows }) => [...rows])).toEqual([[2, 3], [6, 7]]);
    expect({ rows: result.rows, filtered: result.filtered, alone: result.alone }).toEqual({ rows: 8, filtered: 3, alone: 1 });
  });

  test('with its file', () => {
    const files = ['a.csv', 'b.csv'].map((name) => ({ name, bytes: bytes('time,LT101,valve\n0,1,1\n1,1,1\n') }));
    expect(readRecordings(files, plan).episodes.map(({ file }) => file)).toEqual(['a.csv', 'b.csv']);
  });
});

describe('refused, with file, row and column', () => {
  const places: readonly [string, string, string, number | null, string | null, Partial<ImportPlan>?][] = [
    ['a missing value', 'time,LT101,valve\n0,1,2\n1,,4\n', 'missing-value', 3, 'LT101'],
    ['a word for a missing value', 'time,LT101,valve\n0,1,2\n1,3,NaN\n', 'missing-value', 3, 'valve'],
    ['a word', 'time,LT101,valve\n0,1,open\n1,3,4\n', 'not-a-number', 2, 'valve'],
    ['infinity', 'time,LT101,valve\n0,1,Infinity\n1,3,4\n', 'not-a-number', 2, 'valve'],
    ['a number too large', 'time,LT101,valve\n0,1,1e999\n1,3,4\n', 'not-a-number', 2, 'valve'],
    ['a decimal comma', 'time;LT101;valve\n0;1,5;2\n1;3;4\n', 'not-a-number', 2, 'LT101'],
    ['hexadecimal', 'time,LT101,valve\n0,0x10,2\n1,3,4\n', 'not-a-number', 2, 'LT101'],
    ['time that stands still', 'time,LT101,valve\n0,1,2\n0,3,4\n', 'unsorted', 3, 'time'],
    ['time that runs backwards, even with gaps allowed', 'time,LT101,valve\n5,1,2\n0,3,4\n', 'unsorted', 3, 'time', { gap: 2 }],
    ['time that runs backwards behind rows that were left out', 'mode,time,LT101,valve\n1,5,1,2\n1,6,1,2\n0,7,,\n1,2,3,4\n1,3,3,4\n', 'unsorted', 5, 'time', { filter: automatic }],
    ['a word where the filter reads', 'mode,time,LT101,valve\nauto,5,1,2\n1,6,1,2\n', 'not-a-number', 2, 'mode', { filter: automatic }],
    ['a pause within an episode of the column', 'batch,time,LT101,valve\nA,0,1,1\nA,1,1,1\nA,9,1,1\n', 'irregular-sampling', 4, 'time', { episode: 'batch' }],
    ['an episode that comes again', 'batch,time,LT101,valve\nA,0,1,1\nA,1,1,1\nB,0,1,1\nB,1,1,1\nA,2,1,1\n', 'unsorted', 6, 'batch', { episode: 'batch' }],
    ['a pause', 'time,LT101,valve\n0,1,2\n1,3,4\n4,3,4\n', 'irregular-sampling', 4, 'time'],
    ['a time that is none', 'time,LT101,valve\nyesterday,1,2\n1,3,4\n', 'not-a-number', 2, 'time'],
    ['a day that is not in the calendar', 'time,LT101,valve\n2024-13-01,1,2\n1,3,4\n', 'not-a-number', 2, 'time'],
    ['a column that is not there', 'time,LT102,valve\n0,1,2\n1,3,4\n', 'missing-column', 1, 'LT101'],
    ['a column that is there twice', 'time,LT101,LT101,valve\n0,1,2,1\n1,3,4,1\n', 'missing-column', 1, 'LT101'],
    ['a row with too few cells', 'time,LT101,valve\n0,1,2\n1,3\n2,1,1\n', 'bad-csv', 3, null],
    ['a quote that is not closed', 'time,LT101,valve\n0,1,2\n1,"1,2\n2,3,4\n3,3,4\n', 'bad-csv', 3, null],
    ['an empty file', '', 'bad-csv', null, null],
    ['a header alone', 'time,LT101,valve\n', 'too-few-rows', null, null],
    ['UTF-16', 't\0i\0m\0e\0', 'bad-encoding', null, null],
  ];

  test.each(places)('%s', (_, text, code, row, column, change: Partial<ImportPlan> = {}) => {
    const found = problems(() => read(text, change));
    expect(found[0]).toEqual({ code, row: row ?? found[0]?.row, column });
  });

  test('Latin-1', () => {
    expect(problems(() => readRecordings([{ name: 'a.csv', bytes: Uint8Array.from([0x74, 0xe4, 0x2c, 0x0a]) }], plan))).toEqual([{ code: 'bad-encoding', row: null, column: null }]);
  });

  test('every bad place at once, in order, and named in the sentence', () => {
    const work = (): unknown => read('time,LT101,valve\n0,,2\n1,3,x\n1,4,4\n2,5,5\n2,6,6\n');
    expect(problems(work).map(({ row, column }) => [row, column])).toEqual([[2, 'LT101'], [3, 'valve'], [6, 'time']]);
    expect(work).toThrow(/a\.csv, row 2, column “LT101”: the value is missing[^\n]*\na\.csv, row 3, column “valve”: “x” is not a number\./);
  });

  test('as many bad places as there are cells, the first of them listed and all counted, and headings of any length', () => {
    const work = (): unknown => read(`time,LT101,valve\n${'0,x,y\n'.repeat(5000)}`);
    expect(problems(work)).toHaveLength(20);
    expect(work).toThrow(/\n9980 more such places are not listed\.$/);
    expect(work).toThrow(expect.objectContaining({ code: 'not-a-number' }));
    expect(() => read(`${'x'.repeat(1_000_000)},time\n1,2\n`)).toThrow(/^.{1,400}$/s);
    // also where the file before it had more than are listed
    const files = [`time,LT101,valve\n${'0,x,y\n'.repeat(20)}`, 'time,valve\n0,1\n1,1\n'].map((text) => ({ name: 'a.csv', bytes: bytes(text) }));
    expect(() => readRecordings(files, plan)).toThrow(/\n21 more such places/);
  });

  test('a file that no string can hold', () => {
    const huge = new Uint8Array(new ArrayBuffer(600_000_000));
    expect(() => readRecordings([{ name: 'a.csv', bytes: huge }], plan)).toThrow('a.csv: the file has 600 MB; at most 500 MB are read.');
  });

  test('one bad cell once: what follows it is not held against the row before', () => {
    expect(problems(() => read('mode,time,LT101,valve\n1,0,1,1\n,1,1,1\n1,2,1,1\n1,3,1,1\n', { filter: automatic }))).toEqual([{ code: 'missing-value', row: 3, column: 'mode' }]);
  });

  test('with the setting that names a column that is not there', () => {
    expect(() => read('LT101,valve\n1,2\n', { episode: 'batch', filter: automatic })).toThrow(/column “time”.*data\.time\.\n.*column “batch”.*data\.episodes\.column\.\n.*column “mode”.*data\.where\./);
  });

  test('any text without a crash', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200, unit: fc.constantFrom('time', 'LT101', 'valve', ',', ';', '\t', '\n', '\r\n', '"', '1', '2', '-', '.', 'e', '', '\0', 'ä') }), (text) => {
      try {
        read(text);
      } catch (error) {
        expect(error).toBeInstanceOf(ImportError);
      }
    }), { numRuns: 300 });
  });
});
