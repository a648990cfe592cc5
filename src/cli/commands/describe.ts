import { dirname } from 'node:path';
import { t } from '@vscode/l10n';
import type { Command } from 'commander';
import { describeExperiment } from '../../experiment/describeExperiment';
import type { Experiment } from '../../experiment/experiment';
import { steeredVariables } from '../../experiment/systems';
import { validateExperimentBytes } from '../../experiment/validate';
import { largestFileBytes } from '../../experiment/yamlSource';
import { type Batch, countTransitions } from '../../learning/data/batch';
import { type ColumnDistribution, distributionsOf } from '../../learning/data/batchDistribution';
import { resolveBounds } from '../../learning/safety/bounds';
import type { DescribedVariable, ExperimentDescription } from '../../run/experimentDescription';
import { readBytesUpTo } from '../../run/readBytes';
import { speakAsEditor } from '../../sentence/editorLanguage';
import { recordingsFinding } from '../../trainer/firstBatchChecks';
import { previewBatch } from '../../trainer/recordings/previewBatch';
import { conclude, exitCodes, InputError, print, printJson, table } from '../output';

const bins = 40;

/** `ibrl describe`: an experiment's variables, and how the batch that it begins with is distributed. */
export function register(program: Command): void {
  program
    .command('describe')
    .description('show the variables of an experiment, and how its first batch is distributed')
    .argument('<file>', 'the experiment, *.ibrl.yaml')
    .option('--json', 'print JSON: { format, version, name, system, batch, variables: [ { name, role, unit, range, maxChange, bounds, recorded } ] }')
    .addHelpText('after', '\nA simulator program is not started: its batch is made by `train`.')
    .action((file: string, options: { readonly json?: boolean }) =>
      conclude(options.json, () => {
        speakAsEditor();
        const described = describe(file);
        if (options.json) printJson(described);
        else print(tell(described));
        return exitCodes.done;
      }),
    );
}

/** @throws InputError */
function describe(file: string): ExperimentDescription {
  const experiment = read(file);
  const { batch, bounds } = begin(experiment, file);
  const { actions, states } = describeExperiment(experiment);
  const recorded: ReadonlyMap<string, ColumnDistribution> = batch === null ? new Map() : distributionsOf(batch, bins);
  const common = ({ name, unit, range }: { readonly name: string; readonly unit: string; readonly range: readonly [number, number] }) => ({ name, unit, range, bounds: Object.hasOwn(bounds, name) ? bounds[name] : null, recorded: recorded.get(name) ?? null });
  return {
    format: 'ibrl-description',
    version: 1,
    name: experiment.name,
    system: experiment.system.kind,
    batch: batch && { episodes: batch.episodes.length, rows: batch.episodes.reduce((sum, { frames }) => sum + frames, 0), transitions: countTransitions(batch), longestEpisode: Math.max(...batch.episodes.map(({ frames }) => frames - 1)) },
    variables: [
      ...states.map((state): DescribedVariable => ({ ...common(state), role: state.source === 'exogenous' ? 'exogenous' : 'state', maxChange: null })),
      ...actions.map((action): DescribedVariable => ({ ...common(action), role: 'action', maxChange: action.maxChange })),
    ],
  };
}

function read(file: string): Experiment {
  let bytes: Uint8Array;
  try {
    bytes = readBytesUpTo(file, largestFileBytes + 1);
  } catch (cause) {
    throw new InputError('file-missing', t('{0} cannot be read: {1}', file, cause instanceof Error ? cause.message : String(cause)), { cause });
  }
  const { experiment, findings } = validateExperimentBytes(bytes);
  if (experiment !== null) return experiment;
  const { code, message, range } = findings.filter(({ severity }) => severity === 'error')[0];
  throw new InputError(code, `${file}:${range.start.line + 1}:${range.start.character + 1}: ${message} ${t('(ibrl validate lists everything that is wrong.)')}`);
}

/** The first batch, and the bounds as far as they are known. */
function begin(experiment: Experiment, file: string): { readonly batch: Batch | null; readonly bounds: Readonly<Record<string, readonly [number, number]>> } {
  const { bounds } = experiment;
  try {
    const batch = previewBatch(experiment, dirname(file));
    if (bounds.kind === 'values') return { batch, bounds: bounds.values };
    return { batch, bounds: batch === null ? {} : resolveBounds(bounds, steeredVariables(describeExperiment(experiment)), batch) };
  } catch (cause) {
    const finding = recordingsFinding(cause);
    if (finding === null) throw cause;
    throw new InputError(finding.code, finding.said, { cause });
  }
}

function tell({ batch, name, system, variables }: ExperimentDescription): string {
  const heading = batch === null ? 'The first batch is made by `train`, which starts the program.' : `First batch: ${batch.transitions} transitions in ${batch.episodes} episodes, the longest of ${batch.longestEpisode}.`;
  const rows = variables.map(({ bounds, name: variable, range, recorded, role, unit }) => [
    variable, role, unit, range.map(digits).join(' … '), bounds?.map(digits).join(' … ') ?? '–',
    ...(recorded === null ? ['–', '–', '–', '–', '–'] : [recorded.minimum, recorded.p5, recorded.mean, recorded.p95, recorded.maximum].map(digits)),
  ]);
  return `${name}: ${system}\n${heading}\n${table(['variable', 'role', 'unit', 'range', 'bounds', 'least', '5 %', 'mean', '95 %', 'most'], rows)}`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(4)));
}
