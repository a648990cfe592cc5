import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { exampleText } from '../driver/experiments';

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
  readonly example: 'grid-2d' | 'industrial-benchmark';
  readonly name?: string;
  readonly runs: readonly (readonly string[])[];
}

const quickModels = ['models.updates=1000', 'models.laterUpdates=500'];

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

async function make(folder: string, { example, name, runs }: Stage): Promise<void> {
  if (existsSync(join(folder, 'made'))) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${example}.ibrl.yaml`);
  const text = exampleText(`${example}.ibrl.yaml`);
  writeFileSync(file, name === undefined ? text : text.replace(/^name: .*$/m, `name: ${name}`));
  for (const settings of runs) await train(file, settings);
  writeFileSync(join(folder, 'made'), '');
}

/** As a person does at the command line. @throws Error with what it said, where it fails */
async function train(file: string, settings: readonly string[]): Promise<void> {
  await execute(process.execPath, [join(root, 'dist/ibrl.cjs'), 'train', file, ...settings.flatMap((setting) => ['--set', setting])], { maxBuffer: 1 << 26 });
}
