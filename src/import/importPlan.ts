import { describeExperiment } from '../experiment/describeExperiment';
import { createTest } from '../experiment/evaluateExpression';
import type { Experiment, RecordingSettings } from '../experiment/experiment';
import { variablesIn } from '../experiment/expression';
import type { ImportPlan, RowFilter } from './recordings';

/** Name of the column that follows states and actions where the reward is recorded. No variable can be called so. */
export const REWARD = '(reward)';

/**
 * What an experiment takes from recordings: its states (disturbances among them), then its actions, in the order of the
 * description, then the reward where it is a column.
 *
 * @throws RangeError for an experiment without recordings
 */
export function importPlan(experiment: Experiment): ImportPlan {
  const { files } = experiment.data;
  if (files === null) throw new RangeError('This experiment generates its recordings.');
  const { states, actions } = describeExperiment(experiment);
  const { columns, time, samplingTime, episodes, where } = files;
  return {
    columns: [
      ...[...states, ...actions].map(({ name }) => ({ name, heading: columns[name] })),
      ...(experiment.reward?.kind === 'column' ? [{ name: REWARD, heading: experiment.reward.column }] : []),
    ],
    time,
    episode: episodes?.kind === 'column' ? episodes.column : null,
    gap: episodes?.kind === 'gap' ? episodes.gap : null,
    samplingTime,
    filter: where && rowFilter(where, columns),
  };
}

function rowFilter({ condition }: NonNullable<RecordingSettings['where']>, columns: RecordingSettings['columns']): RowFilter {
  const headingOf = (name: string): string => (Object.hasOwn(columns, name) ? columns[name] : name);
  const headings = variablesIn(condition).map(headingOf);
  const values = new Float64Array(headings.length);
  const holds = createTest(condition, (name) => {
    const at = headings.indexOf(headingOf(name));
    return () => values[at];
  });
  return {
    headings,
    keeps(row) {
      headings.forEach((heading, i) => (values[i] = row.get(heading) ?? Number.NaN));
      return holds();
    },
  };
}
