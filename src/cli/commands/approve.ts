import type { Command } from 'commander';
import { validateExperiment } from '../../experiment/validate';
import { resolveRun } from '../../launcher/adopt';
import type { EventBody } from '../../run/contract';
import { iterationFiles } from '../../run/paths';
import { RunReader } from '../../run/reader';
import { RunWriter } from '../../run/writer';
import { conclude, exitCodes, InputError, print, printJson } from '../output';

interface ApproveOptions {
  readonly reject?: boolean;
  readonly json?: boolean;
}

/** `ibrl approve`: says whether the policies of a waiting run may be deployed; `ibrl resume` then goes on. */
export function register(program: Command): void {
  program
    .command('approve')
    .description('approve (or reject) the policies of a run that waits for it; resume it then')
    .argument('<run>', 'folder or id of the run')
    .option('--reject', 'do not deploy them: the next iteration searches anew on the same recordings')
    .option('--json', 'print JSON: { id, iteration, decision }')
    .action((run: string, options: ApproveOptions) => conclude(options.json, () => approve(run, options)));
}

async function approve(named: string, options: ApproveOptions): Promise<number> {
  const folder = resolveRun(named, process.cwd());
  const reader = RunReader.open(folder);
  const { id, iterations } = reader.description;
  const decision = options.reject ? 'rejected' : 'approved';
  const waitsForData = decision === 'approved' && validateExperiment(reader.experimentText()).experiment?.system.kind === 'plant';
  let waiting = 0;
  await RunWriter.amend(folder, (fold): EventBody[] => {
    const last = Array.from({ length: iterations }, (_, i) => iterations - i).find((iteration) => fold.files.has(iterationFiles.predicted(iteration)));
    if (fold.state !== 'awaiting-approval' || last === undefined) throw new InputError('nothing-to-approve', `${id} does not wait for an approval: it is ${reader.state()}.`);
    // taken by a command that died before it could say what the run waits for now
    const taken = fold.decisions.get(last)?.decision;
    if (taken !== undefined && taken !== decision) throw new InputError('nothing-to-approve', `The policies of iteration ${last} are ${taken} already. Go on with: ibrl resume ${id}`);
    waiting = last;
    // what a plant's policies do is recorded by somebody else; only a rejection has something to go on with at once
    const state: EventBody = { type: 'state-changed', state: waitsForData ? 'awaiting-data' : 'stopped' };
    return taken === undefined ? [{ type: 'decision', iteration: last, decision, by: 'person' }, state] : [state];
  });
  if (options.json) printJson({ id, iteration: waiting, decision });
  else if (waitsForData) print(`The policies of iteration ${waiting} are approved. Deploy one, then go on with: ibrl add-data ${id} FILES…`);
  else print(`The policies of iteration ${waiting} are ${decision}. Go on with: ibrl resume ${id}`);
  return exitCodes.done;
}
