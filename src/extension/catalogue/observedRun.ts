import type { FoundRun } from '../../launcher/adopt';
import type { Decision } from '../../run/contract';
import type { RunReader } from '../../run/reader';
import { iterationFiles } from '../../run/paths';
import { meanOf } from './mean';
import { takesRecordings } from './resumable';
import { RunClock } from './runClock';
import { failureWords } from '../../run/spokenEvents';

/** What a list says of one iteration. Costs are per step, undiscounted. */
export interface IterationResult {
  readonly iteration: number;
  /** mean over the policies of what really happened; null before its evaluation */
  readonly cost: number | null;
  /** mean over the policies of what the models promise; null before the prediction */
  readonly promised: number | null;
  /** policies 1 … K */
  readonly policies: readonly { readonly policy: number; readonly cost: number | null; readonly promised: number | null }[];
  /** 1 … K; null: keep the present controller, or not known yet */
  readonly recommended: number | null;
  readonly decision: Decision['decision'] | null;
}

/** The process of a run's last attempt. */
export interface ObservedTrainer {
  /** null when it does not work now, or cannot be seen from here */
  readonly pid: number | null;
  /** ISO 8601; null before it began */
  readonly begun: string | null;
  /** as it said itself; null while it works, and when it ended without a word */
  readonly exitCode: number | null;
}

/** A run as trees, status bar and side panel show it. */
export interface ObservedRun extends FoundRun {
  /** the experiment file; null when nobody said */
  readonly source: string | null;
  readonly attempt: number;
  readonly trainer: ObservedTrainer;
  /** that were searched together */
  readonly policies: number;
  /** iterations of which something is known, in order */
  readonly results: readonly IterationResult[];
  /** recordings can join its newest iteration */
  readonly takesRecordings: boolean;
  readonly failure: { readonly code: string; readonly message: string } | null;
  /** a stop that was asked for and not answered yet */
  readonly stopping: 'after-iteration' | 'now' | null;
  /** share of the current phase that is done, 0 … 1; null when nothing is at work */
  readonly phaseDone: number | null;
  /** of work, as `RunClock` estimates it; null when nothing can be said */
  readonly remainingMs: number | null;
  /** health signs that are raised and other warnings */
  readonly warnings: number;
}

/** The cost of the last evaluated iteration. */
export function latestCost(run: ObservedRun): { readonly iteration: number; readonly cost: number } | null {
  const last = run.results.findLast((result) => result.cost !== null);
  return last === undefined || last.cost === null ? null : { iteration: last.iteration, cost: last.cost };
}

/** Makes one run's line. Keeps the results of iterations, whose files never change under one sha256. */
export class RunObservation {
  private readonly kept = new Map<number, { readonly key: string; readonly result: IterationResult }>();
  private timed: { readonly reader: RunReader; readonly clock: RunClock; events: number } | null = null;

  /** Reads the files that `observe` needs and that have not been read yet, an iteration in a piece. @throws RunError as `observe` */
  *prepare(reader: RunReader): Generator<void> {
    for (let iteration = 1; iteration <= reader.description.iterations; iteration++) {
      const before = this.kept.get(iteration);
      if (this.result(reader, iteration) !== (before?.result ?? null)) yield;
    }
  }

  /** @throws RunError when a file that an event names is missing or damaged */
  observe(reader: RunReader, now: number): ObservedRun {
    const { folder, description, fold } = reader;
    const { position } = fold;
    const state = reader.state();
    const results: IterationResult[] = [];
    for (let iteration = 1; iteration <= description.iterations; iteration++) {
      const result = this.result(reader, iteration);
      if (result !== null) results.push(result);
    }
    const requests = state === 'running' ? reader.pendingRequests() : [];
    return {
      id: description.id,
      folder,
      name: description.name,
      state,
      created: description.created,
      asOf: fold.asOf,
      iteration: position?.iteration ?? null,
      phase: position?.phase ?? null,
      iterations: description.iterations,
      source: description.source,
      attempt: fold.attempt,
      trainer: { pid: state === 'running' ? reader.workerPid : null, begun: fold.attemptStarted?.time ?? null, exitCode: fold.attemptEnded?.exitCode ?? null },
      policies: description.policies,
      results,
      takesRecordings: takesRecordings(state, fold),
      failure: fold.failure === null ? null : { code: fold.failure.code, message: failureWords(fold.failure).message },
      stopping: requests.some(({ kind }) => kind === 'stop-now') ? 'now' : requests.some(({ kind }) => kind === 'stop-after-iteration') ? 'after-iteration' : null,
      phaseDone: state === 'running' && position !== null ? position.done / Math.max(1, position.total) : null,
      remainingMs: this.clockOf(reader).timing(description.iterations, state === 'running', now).remainingMs,
      warnings: fold.toldOf('warning').length,
    };
  }

  /** Up to the reader's last event. */
  private clockOf(reader: RunReader): RunClock {
    if (this.timed?.reader !== reader) this.timed = { reader, clock: new RunClock(), events: 0 };
    const { clock, events } = this.timed;
    for (const event of reader.events.slice(events)) clock.add(event);
    this.timed.events = reader.events.length;
    return clock;
  }

  private result(reader: RunReader, iteration: number): IterationResult | null {
    const shaOf = (path: string): string => reader.fold.files.get(path)?.sha256 ?? '';
    const decision = reader.fold.decisions.get(iteration)?.decision ?? null;
    const key = [shaOf(iterationFiles.evaluation(iteration)), shaOf(iterationFiles.predicted(iteration)), decision].join(' ');
    const kept = this.kept.get(iteration);
    if (kept?.key === key) return kept.result;
    const result = readResult(reader, iteration, decision);
    if (result !== null) this.kept.set(iteration, { key, result });
    return result;
  }
}

function readResult(reader: RunReader, iteration: number, decision: Decision['decision'] | null): IterationResult | null {
  const evaluation = reader.evaluation(iteration);
  const predicted = reader.predicted(iteration);
  if (evaluation === null && predicted === null) return null;
  const numbers = [...new Set([...(evaluation?.policies ?? []), ...(predicted?.policies ?? [])].map(({ policy }) => policy))].toSorted((a, b) => a - b);
  const costOf = (scores: readonly { readonly policy: number; readonly costs: readonly number[] }[] | undefined, policy: number): number | null => {
    const found = scores?.find((one) => one.policy === policy);
    return found === undefined ? null : meanOf(found.costs);
  };
  const policies = numbers.map((policy) => ({ policy, cost: costOf(evaluation?.policies, policy), promised: costOf(predicted?.policies, policy) }));
  const mean = (values: readonly (number | null)[]): number | null => meanOf(values.filter((value) => value !== null));
  return {
    iteration,
    cost: mean(policies.map(({ cost }) => cost)),
    promised: mean(policies.map(({ promised }) => promised)),
    policies,
    recommended: evaluation?.recommended ?? predicted?.recommended ?? null,
    decision,
  };
}
