import { spawnSync } from 'node:child_process';

/** The trainer's only word when it is to tell its engine, and do nothing else. */
export const askForEngine = '--which-engine';

/** What a run computes with on this computer when nothing is said. */
export interface EngineReport {
  readonly engine: string;
  /** avx512, avx2 or neon, of the native engine */
  readonly kernel: string | null;
  /** why the native kernel that is there is not used */
  readonly problem: string | null;
}

/** Asks the trainer. @throws Error when it gives no answer: with the signal that ended it, or what it printed */
export function readEngineReport(trainer: string): EngineReport {
  const { stdout, stderr, status, signal, error } = spawnSync(process.execPath, [trainer, askForEngine], { encoding: 'utf8', timeout: 60_000 });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`the trainer ended with ${signal ?? status}${stderr === '' ? '' : `: ${stderr.trim()}`}`);
  return JSON.parse(stdout) as EngineReport;
}
