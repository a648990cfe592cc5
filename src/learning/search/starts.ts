import type { SystemDescription } from '../../experiment/experiment';
import type { Batch } from '../data/batch';
import type { Scales } from '../data/scaling';
import { columnScales, copyWindow, scaleFrames, windowColumns } from '../data/window';
import type { Execution } from '../engine/engine';
import type { Random } from '../random';
import type { RolloutProgram } from './rolloutProgram';
import { exogenousStates } from './stateProgram';

/** Frames of a batch at which rollouts begin. */
export interface Starts {
  readonly episodes: Int32Array;
  readonly rows: Int32Array;
}

/**
 * Draws where rollouts begin: over all frames of the batch, or over the episodes' first frames only.
 * @param firstShare with `rows`: the share of starts drawn over first frames all the same
 */
export function drawStarts(batch: Batch, count: number, settings: { readonly from: 'rows' | 'first'; readonly firstShare: number }, random: Random): Starts {
  const episodes = new Int32Array(count);
  const rows = new Int32Array(count);
  const frames = batch.episodes.reduce((sum, episode) => sum + episode.frames, 0);
  for (let i = 0; i < count; i++) {
    const first = settings.from === 'first' || random.next() < settings.firstShare;
    let at = first ? 0 : random.integer(frames);
    let episode = first ? random.integer(batch.episodes.length) : 0;
    while (!first && at >= batch.episodes[episode].frames) at -= batch.episodes[episode++].frames;
    episodes[i] = episode;
    rows[i] = at;
  }
  return { episodes, rows };
}

/** Draws starts over the frames behind which the recording goes on for so many steps; over all frames where there is none such. */
export function drawLongStarts(batch: Batch, count: number, steps: number, random: Random): Starts {
  const frames = batch.episodes.map((episode) => Math.max(0, episode.frames - steps));
  const total = frames.reduce((sum, own) => sum + own, 0);
  if (total === 0) return drawStarts(batch, count, { from: 'rows', firstShare: 0 }, random);
  const starts: Starts = { episodes: new Int32Array(count), rows: new Int32Array(count) };
  for (let i = 0; i < count; i++) {
    let row = random.integer(total);
    let episode = 0;
    while (row >= frames[episode]) row -= frames[episode++];
    starts.episodes[i] = episode;
    starts.rows[i] = row;
  }
  return starts;
}

/** Writes starts into a rollout's execution. Scaled frames are made once for a batch. */
export class StartWriter {
  private readonly windows;
  private readonly states: Float32Array[];
  private readonly actions: Float32Array[];
  /** columns of the exogenous variables among the states */
  private readonly exogenous: readonly number[];

  constructor(private readonly rollout: RolloutProgram, private readonly batch: Batch, description: SystemDescription, scales: Scales) {
    this.windows = rollout.windows.map(({ columns, frames, value }) => {
      const found = windowColumns(columns, batch.stateNames, batch.actionNames);
      const ofColumns = columnScales(found, scales);
      return { value, frames, width: columns.length, scaled: batch.episodes.map((episode) => scaleFrames(episode, found, ofColumns)) };
    });
    const all = (names: readonly string[]) => {
      const columns = windowColumns(names, batch.stateNames, batch.actionNames);
      return batch.episodes.map((episode) => scaleFrames(episode, columns, columnScales(columns, scales)));
    };
    this.states = all(description.states.map((variable) => variable.name));
    this.actions = all(description.actions.map((action) => action.name));
    this.exogenous = exogenousStates(description);
  }

  /**
   * @param starts one after the other: with `all`, each goes through every member; with `one`, through the member in turn
   */
  write(execution: Execution, starts: Starts, members: 'all' | 'one'): void {
    const { program } = this.rollout;
    const perMember = program.starts;
    const count = starts.rows.length;
    const slots = program.members * perMember;
    /** which start a member's rollout begins at, or −1 where starts are fewer than places */
    const startOf = (member: number, slot: number) => {
      const index = members === 'all' ? slot : slot * program.members + member;
      return index < count ? index : -1;
    };
    const used = members === 'all' ? program.members * count : count;
    const gather = (rows: number, copy: (episode: number, row: number, out: Float32Array) => void): Float32Array => {
      const out = new Float32Array(slots * rows);
      const one = new Float32Array(rows);
      for (let member = 0; member < program.members; member++)
        for (let slot = 0; slot < perMember; slot++) {
          const start = Math.max(0, startOf(member, slot));
          copy(starts.episodes[start], starts.rows[start], one);
          for (let r = 0; r < rows; r++) out[(member * rows + r) * perMember + slot] = one[r];
        }
      return out;
    };
    const weight = new Float32Array(slots);
    for (let member = 0; member < program.members; member++) for (let slot = 0; slot < perMember; slot++) weight[member * perMember + slot] = startOf(member, slot) < 0 ? 0 : 1 / used;
    execution.write(this.rollout.weight, weight);
    const frame = (scaled: readonly Float32Array[], width: number) => (episode: number, row: number, out: Float32Array) => out.set(scaled[episode].subarray(row * width, (row + 1) * width));
    execution.write(this.rollout.state, gather(this.batch.stateNames.length, frame(this.states, this.batch.stateNames.length)));
    execution.write(this.rollout.previous, gather(this.batch.actionNames.length, frame(this.actions, this.batch.actionNames.length)));
    if (this.rollout.exogenous !== null) execution.write(this.rollout.exogenous, gather(program.steps * this.exogenous.length, (episode, row, out) => this.replay(episode, row, out)));
    for (const { value, frames, width, scaled } of this.windows) execution.write(value, gather(frames * width, (episode, row, out) => copyWindow(scaled[episode], width, row, frames, out, 0)));
  }

  /** The exogenous variables' recorded values behind a start, [steps × variables]; after the recording's end its last one holds. */
  private replay(episode: number, row: number, out: Float32Array): void {
    const width = this.batch.stateNames.length;
    const count = this.exogenous.length;
    const last = this.batch.episodes[episode].frames - 1;
    for (let step = 0; step < this.rollout.program.steps; step++) {
      const from = Math.min(row + step + 1, last) * width;
      for (let i = 0; i < count; i++) out[step * count + i] = this.states[episode][from + this.exogenous[i]];
    }
  }
}

/** γ^t for every step and start, [steps × starts]. */
export function discountInput(discount: number, steps: number, starts: number): Float32Array {
  const out = new Float32Array(steps * starts);
  let factor = 1;
  for (let step = 0; step < steps; step++, factor *= discount) out.fill(factor, step * starts, (step + 1) * starts);
  return out;
}

