import type { Command } from 'commander';
import { resolveRun } from '../../launcher/adopt';
import { RunReader } from '../../run/reader';
import { readableActions } from '../actionsTable';
import { conclude, exitCodes, print, printJson } from '../output';
import { describeRun } from '../runTable';

/** `ibrl show`: what a run came to. */
export function register(program: Command): void {
  program
    .command('show')
    .description('show what a run came to: each policy in each iteration beside the reference lines')
    .argument('<run>', 'folder or id of the run')
    .option('--json', 'print JSON: { id, state, iterations: [ { iteration, policies, references, probe, coverage, minLsed, … } ], … }')
    .action((run: string, options: { readonly json?: boolean }) =>
      conclude(options.json, () => {
        const reader = RunReader.open(resolveRun(run, process.cwd()));
        const actions = readableActions(reader);
        if (options.json) printJson({ ...reader.summary(), actions: typeof actions === 'string' ? null : actions });
        else print(describeRun(reader));
        return exitCodes.done;
      }),
    );
}
