import { createEvaluator } from '../experiment/evaluateExpression';
import type { FindingCode } from '../experiment/findings';
import type { Expression } from '../experiment/expression';
import type { StateVariable, SystemDescription } from '../experiment/experiment';
import type { RecordedEpisode } from '../import/recordings';
import type { Batch, Episode } from '../learning/data/batch';
import { joined, type Sentence, sentence } from '../sentence/sentence';

/** Recordings that can be used, but hardly mean what the experiment says: a warning event. */
export interface RecordingDoubt {
  readonly code: 'outside-range' | 'formula-misses' | 'recorded-before' | 'unlike-before' | FindingCode;
  readonly said: Sentence;
  readonly metrics: Readonly<Record<string, number>>;
}

/** A formula is doubted when its error is more than this share of the variable's own change from row to row. */
const LARGEST_SHARE = 0.1;
/** … and more than this share of the physical width: what rounding in a file does. Nor is a variable elsewhere that is no farther away. */
const SMALLEST_ERROR = 1e-3;

/**
 * What is doubtful about recordings, variable by variable.
 * @param episodes where each comes from; null: a simulator program played them
 */
export function doubtsAbout(description: SystemDescription, batch: Batch, episodes: readonly RecordedEpisode[] | null): RecordingDoubt[] {
  const outside = columnsOf(description).flatMap(({ variable, column, source, count }) => outsideRange(variable, batch.episodes.map((episode) => ({ values: episode[source], column, count })), episodes));
  const formulas = description.states.flatMap((variable) => (variable.source === 'known' ? formulaError(variable, description, batch, episodes === null) : []));
  return [...outside, ...formulas];
}

/** Every variable and action with its column among `count` in an episode. */
function columnsOf({ states, actions }: SystemDescription) {
  return [
    ...states.map((variable, column) => ({ variable, column, source: 'states' as const, count: states.length })),
    ...actions.map((variable, column) => ({ variable, column, source: 'actions' as const, count: actions.length })),
  ];
}

/** New recordings are doubted when more than this share of their transitions is in those before. */
const LARGEST_REPEAT = 0.1;
/** Of more, so many are looked for, evenly spread: a share needs no more. */
const MOST_COMPARED = 20_000;

/** What is doubtful about new recordings beside those that a run has: the same rows again; a variable that was never where it now always is. */
export function doubtsBeside(description: SystemDescription, before: readonly Episode[], batch: Batch): RecordingDoubt[] {
  const elsewhere = columnsOf(description).flatMap(({ variable: { name, unit, range }, column, source, count }): RecordingDoubt[] => {
    const [then, now] = [before, batch.episodes].map((episodes) => extent(episodes.map((episode) => episode[source]), column, count));
    const distance = Math.max(now.low - then.high, then.low - now.high);
    if (distance <= SMALLEST_ERROR * (range[1] - range[0])) return [];
    const said = sentence('{0} is {1} to {2} {5} in these recordings, but was {3} to {4} {5} in all before. Check its unit and its column; if both are right, the models know nothing of it there.', name, ...[now.low, now.high, then.low, then.high].map(digits), unit);
    return [{ code: 'unlike-before', said, metrics: { distance } }];
  });
  return [...repeated(before, batch.episodes), ...elsewhere];
}

function repeated(before: readonly Episode[], now: readonly Episode[]): RecordingDoubt[] {
  const transitions = now.reduce((sum, { frames }) => sum + frames - 1, 0);
  const every = Math.ceil(transitions / MOST_COMPARED);
  const looked: string[] = [];
  const sums = new Set<number>();
  let index = 0;
  forTransitions(now, (episode, at) => {
    if (index++ % every !== 0) return;
    looked.push(textOf(episode, at));
    sums.add(sumOf(episode, at));
  });
  const wanted = new Set(looked);
  const found = new Set<string>();
  forTransitions(before, (episode, at) => {
    // what a run has may be millions of rows, and few of them have such a sum
    if (!sums.has(sumOf(episode, at))) return;
    const text = textOf(episode, at);
    if (wanted.has(text)) found.add(text);
  });
  const again = looked.filter((text) => found.has(text)).length;
  if (again <= LARGEST_REPEAT * looked.length) return [];
  const said = sentence('{0} of {1} transitions that were looked for are in the recordings of this run already. Leave them out, or they count twice.', again, looked.length);
  return [{ code: 'recorded-before', said, metrics: { again, transitions: looked.length } }];
}

function forTransitions(episodes: readonly Episode[], visit: (episode: Episode, at: number) => void): void {
  for (const episode of episodes) for (let at = 0; at + 1 < episode.frames; at++) visit(episode, at);
}

/** A transition by all its numbers. */
function textOf({ frames, states, actions }: Episode, at: number): string {
  const row = (values: Float64Array, of: number): string => values.subarray((of * values.length) / frames, ((of + 1) * values.length) / frames).join(' ');
  return `${row(states, at)} ${row(actions, at + 1)} ${row(states, at + 1)}`;
}

/** Of the states that a transition begins in: equal transitions have equal sums. */
function sumOf({ frames, states }: Episode, at: number): number {
  const width = states.length / frames;
  let sum = 0;
  for (let column = 0; column < width; column++) sum += states[at * width + column];
  return sum;
}

function extent(columns: readonly Float64Array[], column: number, width: number): { readonly low: number; readonly high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const values of columns) {
    for (let at = column; at < values.length; at += width) {
      low = Math.min(low, values[at]);
      high = Math.max(high, values[at]);
    }
  }
  return { low, high };
}

function outsideRange({ name, range: [low, high], unit }: { readonly name: string; readonly range: readonly [number, number]; readonly unit: string }, columns: readonly { readonly values: Float64Array; readonly column: number; readonly count: number }[], episodes: readonly RecordedEpisode[] | null): RecordingDoubt[] {
  let rows = 0;
  let worst = { distance: 0, value: 0, index: 0, frame: 0 };
  columns.forEach(({ values, column, count }, index) => {
    for (let frame = 0; frame * count < values.length; frame++) {
      const value = values[frame * count + column];
      const distance = Math.max(low - value, value - high);
      if (distance <= 0) continue;
      rows++;
      if (distance > worst.distance) worst = { distance, value, index, frame };
    }
  });
  if (rows === 0) return [];
  const said = episodes === null
    ? sentence('The simulator program takes {0} outside its range [{1}, {2}] {3} in {4} steps of the first recordings, farthest to {5}. Correct the range in both, or the program.', name, low, high, unit, rows, digits(worst.value))
    : sentence('{0} lies outside its range [{1}, {2}] {3} in {4} rows, farthest at {5} ({6}, about row {7}). Correct the range, or leave such rows out with data.where.', name, low, high, unit, rows, worst.value, episodes[worst.index].file, episodes[worst.index].rows[worst.frame]);
  return [{ code: 'outside-range', said, metrics: { rows, value: worst.value } }];
}

function formulaError(variable: StateVariable, description: SystemDescription, batch: Batch, played: boolean): RecordingDoubt[] {
  const { next, name, unit, range } = variable;
  if (next === null) return [];
  const own = description.states.indexOf(variable);
  const width = description.states.length;
  let [error, change, count] = [0, 0, 0];
  for (const episode of batch.episodes) {
    const foretold = nextValues(next, own, description, episode);
    // the first transition's action was held before it by assumption only; it did act, so it counts
    for (let row = 0; row + 1 < episode.frames; row++, count++) {
      const after = episode.states[(row + 1) * width + own];
      // at the end of its range a variable stops, and bounds within it hold all the same
      error += (Math.min(Math.max(foretold(row), range[0]), range[1]) - after) ** 2;
      change += (after - episode.states[row * width + own]) ** 2;
    }
  }
  const [missed, moved] = [Math.sqrt(error / count), Math.sqrt(change / count)];
  if (missed <= LARGEST_SHARE * moved || missed <= SMALLEST_ERROR * (range[1] - range[0])) return [];
  const said = joined([
    sentence('The formula of {0} misses the recordings by {1} {2} a row (root mean square), where it changes by {3}: bounds on it will not hold as they should.', name, digits(missed), unit, digits(moved)),
    played ? sentence('Correct the formula or the simulator program, or leave the formula out, so that it is learned.') : sentence('Check units, data.samplingTime, and that each row holds the actions that were set then and act until the next row; or leave the formula out, so that it is learned.'),
  ], ' ');
  return [{ code: 'formula-misses', said, metrics: { error: missed, change: moved } }];
}

/** The formula's value for the frame after a row. */
function nextValues(next: NonNullable<StateVariable['next']>, own: number, description: SystemDescription, { states, actions }: Episode): (row: number) => number {
  const [stateCount, actionCount] = [description.states.length, description.actions.length];
  if (next.kind === 'constant') return (row) => states[row * stateCount + own];
  const expression: Expression = next.kind === 'formula' ? next.expression : affineExpression(description.states[own].name, next);
  let at = 0;
  const value = createEvaluator(expression, (name) => {
    const state = description.states.findIndex((variable) => variable.name === name);
    if (state >= 0) return () => states[at * stateCount + state];
    const action = description.actions.findIndex((variable) => variable.name === name);
    return () => actions[(at + 1) * actionCount + action];
  });
  return (row) => {
    at = row;
    return value();
  };
}

function affineExpression(own: string, { action, gain }: { readonly action: string; readonly gain: number }): Expression {
  const moved: Expression = { kind: 'binary', operator: '*', left: { kind: 'number', value: gain }, right: { kind: 'variable', name: action, previous: false } };
  return { kind: 'binary', operator: '+', left: { kind: 'variable', name: own, previous: false }, right: moved };
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
