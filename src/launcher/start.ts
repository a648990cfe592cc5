import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { logFile } from '../run/paths';
import { inputOutputError, RunError } from '../run/runError';
import { sentence } from '../sentence/sentence';
import type { TrainerArguments } from './trainerArguments';
import { formatTrainerArguments } from './trainerArguments';

/** What starts the trainer. */
export interface Trainer {
  /** dist/trainer.cjs */
  readonly script: string;
  /** Node, or an Electron that can be Node; default: what runs now */
  readonly executable?: string;
  /** variables that its environment has besides ours */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Starts a trainer that outlives its starter, with what it prints going to trainer.log in the run folder.
 * @param ended told when it has ended, as long as its starter lives
 * @returns its process id; the run's own state tells how it fares
 * @throws RunError not-writable, input-output
 */
export async function startDetached(trainer: Trainer, values: TrainerArguments, ended?: (exitCode: number | null, signal: NodeJS.Signals | null) => void): Promise<number> {
  let log: number;
  try {
    mkdirSync(values.run, { recursive: true });
    log = openSync(join(values.run, logFile), 'a');
  } catch (error) {
    throw inputOutputError(error, join(values.run, logFile));
  }
  try {
    const child = launch(trainer, { ...values, attached: false }, ['ignore', log, log]);
    if (ended !== undefined) child.once('exit', ended);
    const pid = await started(child);
    child.unref();
    return pid;
  } finally {
    closeSync(log);
  }
}

/**
 * Starts a trainer for somebody who waits for it. It has a process group of its own, so that Ctrl-C reaches it once
 * and only through us; it notices our death by the end of its stdin.
 * @throws RunError input-output
 */
export async function startAttached(trainer: Trainer, values: TrainerArguments): Promise<ChildProcess> {
  const child = launch(trainer, { ...values, attached: true }, ['pipe', 'ignore', 'inherit']);
  // a trainer that ends first closes the pipe: no news
  child.stdin?.on('error', () => undefined);
  await started(child);
  return child;
}

function launch(trainer: Trainer, values: TrainerArguments, stdio: ('pipe' | 'ignore' | 'inherit' | number)[]): ChildProcess {
  const child = spawn(trainer.executable ?? process.execPath, [trainer.script, ...formatTrainerArguments(values)], {
    detached: true,
    windowsHide: true,
    stdio,
    env: { ...process.env, ...trainer.environment, ELECTRON_RUN_AS_NODE: '1' },
  });
  if (child.pid !== undefined) {
    try {
      setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    } catch {
      // a courtesy only: some systems do not allow it
    }
  }
  return child;
}

function started(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
    child.once('error', (error) => reject(new RunError('input-output', sentence('The trainer could not be started: {0}', error.message), { cause: error })));
  });
}
