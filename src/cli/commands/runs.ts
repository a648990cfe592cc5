import { relative } from 'node:path';
import type { Command } from 'commander';
import type { FoundRun } from '../../launcher/adopt';
import { findRuns } from '../../launcher/adopt';
import { complain, conclude, exitCodes, print, printJson, table } from '../output';

/** `ibrl runs`: what was run below a folder, newest first. */
export function register(program: Command): void {
  program
    .command('runs')
    .description('list the runs below a folder, newest first')
    .argument('[folder]', 'where to look', '.')
    .option('--json', 'print JSON: [ { id, folder, name, state, created, asOf, iteration, phase, iterations } ]')
    .action((folder: string, options: { readonly json?: boolean }) => conclude(options.json, () => list(folder, options.json ?? false)));
}

function list(folder: string, json: boolean): number {
  const { runs, unreadable } = findRuns(folder);
  for (const message of unreadable) complain(message);
  if (json) printJson(runs);
  else print(runs.length === 0 ? `There are no runs below ${folder}.` : table(['run', 'state', 'where', 'experiment', 'folder'], runs.map(row)));
  return exitCodes.done;
}

function row(run: FoundRun): string[] {
  const where = run.iteration === null ? '–' : `iteration ${run.iteration} of ${run.iterations}`;
  return [run.id, run.state, where, run.name, relative(process.cwd(), run.folder) || '.'];
}
