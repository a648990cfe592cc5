import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readInWorker } from '../../src/trainer/recordings/recordingsWorker';
import { Stopping } from '../../src/trainer/stopping';
import { TestFolder } from './processes';

const root = join(import.meta.dirname, '../..');
const folder = new TestFolder();
afterAll(() => folder.clean());

test('long recordings are read while this thread goes on', async () => {
  const experimentText = readFileSync(join(root, 'examples/plant-csv/tank.ibrl.yaml'), 'utf8').replace(/files: .*/, 'files: [long.csv]');
  const [header, ...rows] = readFileSync(join(root, 'examples/plant-csv/monday.csv'), 'utf8').trimEnd().split('\n');
  const times = rows.map((row) => Date.parse(row.split(',')[0]) / 1000);
  const day = 86_400;
  const days = Array.from({ length: 100 }, (_, i) => rows.map((row, r) => [times[r] + i * day, ...row.split(',').slice(1)].join(',')));
  writeFileSync(folder.at('long.csv'), `${[header, ...days.flat()].join('\n')}\n`);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  const read = await readInWorker({ experimentText, folder: folder.path }, join(root, 'dist'), new Stopping());
  clearInterval(timer);
  expect(read?.counts.rows).toBeGreaterThan(50_000);
  expect(ticks).toBeGreaterThan(20);
}, 30_000);

test('reading that does not end is left once the one who asked to stop has waited long enough', async () => {
  writeFileSync(folder.at('readingRecordings.cjs'), "setInterval(() => require('node:worker_threads').parentPort.ref(), 1000);");
  let now = 0;
  const stopping = new Stopping(() => now);
  const reading = readInWorker({ experimentText: '', folder: folder.path }, folder.path, stopping);
  stopping.terminate();
  now = 11_000;
  expect(await reading).toBeNull();
});
