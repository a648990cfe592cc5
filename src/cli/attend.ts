import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../run/contract';
import { EventFollower } from '../run/eventFollower';
import { eventsFile, runFile } from '../run/paths';
import { RunReader } from '../run/reader';
import { RunFold } from '../run/runFold';
import { startAttached } from '../launcher/start';
import type { TrainerArguments } from '../launcher/trainerArguments';
import { complain, exitCodes, print, printJson } from './output';
import { ProgressBar } from './progressBar';
import { describeRun } from './runTable';
import { trainerScript } from './location';

const pollMs = 100;

/**
 * Runs a trainer in a child process and stays with it: hands on Ctrl-C and SIGTERM, shows what happens, and ends as it
 * ends. Should we be killed, the trainer notices and stops with a checkpoint.
 * @param iterations of the run, for the bar
 * @returns the exit code
 */
export async function attend(values: Omit<TrainerArguments, 'attached' | 'lease' | 'allowPrograms'>, options: { readonly json: boolean; readonly iterations: number }): Promise<number> {
  const log = new EventFollower(join(values.run, eventsFile));
  const fold = new RunFold();
  // what earlier attempts told is no news
  for (const event of log.poll()) fold.add(event);
  const bar = new ProgressBar(process.stderr);
  const show = options.json ? printJson : humanView(fold, options.iterations, bar);
  const follow = (): void => {
    for (const event of log.poll()) {
      fold.add(event);
      show(event);
    }
  };
  const child = await startAttached({ script: trainerScript() }, { ...values, lease: null, attached: true, allowPrograms: true });
  const exitCode = await whileAttending(child, follow);
  follow();
  if (!options.json) {
    bar.clear();
    if (existsSync(join(values.run, runFile))) print(describeRun(RunReader.open(values.run)));
  }
  return exitCode;
}

async function whileAttending(child: ChildProcess, follow: () => void): Promise<number> {
  const handOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', handOn).on('SIGTERM', handOn);
  const timer = setInterval(follow, pollMs);
  try {
    return await new Promise<number>((resolve) => {
      child.once('exit', (code, signal) => {
        if (code === null) complain(`The trainer was ended by ${signal}. What it had done is kept: resume the run.`);
        // a signal that came before the trainer could listen
        resolve(code ?? (signal === 'SIGTERM' ? exitCodes.temporary : exitCodes.failed));
      });
    });
  } finally {
    clearInterval(timer);
    process.off('SIGINT', handOn).off('SIGTERM', handOn);
  }
}

/** A bar on a terminal; elsewhere, and for what must not scroll away, a line. All on stderr: stdout is for the result. */
function humanView(fold: RunFold, iterations: number, bar: ProgressBar): (event: RunEvent) => void {
  const say = (line: string): void => {
    bar.clear();
    complain(line);
  };
  return (event) => {
    if (event.type === 'warning') say(`Warning: ${event.message}`);
    else if (event.type === 'non-finite') say(`Iteration ${event.iteration}, ${event.phase}: ${event.count} step(s) with a gradient that is not finite were skipped (policy ${event.policy}).`);
    else if (event.type === 'failed') say(`Failed: ${[event.message, ...event.causes].join(' – ')}`);
    else if (event.type === 'phase-ended' && !process.stderr.isTTY) say(`Iteration ${event.iteration} of ${iterations}: ${event.phase} done`);
    if (process.stderr.isTTY && fold.position !== null) bar.draw(fold.position, iterations);
  };
}
