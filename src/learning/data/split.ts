import { sentence } from '../../sentence/sentence';
import type { Random } from '../random';
import type { Batch, Episode } from './batch';
import { DataError } from './dataError';

/** Which rows are held out, for each episode: [frames] of 0 (training) and 1 (hold-out). */
export interface Split {
  readonly heldOut: readonly Uint8Array[];
}

/** Transitions, as pairs: the row `rows[i]` of episode `episodes[i]` and the row after it. */
export interface Transitions {
  readonly episodes: Int32Array;
  readonly rows: Int32Array;
}

/**
 * Chooses what to hold out. Each iteration is split by itself, so that every deployment gives rows to both sides and
 * every row keeps its side when later ones join: whole episodes where the share amounts to one or more, else one time
 * block of every episode.
 *
 * @param share   of each iteration's rows to hold out, in (0, 1)
 * @param history frames in a model's window: a block must be long enough to hold whole windows
 * @param random  only forked, never advanced: the same split in every iteration
 * @throws DataError `too-few-rows` when an iteration cannot give a transition to both sides
 */
export function splitBatch(batch: Batch, share: number, history: number, random: Random): Split {
  if (!(share > 0 && share < 1)) throw new RangeError(`The hold-out share lies between 0 and 1, not at ${share}.`);
  const heldOut = batch.episodes.map((episode) => new Uint8Array(episode.frames));
  for (const iteration of new Set(batch.episodes.map((episode) => episode.iteration))) {
    const members = batch.episodes.map((_, index) => index).filter((index) => batch.episodes[index].iteration === iteration);
    splitIteration(batch.episodes, members, heldOut, share, history, random.fork('split', iteration));
  }
  return { heldOut };
}

/**
 * The transitions of each side. A transition belongs to a side when its window and its next frame do, all of them; a
 * window that crosses a border belongs to neither.
 */
export function splitTransitions(batch: Batch, split: Split, history: number): { readonly training: Transitions; readonly holdout: Transitions } {
  const sides = [new TransitionList(), new TransitionList()];
  batch.episodes.forEach((episode, index) => {
    const heldOut = split.heldOut[index];
    for (let row = 0; row + 1 < episode.frames; row++) {
      const side = sideOf(heldOut, row, history);
      if (side !== null) sides[side].push(index, row);
    }
  });
  return { training: sides[0].done(), holdout: sides[1].done() };
}

function splitIteration(
  episodes: readonly Episode[],
  members: readonly number[],
  heldOut: readonly Uint8Array[],
  share: number,
  history: number,
  random: Random,
): void {
  const wholeEpisodes = (): void => {
    const order = [...members];
    const count = Math.min(order.length - 1, Math.max(1, Math.round(share * order.length)));
    for (let i = 0; i < count; i++) {
      const j = i + random.integer(order.length - i);
      [order[i], order[j]] = [order[j], order[i]];
      heldOut[order[i]].fill(1);
    }
  };
  if (members.length > 1 && Math.round(share * members.length * 1e6) >= 1e6) {
    wholeEpisodes();
  } else {
    for (const index of members) holdOutBlock(heldOut[index], share, history, random);
    if (!bothSides(members, heldOut, history) && members.length > 1) {
      for (const index of members) heldOut[index].fill(0);
      wholeEpisodes();
    }
  }
  if (!bothSides(members, heldOut, history)) {
    throw new DataError(
      'too-few-rows',
      sentence('Iteration {0} recorded too little to train and to check a model: record more or longer episodes, or lower models.history ({1}).', episodes[members[0]].iteration, history),
    );
  }
}

/**
 * Holds out one block that gives about `share` of the episode's transitions. A block inside the episode costs `history`
 * transitions at each of its borders, so a short episode gives its beginning or its end instead.
 */
function holdOutBlock(heldOut: Uint8Array, share: number, history: number, random: Random): void {
  const frames = heldOut.length;
  const wanted = Math.max(1, Math.round(share * (frames - 1)));
  const length = wanted + history;
  const free = frames - length;
  if (free >= 4 * history && free > wanted) {
    const start = random.integer(free + 1);
    heldOut.fill(1, start, start + length);
  } else if (random.integer(2) === 0) {
    heldOut.fill(1, 0, Math.min(frames, wanted + 1));
  } else {
    heldOut.fill(1, Math.max(0, free));
  }
}

function bothSides(members: readonly number[], heldOut: readonly Uint8Array[], history: number): boolean {
  const seen = [false, false];
  for (const index of members) {
    for (let row = 0; row + 1 < heldOut[index].length; row++) {
      const side = sideOf(heldOut[index], row, history);
      if (side !== null) seen[side] = true;
      if (seen[0] && seen[1]) return true;
    }
  }
  return false;
}

/** The side of the transition row → row + 1 with its window, or null when it crosses a border. */
function sideOf(heldOut: Uint8Array, row: number, history: number): 0 | 1 | null {
  const side = heldOut[row + 1];
  for (let i = Math.max(0, row - history + 1); i <= row; i++) {
    if (heldOut[i] !== side) return null;
  }
  return side === 1 ? 1 : 0;
}

class TransitionList {
  private readonly episodes: number[] = [];
  private readonly rows: number[] = [];

  push(episode: number, row: number): void {
    this.episodes.push(episode);
    this.rows.push(row);
  }

  done(): Transitions {
    return { episodes: Int32Array.from(this.episodes), rows: Int32Array.from(this.rows) };
  }
}
