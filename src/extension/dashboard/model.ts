import { basename } from 'node:path';
import type { ModelErrorView, RunView } from '../../messages/dashboard';
import { describeExperiment } from '../../experiment/describeExperiment';
import type { Experiment } from '../../experiment/experiment';
import type { EventOf, RunEvent } from '../../run/contract';
import type { RunReader } from '../../run/reader';
import { frozenExperiment } from '../frozenExperiment';
import { LossLog } from './loss';
import { marginPieces, marginsOf } from './margins';
import { RunCache } from './runCache';
import { scorePieces, scoresOf } from './scores';
import { takesRecordings } from '../catalogue/resumable';
import { RunClock } from '../catalogue/runClock';
import { failureWords, warningWords } from '../../run/spokenEvents';

/** What a page needs of an experiment, read once: the frozen text of a run never changes. */
interface ExperimentFacts {
  readonly constrained: boolean;
  readonly bounded: boolean;
  readonly units: ReadonlyMap<string, string>;
  readonly logarithmic: ReadonlySet<string>;
  readonly batchEpisodes: number | null;
}

/**
 * One run as a page shows it, kept up from its events. Nothing of `vscode` in here: who follows the folder gives the news
 * and takes the view.
 */
export class RunModel {
  private readonly cache: RunCache;
  private readonly clock = new RunClock();
  private readonly loss = new LossLog();
  private readonly facts: ExperimentFacts;
  private seen = 0;

  constructor(readonly reader: RunReader) {
    this.cache = new RunCache(reader);
    this.facts = readFacts(reader);
    this.follow(reader.events);
  }

  /** @param news events that were not given before; others are not counted twice */
  follow(news: readonly RunEvent[]): void {
    for (const event of news) {
      if (event.seq <= this.seen) continue;
      this.seen = event.seq;
      this.clock.add(event);
      this.loss.add(event);
    }
  }

  /** Reads what `view` needs of files, piece by piece: whoever has others to serve lets them in between. */
  *prepare(): Generator<void> {
    yield* scorePieces(this.cache);
    yield* marginPieces(this.cache, this.facts.units);
  }

  /** @param now ms since 1970 */
  view(now: number): RunView {
    const { reader, facts } = this;
    const { description, fold } = reader;
    const state = reader.state();
    const margins = marginsOf(this.cache, facts.units);
    const scores = scoresOf(this.cache);
    return {
      folder: reader.folder,
      id: description.id,
      name: description.name,
      source: description.source && basename(description.source),
      created: description.created,
      seed: description.seed,
      policies: description.policies,
      iterations: description.iterations,
      constrained: facts.constrained,
      bounded: facts.bounded,
      batchEpisodes: facts.batchEpisodes,
      state,
      takesRecordings: takesRecordings(state, fold),
      asOf: fold.asOf,
      events: fold.seq,
      unreadable: [...this.cache.unreadable],
      position: fold.position,
      ...this.clock.timing(description.iterations, state === 'running', now),
      scores,
      loss: this.loss.view(reader),
      modelErrors: modelErrors(fold.toldOf('model-fitted'), facts),
      margins,
      signs: fold.toldOf('warning').map((warning) => ({ code: warning.code, iteration: warning.iteration, message: warningWords(warning), metrics: { ...warning.metrics } })),
      measuredSigns: new Set(fold.toldOf('health-measured').map(({ sign }) => sign)).size,
      nonFinite: fold.toldOf('non-finite').reduce((sum, event) => sum + event.count, 0),
      failure: fold.failure && failureWords(fold.failure),
      stopping: stopAsked(reader),
    };
  }
}

function stopAsked(reader: RunReader): RunView['stopping'] {
  const kinds = reader.pendingRequests().map(({ kind }) => kind);
  return kinds.includes('stop-now') ? 'now' : kinds.includes('stop-after-iteration') ? 'after-iteration' : null;
}

/** An experiment that this version does not understand still has a run to look at. */
function readFacts(reader: RunReader): ExperimentFacts {
  let experiment: Experiment | null = null;
  try {
    experiment = frozenExperiment(reader.experimentText());
  } catch {
    // the frozen text is missing: the run itself can be shown
  }
  if (experiment === null) return { constrained: false, bounded: false, units: new Map(), logarithmic: new Set(), batchEpisodes: null };
  const { states } = describeExperiment(experiment);
  return {
    constrained: experiment.safety.constrain,
    bounded: experiment.bounds.kind === 'percentiles' || Object.keys(experiment.bounds.values).length > 0,
    units: new Map(states.map(({ name, unit }) => [name, unit])),
    logarithmic: new Set(states.flatMap((state) => ('logFloor' in state && state.logFloor !== null ? [state.name] : []))),
    batchEpisodes: experiment.data.generate?.episodes ?? null,
  };
}

function modelErrors(fitted: readonly EventOf<'model-fitted'>[], facts: ExperimentFacts): ModelErrorView[] {
  const transition = fitted.filter(({ model }) => model === 'transition');
  const names = [...new Set(transition.flatMap(({ residualSpread }) => Object.keys(residualSpread)))];
  const iterations = [...new Set(transition.map(({ iteration }) => iteration))].sort((a, b) => a - b);
  return names.map((name) => ({
    name,
    unit: facts.units.get(name) ?? '',
    logarithmic: facts.logarithmic.has(name),
    iterations: iterations.map((iteration) => ({
      iteration,
      members: transition.filter((one) => one.iteration === iteration).flatMap(({ residualSpread }) => (name in residualSpread ? [residualSpread[name]] : [])),
    })),
  }));
}
