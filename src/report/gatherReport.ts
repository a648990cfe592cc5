import { t } from '@vscode/l10n';
import type { Experiment, SystemDescription } from '../experiment/experiment';
import { describeExperiment } from '../experiment/describeExperiment';
import { validateExperiment } from '../experiment/validate';
import { latestActions } from '../run/actions';
import type { Float32File } from '../run/float32File';
import { iterationFiles } from '../run/paths';
import type { RunReader } from '../run/reader';
import { failureWords } from '../run/spokenEvents';
import { readCurves, readTrajectories } from './readNumbers';
import type { NonFiniteCount, ReportData, ReportFact, ReportMap, ReportTrajectories, ReportVariable, SearchCurves } from './reportData';
import { policyCount } from './words';

/**
 * Reads what a report shows. Curves, trajectories or an experiment that cannot be read are named in `unreadable` and
 * left out; without the evaluations themselves there is no report.
 * @throws RunError when a file that an event names is missing or damaged
 */
export function gatherReport(reader: RunReader): ReportData {
  const unreadable: string[] = [];
  const summary = reader.summary();
  const { experiment } = validateExperiment(reader.experimentText());
  if (!experiment) unreadable.push(t('The experiment of this run does not suit this version, so variables and trajectories are left out.'));
  const description = experiment ? describeExperiment(experiment) : null;
  const states = description?.states.map((state) => state.name) ?? [];

  const curves: SearchCurves[] = [];
  const trajectories: ReportTrajectories[] = [];
  let resolved: Readonly<Record<string, readonly [number, number]>> = {};
  for (let iteration = 1; iteration <= reader.description.iterations; iteration++) {
    const found = readNumbers(reader, iterationFiles.curves(iteration), unreadable, (file) => readCurves(file, iteration));
    if (found) curves.push(found);
    const recorded = states.length === 0 ? null : readNumbers(reader, iterationFiles.trajectories(iteration), unreadable, (file) => readTrajectories(file, iteration, states));
    if (!recorded) continue;
    trajectories.push(...recorded.episodes);
    resolved = { ...resolved, ...recorded.bounds };
  }
  return {
    summary,
    asOf: reader.fold.asOf,
    discount: experiment?.search.discount ?? 1,
    evaluation: evaluationSize(reader),
    facts: gatherFacts(reader),
    curves,
    trajectories,
    actions: actionsOf(reader, unreadable),
    variables: experiment && description ? variablesOf(experiment, description, resolved) : [],
    map: description ? mapOf(description) : null,
    nonFinite: countNonFinite(reader),
    health: reader.fold.toldOf('health-measured').map(({ iteration, sign, raised, metrics }) => ({ iteration, sign, raised, metrics })),
    causes: reader.fold.failure === null ? [] : failureWords(reader.fold.failure).causes,
    unreadable,
  };
}

function readNumbers<Found>(reader: RunReader, path: string, unreadable: string[], read: (file: Float32File) => Found): Found | null {
  if (!reader.has(path)) return null;
  try {
    const file = reader.openNumbers(path);
    try {
      return read(file);
    } finally {
      file.close();
    }
  } catch (error) {
    unreadable.push(t('{0} is left out. {1}', path, error instanceof Error ? error.message : String(error)));
    return null;
  }
}

function actionsOf(reader: RunReader, unreadable: string[]): ReportData['actions'] {
  try {
    return latestActions(reader);
  } catch (error) {
    unreadable.push(t('What the policies do with the actuators is left out. {0}', error instanceof Error ? error.message : String(error)));
    return null;
  }
}

/** On how many episodes of how many steps every policy is scored. */
function evaluationSize(reader: RunReader): ReportData['evaluation'] {
  for (let iteration = 1; iteration <= reader.description.iterations; iteration++) {
    const evaluation = reader.evaluation(iteration);
    const first = evaluation?.policies[0];
    if (evaluation && first) return { episodes: first.costs.length, steps: evaluation.steps };
  }
  return null;
}

function variablesOf(experiment: Experiment, description: SystemDescription, resolved: Readonly<Record<string, readonly [number, number]>>): ReportVariable[] {
  const bounds = { ...(experiment.bounds.kind === 'values' ? experiment.bounds.values : {}), ...resolved };
  return description.states.map(({ name, unit, range }) => ({ name, unit, range, bounds: Object.hasOwn(bounds, name) ? bounds[name] : null }));
}

/** A system of two states has a map; a reward like a bell in both has its goal on it. */
function mapOf(description: SystemDescription): ReportMap | null {
  if (description.states.length !== 2) return null;
  const [x, y] = description.states.map((state) => state.name);
  const { formula } = description.reward;
  const goal = formula.kind === 'gaussian' && x in formula.centre && y in formula.centre ? { x: formula.centre[x], y: formula.centre[y], width: formula.width } : null;
  return { x, y, goal };
}

function countNonFinite(reader: RunReader): NonFiniteCount[] {
  const counts = new Map<string, NonFiniteCount>();
  for (const { iteration, phase, policy, count } of reader.fold.toldOf('non-finite')) {
    const key = `${iteration} ${phase} ${policy}`;
    counts.set(key, { iteration, phase, policy, count: count + (counts.get(key)?.count ?? 0) });
  }
  return [...counts.values()];
}

/** What the run ran with. No path: a report is passed on. */
function gatherFacts(reader: RunReader): ReportFact[] {
  const { description, fold } = reader;
  const started = fold.attemptStarted;
  const versions = { ...description.versions, ...started?.versions };
  const facts: ReportFact[] = [
    { label: t('run'), value: description.id },
    { label: t('created'), value: description.created },
    { label: t('seed'), value: String(description.seed) },
    { label: t('iterations'), value: t('{0}, each with {1}', description.iterations, policyCount(description.policies)) },
    { label: t('attempts'), value: String(fold.attempt) },
  ];
  if (started) facts.push({ label: t('engine'), value: t('{0}, {1} arithmetic, {2}', started.engine, started.arithmetic, started.threads === 1 ? t('1 thread') : t('{0} threads', started.threads)) });
  for (const [label, value] of Object.entries(versions)) facts.push({ label: t('version of {0}', label), value });
  facts.push({ label: t('sha256 of the experiment'), value: description.experimentSha256 });
  const added = fold.dataAdded.map(({ files }) => files);
  for (const [name, sha256] of [description.dataSha256, ...added].flatMap((files) => Object.entries(files))) facts.push({ label: t('sha256 of {0}', name), value: sha256 });
  return facts;
}
