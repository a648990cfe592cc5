import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { SystemDescription } from '../../experiment/experiment';
import { behaviourActions, behaviourSupport } from '../../learning/diff/behaviourSide';
import { type PolicyDiff, policyDiff } from '../../learning/diff/policyDiff';
import { type FrameSample, recordedActions, sampleFrames } from '../../learning/diff/sample';
import { chosenFrames, describePolicySystem, takenActions } from '../../learning/diff/shadow';
import { createPolicyController } from '../../learning/policy/policyController';
import { writeFileAtomically } from '../../run/atomicFile';
import { type IterationView, openIteration } from '../../trainer/iterationView';
import { actionTables, safetyTable } from '../diffText';
import { conclude, exitCodes, InputError, print, printJson } from '../output';
import { type NamedPolicy, policyWords, readNamedIteration, readNamedPolicy, requireSystem } from '../policyReference';
import { type RecordingFiles, readRecordingFiles } from '../recordingFiles';

interface ReplayOptions {
  readonly on?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** `ibrl replay`: shadow mode. What a policy would have done where something else acted. */
export function register(program: Command): void {
  program
    .command('replay')
    .description('show what a policy would have done on recordings (shadow mode)')
    .argument('<policy>', policyWords)
    .argument('<files...>', 'recordings: batch.parquet files of runs, or CSV files')
    .option('--on <run:iteration>', 'whose behaviour policy tells support, and whose bounds margins (default: where the policy comes from)')
    .option('--out <file>', 'write every frame to a CSV file: recorded and would-be actions, support')
    .option('--json', 'print JSON: { policy, files, on, diff }, where before is what was recorded and after what the policy would have done')
    .action((policy: string, files: readonly string[], options: ReplayOptions) =>
      conclude(options.json, async () => {
        const named = readNamedPolicy(policy, process.cwd());
        const on = options.on === undefined ? named.origin : readNamedIteration(options.on, process.cwd());
        const view = on === null ? null : await openIteration(on.reader, on.iteration);
        const recordings = await readRecordingFiles(files, process.cwd(), systemOf(named, view), view?.experiment ?? null);
        const chosen = { ...recordings, chosen: chosenFrames(recordings.batch) };
        const diff = shadow(named, view, chosen, sampleFrames(chosen.chosen));
        if (options.out !== undefined) writeFileAtomically(resolve(options.out), everyFrame(chosen, view, shadow(named, view, chosen, sampleFrames(chosen.chosen, Infinity))), { sync: false });
        if (options.json) printJson({ policy: { name: policy, kind: named.kind, sha256: named.sha256 }, files: recordings.files, on: on && { run: on.reader.description.id, iteration: on.iteration }, diff });
        else print(describe(named, view, recordings, diff));
        return exitCodes.done;
      }),
    );
}

interface Chosen extends RecordingFiles {
  readonly chosen: RecordingFiles['batch'];
}

/** States and actions that the policy knows. @throws InputError other-system */
function systemOf(named: NamedPolicy, view: IterationView | null): Pick<SystemDescription, 'states' | 'actions'> {
  if (view === null) return named.kind === 'policy' ? describePolicySystem(named.definition).description : withoutRun();
  requireSystem(named, view);
  return view.description;
}

function withoutRun(): never {
  throw new InputError('no-recordings', 'The behaviour policy comes from a run. Name it as RUN:ITERATION/behaviour.');
}

function shadow(named: NamedPolicy, view: IterationView | null, { batch, chosen }: Chosen, sample: FrameSample): PolicyDiff {
  const taken = takenActions(chosen, batch, sample);
  const model = view?.models.behaviour ?? null;
  const support = view === null || model === null ? null : behaviourSupport(model, chosen, view.frame.scales);
  if (named.kind === 'behaviour') {
    if (view === null || model === null) return withoutRun();
    return policyDiff(view.description, view.frame.bounds, chosen, sample, taken, behaviourActions(model, chosen, view.frame.scales, sample), support);
  }
  const would = recordedActions(createPolicyController(named.definition), chosen, sample);
  const own = describePolicySystem(named.definition);
  const { description, bounds } = view === null ? own : { description: { states: view.description.states, actions: named.definition.actions }, bounds: view.frame.bounds };
  return policyDiff(description, bounds, chosen, sample, taken, would, support);
}

/** All frames as CSV, with units in the header where there are any. */
function everyFrame({ chosen }: Chosen, view: IterationView | null, { sample, actions, support }: PolicyDiff): string {
  const withUnit = (text: string, unit = '1'): string => (unit === '1' ? text : `${text} [${unit}]`);
  const states = chosen.stateNames.map((name) => withUnit(name, view?.description.states.find((state) => state.name === name)?.unit));
  const heading = ['episode', 'step', ...states, ...actions.flatMap(({ name, unit }) => [withUnit(`${name} recorded`, unit), withUnit(`${name} would be`, unit)]), ...(support === null ? [] : ['supported'])];
  const lines = sample.row.map((row, i) =>
    [
      sample.episode[i], row, ...chosen.stateNames.map((name) => sample.states[name][i]), ...actions.flatMap(({ before, after }) => [before[i], after[i]]),
      ...(support === null ? [] : [support.after[i] >= 0 ? 1 : 0]),
    ].join(','),
  );
  return [heading.map(quoted).join(','), ...lines, ''].join('\n');
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function describe({ name }: NamedPolicy, view: IterationView | null, { files, batch }: RecordingFiles, diff: PolicyDiff): string {
  const words = ['recorded', 'would be'] as const;
  const episodes = batch.episodes.length;
  return [
    `${name} in the shadow of ${files.map(({ file }) => file).join(', ')}: ${diff.sample.row.length} frames of ${episodes} ${episodes === 1 ? 'episode' : 'episodes'}`,
    ...actionTables(diff.actions, words),
    safetyTable(diff, words),
    view === null ? 'Support is not known: the file lies in no run. Name a run whose behaviour policy tells it: --on RUN:ITERATION.' : '',
  ].filter((part) => part !== '').join('\n\n');
}
