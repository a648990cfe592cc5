import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Finding } from '../../src/experiment/findings';
import { experimentJsonSchema } from '../../src/experiment/jsonSchema';
import { translationsVariable } from '../../src/sentence/editorLanguage';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'ibrl-test-validate-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The built command, as a user calls it in the project's folder. */
function ibrl(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(root, 'dist/ibrl.cjs'), ...words], { cwd: root, encoding: 'utf8' });
}

/** The same, as the extension calls it in an editor that speaks the language of a file. */
function ibrlInLanguage(translations: string, ...words: string[]): ReturnType<typeof ibrl> {
  return spawnSync(process.execPath, [join(root, 'dist/ibrl.cjs'), ...words], { cwd: root, encoding: 'utf8', env: { ...process.env, [translationsVariable]: translations } });
}

const bad = 'test/fixtures/experiments/bad/misspelt-section.ibrl.yaml';
const doubtful = 'test/fixtures/experiments/bad/few-evaluations.ibrl.yaml';

test('validate exits 0 on the examples and prints an empty array for programs', () => {
  const { status, stdout } = ibrl('validate', 'examples/grid-2d.ibrl.yaml', 'examples/industrial-benchmark.ibrl.yaml', '--json');
  expect({ status, findings: JSON.parse(stdout) as unknown }).toEqual({ status: 0, findings: [] });
});

test('validate exits 2 on an error, and tells file, code, place and fix', () => {
  const { status, stdout } = ibrl('validate', bad, doubtful, '--json');
  const range = { start: { line: 3, character: 0 }, end: { line: 3, character: 6 } };
  const [first, second] = JSON.parse(stdout) as ({ file: string } & Finding)[];
  expect(status).toBe(2);
  expect(first).toEqual({
    file: bad,
    code: 'unknown-key',
    severity: 'error',
    message: '`serach` is not a key of an experiment. Did you mean `search`?',
    range,
    fix: { title: 'Write `search`', range, replacement: 'search' },
  });
  expect(second).toMatchObject({ file: doubtful, code: 'few-evaluations', severity: 'warning' });
});

test('validate exits 0 on warnings alone, and counts lines from 1 for people', () => {
  const { status, stdout } = ibrl('validate', doubtful);
  expect(status).toBe(0);
  expect(stdout).toContain(`${doubtful}:4:25: warning: `);
  expect(stdout).toContain('1 file: 0 errors, 1 warning.');
});

test('names in a file cannot steer the terminal that they are printed on', () => {
  const file = join(folder, 'steering.ibrl.yaml');
  writeFileSync(file, 'ibrl: 1\nsystem: { kind: grid-2d }\n"red\\e[31m\\r\\u202e": 3\n');
  expect(ibrl('validate', file).stdout).toContain('`red\\u001b[31m\\u000d\\u202e` is not a key');
  expect((JSON.parse(ibrl('validate', file, '--json').stdout) as Finding[])[0].message).toContain('`red\u001b[31m\r\u202e` is not a key');
});

test('a file that is missing, a folder and a file that is too large are findings too', () => {
  const large = join(folder, 'large.ibrl.yaml');
  writeFileSync(large, '#'.repeat(3 << 20));
  const { status, stdout } = ibrl('validate', join(folder, 'missing.ibrl.yaml'), folder, large, '--json');
  expect(status).toBe(2);
  expect((JSON.parse(stdout) as Finding[]).map((finding) => finding.code)).toEqual(['file-unreadable', 'file-unreadable', 'file-too-large']);
});

test('validate and train name a foreign encoding and its place', () => {
  const foreign = 'test/fixtures/experiments/bad/latin-1.ibrl.yaml';
  const { status, stdout } = ibrl('validate', foreign);
  expect(status).toBe(2);
  expect(stdout).toContain(`${foreign}:3:10: error: The byte 0xE4 here is not UTF-8`);
  const run = join(folder, 'run');
  const train = ibrl('train', foreign, '--run', run);
  expect(train.status).toBe(2);
  expect(train.stderr).toContain(`${foreign}:3:10: error: The byte 0xE4 here is not UTF-8`);
  expect(existsSync(run)).toBe(false);
});

test('validate --data holds an experiment against what it would begin with', () => {
  const still = join(folder, 'still.ibrl.yaml');
  writeFileSync(still, 'ibrl: 1\nsystem: { kind: grid-2d }\ndata: { generate: { behaviour: do-nothing, epsilon: 0 } }\n');
  expect(JSON.parse(ibrl('validate', still, '--json').stdout)).toEqual([]);
  const { status, stdout } = ibrl('validate', '--data', still, '--json');
  expect(status).toBe(0);
  expect((JSON.parse(stdout) as Finding[]).map(({ code, range }) => [code, range.start.line])).toEqual([['action-not-excited', 2], ['action-not-excited', 2]]);
});

test('validate --data reads the recordings of a plant, and says where they cannot be read', () => {
  const plant = 'test/fixtures/experiments/good/plant.ibrl.yaml';
  expect(ibrl('validate', '--data', plant).stdout).toBe('1 file: 0 errors, 0 warnings.\n');
  const lost = join(folder, 'lost.ibrl.yaml');
  writeFileSync(lost, readFileSync(join(root, plant)));
  const { status, stdout } = ibrl('validate', '--data', lost, '--json');
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject([{ code: 'recordings-unusable', severity: 'error', range: { start: { line: 7 } } }]);
});

test('a run warns of what its first batch shows', () => {
  const still = join(folder, 'still-run.ibrl.yaml');
  writeFileSync(
    still,
    'ibrl: 1\nsystem: { kind: grid-2d, start: far }\ndata: { generate: { behaviour: do-nothing, epsilon: 0, episodes: 6 } }\nmodels: { members: 1, hidden: [4], updates: 2 }\n' +
      'policies: { count: 1, hidden: [4] }\ndiversity: { measure: none }\nsearch: { updates: 1, starts: 1 }\niterations: 1\ndeployment: { evaluate: 20 }\n',
  );
  const { status, stdout } = ibrl('train', still, '--run', join(folder, 'still-run'), '--json', '--threads', '1');
  expect(status).toBe(0);
  const events = stdout.trim().split('\n').map((line) => JSON.parse(line) as { type: string; code?: string });
  expect(events.filter(({ type, code }) => type === 'warning' && code === 'action-not-excited')).toHaveLength(2);
});

test('validate and describe speak the language of the editor that starts them, and English where it has none', () => {
  const still = join(folder, 'still-german.ibrl.yaml');
  writeFileSync(still, 'ibrl: 1\nsystem: { kind: grid-2d }\ndata: { generate: { behaviour: do-nothing, epsilon: 0 } }\n');
  const german = join(root, 'dist/l10n/bundle.l10n.de.json');
  const messages = (translations: string): string[] => (JSON.parse(ibrlInLanguage(translations, 'validate', '--data', still, '--json').stdout) as Finding[]).map(({ message }) => message);
  expect(messages(german)[0]).toBe('`dx` ist in jeder Zeile 0, also lässt sich die Wirkung nicht lernen. Wählen Sie ein anderes data.generate.behaviour oder ein größeres epsilon.');
  const english = '`dx` is 0 in every row, so what it does cannot be learned. Choose another data.generate.behaviour or a larger epsilon.';
  expect(messages(join(folder, 'missing.json'))[0]).toBe(english);
  expect(messages(still)[0]).toBe(english);
  expect(ibrlInLanguage(german, 'describe', bad).stderr).toBe(`${bad}:4:1: \`serach\` ist kein Schlüssel eines Experiments. Meinten Sie \`search\`? (ibrl validate nennt alles, was falsch ist.)\n`);

  const plant = join(root, 'examples/plant-csv/tank.ibrl.yaml');
  const tank = join(folder, 'tank.ibrl.yaml');
  writeFileSync(tank, readFileSync(plant, 'utf8'));
  writeFileSync(join(folder, 'monday.csv'), readFileSync(join(dirname(plant), 'monday.csv'), 'utf8').replace(',1.702,', ',"1,702",'));
  writeFileSync(join(folder, 'tuesday.csv'), readFileSync(join(dirname(plant), 'tuesday.csv')));
  const found = JSON.parse(ibrlInLanguage(german, 'validate', '--data', tank, '--json').stdout) as Finding[];
  expect(found.find(({ code }) => code === 'recordings-unusable')?.message).toContain('monday.csv, Zeile 3, Spalte „LT101.PV“: „1,702“ hat ein Dezimalkomma.');
  expect(ibrlInLanguage(german, 'describe', tank).stderr).toContain('Exportieren Sie die Datei mit Dezimalpunkten.');
});

test('schema prints the JSON Schema, for people and for programs alike', () => {
  for (const words of [['schema'], ['schema', '--json']]) {
    const { status, stdout } = ibrl(...words);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(experimentJsonSchema());
  }
});
