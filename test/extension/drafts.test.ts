import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleCsv } from '../../src/extension/csvSample';
import { checksIn, issueText } from '../../src/extension/issueText';
import { type ColumnRole, plantExperiment } from '../../src/extension/plantExperiment';
import { applySettings, changeableSettings } from '../../src/extension/settingLines';
import { validateExperiment } from '../../src/experiment/validate';

const examples = join(import.meta.dirname, '../../examples');
const example = (name: string): string => readFileSync(join(examples, name), 'utf8');
const errorsIn = (text: string): string[] => validateExperiment(text).findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);

describe('a draft from recordings', () => {
  const recording = sampleCsv(example('plant-csv/monday.csv'));

  test('knows the columns of numbers, those of times, and the sampling time', () => {
    expect(recording?.samplingTime).toBe(10);
    expect(recording?.columns.map(({ heading, kind }) => [heading, kind])).toEqual([
      ['time', 'time'],
      ['mode', 'number'],
      ['LT101.PV', 'number'],
      ['TT102.PV', 'number'],
      ['FT103.PV', 'number'],
      ['FV104.POS', 'number'],
      ['FV104.MOVE', 'number'],
      ['HC105.OUT', 'number'],
    ]);
  });

  test('is an experiment without errors', () => {
    if (recording === null) throw new Error('The example has columns.');
    const roles = new Map<string, ColumnRole>([['time', 'time'], ['LT101.PV', 'state'], ['TT102.PV', 'state'], ['FT103.PV', 'exogenous'], ['FV104.MOVE', 'action'], ['HC105.OUT', 'action'], ['mode', 'unused']]);
    const text = plantExperiment('My tank', ['monday.csv', 'tuesday.csv'], recording, roles);
    expect(errorsIn(text)).toEqual([]);
  });

  test('is without errors whatever the headings and numbers are', () => {
    const heading = fc.stringMatching(/^[A-Za-z%°µ0-9_. ()/-]{1,12}$/).filter((text) => text.trim() === text && text !== '');
    const number = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
    fc.assert(
      fc.property(fc.uniqueArray(heading, { minLength: 2, maxLength: 6 }), fc.array(fc.tuple(number, number), { minLength: 6, maxLength: 6 }), (headings, ends) => {
        const columns = headings.map((name, index) => ({ heading: name, kind: 'number' as const, low: Math.min(...ends[index]), high: Math.max(...ends[index]) }));
        const roles = new Map(headings.map((name, index): [string, ColumnRole] => [name, index === 0 ? 'action' : 'state']));
        expect(errorsIn(plantExperiment('Any', ['a.csv'], { columns, samplingTime: null }, roles))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('reads cells in quotes, other delimiters, Windows line ends and a byte order mark', () => {
    const read = sampleCsv('\uFEFF"level, m";valve;"said ""so"""\r\n1;"2";x\r\n3;4;y\r\n5;');
    expect(read?.columns).toEqual([
      { heading: 'level, m', kind: 'number', low: 1, high: 3 },
      { heading: 'valve', kind: 'number', low: 2, high: 4 },
    ]);
  });

  test('is not made of a file without numbers', () => {
    for (const text of ['', 'a,b\n', 'a,b\nx,y\n', '\n\n']) expect(sampleCsv(text)).toBeNull();
  });
});

describe('changes for one run', () => {
  const text = example('grid-2d.ibrl.yaml');

  test('name every setting once, with what holds now', () => {
    const settings = changeableSettings(text);
    const paths = settings.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    expect(settings.find(({ path }) => path === 'search.updates')).toMatchObject({ current: '300', choices: [] });
    expect(settings.find(({ path }) => path === 'bounds.x')?.current).toBe('[0,10]');
    expect(settings.find(({ path }) => path === 'diversity.measure')?.choices).toContain('min-lsed');
    expect(settings.find(({ path }) => path === 'safety.constrain')?.choices).toEqual(['true', 'false']);
  });

  test('may be what is there already: every setting set to what holds gives a valid experiment', () => {
    for (const { path, current } of changeableSettings(text).filter((setting) => setting.current !== '')) {
      expect({ path, wrong: applySettings(text, [`${path}=${current}`]).wrong }).toEqual({ path, wrong: null });
    }
  });

  test('are applied in order and keep the rest of the text', () => {
    const changed = applySettings(text, ['search.updates=12', 'search.updates=13']);
    expect(changed.text).toBe(text.replace('updates: 300', 'updates: 13'));
  });

  test('that mean nothing are refused in a sentence', () => {
    for (const line of ['search.updates=abc', 'search.updates=', 'serch.updates=3', '=3', 'search.updates']) {
      expect(applySettings(text, [line])).toEqual({ text: null, wrong: expect.stringMatching(/[.?]$/) as string });
    }
  });
});

describe('the text of a report on a problem', () => {
  test('holds versions and states, and no folder or name', () => {
    const output = JSON.stringify({ ok: false, checks: [{ name: 'write access', ok: false, detail: '/home/somebody/secret' }] });
    const text = issueText({ extension: '0.1.0', editor: 'Code 1.100.0', node: '24.1.0', system: 'linux x64', language: 'de', remote: false, doctor: checksIn(output), states: ['done', 'failed', 'done'], failure: 'not-finite' });
    expect(text).toContain('2 done, 1 failed');
    expect(text).toContain('write access: not well');
    expect(text).not.toContain('somebody');
  });

  test('says that an untrusted folder was not looked at, and bears any output of the checks', () => {
    for (const output of ['', 'null', '[]', '{"checks":[null,{"name":1}]}']) expect(checksIn(output)).toEqual([]);
    const text = issueText({ extension: '0.1.0', editor: 'Code', node: '24', system: 'linux', language: 'en', remote: true, doctor: null, states: [], failure: null });
    expect(text).toContain('not trusted');
    expect(text).toContain('| runs | none |');
  });
});
