import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { exampleText } from '../driver/experiments';
import { runsOf } from '../driver/runs';

declare module 'vitest' {
  interface ProvidedContext {
    /** folder of the stages: workspaces with runs that were trained for the pictures */
    stages: string;
  }
}

const root = resolve(import.meta.dirname, '../../..');
const execute = promisify(execFile);

/** A workspace: an experiment, and the settings of each run of it. */
interface Stage {
  /** of a file in examples/ */
  readonly example: 'grid-2d' | 'industrial-benchmark' | 'plant-csv/tank' | 'own-simulator/tank';
  readonly name?: string;
  /** what lies beside the experiment */
  readonly beside?: Readonly<Record<string, string>>;
  readonly runs: readonly (readonly string[])[];
  /** what somebody then does with the last run */
  readonly afterwards?: 'approve';
  /** its trainer is to end with this code; 0 when not said */
  readonly ends?: number;
}

const quickModels = ['models.updates=1000', 'models.laterUpdates=500'];

/** Works for the first iteration, and gives up in the second. */
const tankThatBreaks = exampleText('own-simulator/tank.py').replace('    if request["do"] == "reset":\n', '    if request["do"] == "reset":\n        resets = globals().get("resets", 0) + 1\n        if resets > 9:\n            sys.exit("The pump has no current.")\n');

const stages = {
  world: { example: 'grid-2d', runs: [[]] },
  compared: { example: 'grid-2d', runs: [[], ['diversity.measure=none', 'seed=2']] },
  plant: { example: 'industrial-benchmark', runs: [[]] },
  soft: { example: 'industrial-benchmark', name: 'Industrial Benchmark, soft safety', runs: [['safety.constrain=false', 'iterations=2', ...quickModels]] },
  approval: { example: 'industrial-benchmark', name: 'Industrial Benchmark, with approval', runs: [['deployment.approval=manual', ...quickModels]] },
  one: { example: 'grid-2d', name: 'One policy, one iteration', runs: [['iterations=1', 'policies.count=1', 'diversity.measure=none']] },
  many: {
    example: 'grid-2d',
    name: 'Ninety nights of a plant whose name is longer than any column that it has to fit into',
    runs: [['policies.count=16', 'iterations=90', 'search.updates=6', 'models.updates=10', 'models.laterUpdates=10', 'deployment.evaluate=10']],
  },
  failed: { example: 'own-simulator/tank', beside: { 'tank.py': tankThatBreaks }, runs: [[]], ends: 1 },
  data: {
    example: 'plant-csv/tank', beside: { 'monday.csv': exampleText('plant-csv/monday.csv'), 'tuesday.csv': exampleText('plant-csv/tuesday.csv') },
    runs: [['models.updates=400']], afterwards: 'approve',
  },
} as const satisfies Record<string, Stage>;

export type StageName = keyof typeof stages;

/** Trains what the pictures show, a few minutes. IBRL_STAGES names a folder that keeps it for the next time. */
export async function setup({ provide }: TestProject): Promise<() => void> {
  const kept = process.env['IBRL_STAGES'];
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'ibrl-stages-'));
  for (const [name, stage] of Object.entries(stages)) await make(join(folder, name), stage);
  provide('stages', folder);
  return () => {
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  };
}

async function make(folder: string, { example, name, runs, beside = {}, afterwards, ends = 0 }: Stage): Promise<void> {
  if (existsSync(join(folder, 'made'))) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${basename(example)}.ibrl.yaml`);
  for (const [path, content] of Object.entries(beside)) writeFileSync(join(folder, path), content);
  const text = exampleText(`${example}.ibrl.yaml`);
  writeFileSync(file, name === undefined ? text : text.replace(/^name: .*$/m, `name: ${name}`));
  for (const settings of runs) await ibrl(ends, 'train', file, ...settings.flatMap((setting) => ['--set', setting]));
  if (afterwards !== undefined) await ibrl(0, afterwards, runsOf(folder).at(-1) ?? '');
  writeFileSync(join(folder, 'made'), '');
}

/** As a person does at the command line. @throws Error with what it said, where it ends with another code */
async function ibrl(code: number, ...words: readonly string[]): Promise<void> {
  const ended = await execute(process.execPath, [join(root, 'dist/ibrl.cjs'), ...words], { maxBuffer: 1 << 26 }).then(() => null, (error: unknown) => error as Error & { readonly code?: unknown });
  if ((ended?.code ?? 0) !== code) throw ended ?? new Error(`ibrl ${words.join(' ')} ended with 0 instead of ${code}.`);
}
