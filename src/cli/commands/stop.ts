import type { Command } from 'commander';
import { resolveRun } from '../../launcher/adopt';
import { requestStop } from '../../launcher/stop';
import { RunReader } from '../../run/reader';
import { conclude, exitCodes, print, printJson } from '../output';

interface StopOptions {
  readonly now?: boolean;
  readonly json?: boolean;
}

/** `ibrl stop`: asks a run to stop, wherever it runs. */
export function register(program: Command): void {
  program
    .command('stop')
    .description('stop a run after its iteration, or now with a checkpoint')
    .argument('<run>', 'folder or id of the run')
    .option('--now', 'stop now, within about two seconds; nothing that was learned is lost')
    .option('--json', 'print JSON: { id, request, state }')
    .action((run: string, options: StopOptions) => conclude(options.json, () => stop(run, options)));
}

function stop(named: string, options: StopOptions): number {
  const folder = resolveRun(named, process.cwd());
  const request = requestStop(folder, options.now ? 'now' : 'after-iteration');
  const reader = RunReader.open(folder);
  const { id } = reader.description;
  if (options.json) printJson({ id, request: request?.id ?? null, state: reader.state() });
  else if (request === null) print(`${id} is not at work: ${reader.state()}. There is nothing to stop.`);
  else print(options.now ? `${id} stops now.` : `${id} stops after this iteration.`);
  return exitCodes.done;
}
