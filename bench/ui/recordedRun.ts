import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { encodeFloat32File, Float32File } from '../../src/run/float32File';
import { eventsFile, iterationFiles } from '../../src/run/paths';
import { exampleText } from '../../test/workbench/driver/experiments';

const commandLine = resolve(import.meta.dirname, '../../dist/ibrl.cjs');
/** The last one of the example. */
export const lastIteration = 4;
/** Numbers of the long recording. */
const episodes = 4;
const frames = 50_000;
const names = ['x', 'y', 'dx', 'dy', 'reward'];
const recordedNumbers = episodes * frames * names.length;

/**
 * A run of the bundled example with files of their real size, though trained for seconds only, with 10⁶ recorded numbers in its last
 * iteration.
 * @returns the workspace that holds it
 */
export function trainRecordedRun(workspace: string): string {
  mkdirSync(workspace);
  const experiment = join(workspace, 'world.ibrl.yaml');
  writeFileSync(experiment, exampleText('grid-2d.ibrl.yaml'));
  const settings = ['models.updates=60', 'models.laterUpdates=60', 'search.updates=60'].flatMap((line) => ['--set', line]);
  const folder = recordedRunOf(workspace);
  const { status, stderr } = spawnSync(process.execPath, [commandLine, 'train', experiment, '--run', folder, ...settings], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The run for the bench failed: ${stderr}`);
  writeInPlace(folder, iterationFiles.trajectories(lastIteration), longRecording());
  const curves = iterationFiles.curves(lastIteration);
  writeInPlace(folder, curves, longCurves(Float32File.open(join(folder, curves))));
  return workspace;
}

/** Folder of the run. */
export function recordedRunOf(workspace: string): string {
  return join(workspace, '.ibrl/runs/recorded');
}

/** Four episodes of a point that wanders, as a deployment would record them. */
function longRecording(): Uint8Array {
  const data = Float32Array.from({ length: episodes * frames * names.length }, (_, i) => 5 + 4 * Math.sin(i / 7_000) + (i % 7) / 10);
  return encodeFloat32File({ names, shape: [episodes, frames, names.length], notes: { policies: [1, 2, 3, 4], bounds: { x: [0, 10], y: [0, 10] } } }, data);
}

/** Curves of the same policies and terms over so many updates that they are 10⁶ numbers. */
function longCurves(short: Float32File): Uint8Array {
  const { names, shape, notes } = short.header;
  short.close();
  const points = Math.ceil(recordedNumbers / (shape[1] * shape[2]));
  const data = Float32Array.from({ length: points * shape[1] * shape[2] }, (_, i) => Math.sin(i / 9_000) + (i % 11) / 20);
  return encodeFloat32File({ names, shape: [points, shape[1], shape[2]], notes: { ...notes, updates: Array.from({ length: points }, (_, i) => i + 1) } }, data);
}

/** Writes a file of a run anew, and tells its events of it. */
function writeInPlace(folder: string, path: string, bytes: Uint8Array): void {
  writeFileSync(join(folder, path), bytes);
  const events = join(folder, eventsFile);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const lines = readFileSync(events, 'utf8').split('\n').map((line) => (line.includes(`"${path}"`) && line.includes('file-written') ? JSON.stringify({ ...(JSON.parse(line) as object), sha256, bytes: bytes.length }) : line));
  writeFileSync(events, lines.join('\n'));
}
