import { setImmediate as nextTurn } from 'node:timers/promises';
import { type EpisodeSeries, type EpisodeView, mostPoints } from '../../messages/trajectories';
import { pieceNumbers } from '../../report/pieces';
import type { Float32File } from '../../run/float32File';
import { ExtremesOfStretches } from './extremes';
import { ViolationCount } from './violations';

/** trajectories.f32 that is sound but not laid out as docs/run-folder.md says. */
export class LayoutError extends Error {
  override readonly name = 'LayoutError';
  readonly code = 'unexpected-layout';
}

/**
 * The deployed episodes of an iteration, read by range and in pieces: the process that asks has other things to do.
 * [episodes × frames × variables], NaN behind the end of an episode.
 */
export class Recording {
  readonly names: readonly string[];
  readonly episodes: number;
  readonly frames: number;
  /** policy of each episode, from 1 */
  readonly policies: readonly number[];
  /** by variable, as resolved for the run */
  readonly bounds: Readonly<Record<string, readonly [number, number]>>;

  /** @param file stays open until `close` @throws LayoutError */
  constructor(private readonly file: Float32File) {
    const { names, shape, notes } = file.header;
    if (shape.length !== 3) throw new LayoutError(`The recorded episodes have ${shape.length} axes instead of 3. Were they written by another version?`);
    this.names = names;
    [this.episodes, this.frames] = shape;
    const told: unknown = notes['policies'];
    this.policies = Array.isArray(told) && told.length === this.episodes && told.every((policy) => Number.isSafeInteger(policy)) ? (told as number[]) : Array.from({ length: this.episodes }, (_, episode) => episode + 1);
    this.bounds = boundsOf(notes['bounds']);
  }

  /** Where each episode ends and where it left the bounds. @throws AbortError */
  async index(signal: AbortSignal): Promise<EpisodeView[]> {
    const views: EpisodeView[] = [];
    const columns = this.names.length;
    for (let episode = 0; episode < this.episodes; episode++) {
      const counts = this.names.flatMap((name, column) => (Object.hasOwn(this.bounds, name) ? [{ column, count: new ViolationCount(name, this.bounds[name]) }] : []));
      let last = -1;
      await this.pieces(episode, 0, this.frames - 1, signal, (first, data) => {
        for (let frame = 0; frame * columns < data.length; frame++) {
          const start = frame * columns;
          let reached = false;
          for (let column = 0; column < columns && !reached; column++) reached = !Number.isNaN(data[start + column]);
          if (!reached) continue;
          last = first + frame;
          // the first frame is where the episode was put; no controller chose it
          if (last > 0) for (const { column, count } of counts) count.add(last, data[start + column]);
        }
      });
      views.push({ policy: this.policies[episode], last, violations: counts.flatMap(({ count }) => count.told()) });
    }
    return views;
  }

  /**
   * Steps `from` … `to` of some episodes with at most `mostPoints` points a series: every step, or the extremes of equal
   * stretches.
   * @param together variables that share their steps, so that they can be drawn against one another
   * @throws RangeError outside of the recording, AbortError
   */
  async series(episodes: readonly number[], from: number, to: number, together: readonly string[], signal: AbortSignal): Promise<{ readonly exact: boolean; readonly episodes: EpisodeSeries[] }> {
    const end = Math.min(to, this.frames - 1);
    if (!(from >= 0 && from <= end) || episodes.some((episode) => episode >= this.episodes)) throw new RangeError(`There are ${this.episodes} episodes of ${this.frames} frames, not ${from} … ${to} of ${episodes.join(', ')}.`);
    const exact = end - from + 1 <= mostPoints;
    const found: EpisodeSeries[] = [];
    for (const episode of episodes) {
      const extremes = new ExtremesOfStretches(this.names, together, from, end, exact ? null : mostPoints);
      await this.pieces(episode, from, end, signal, (first, data) => extremes.add(first, data));
      found.push({ episode, variables: extremes.told() });
    }
    return { exact, episodes: found };
  }

  /** Every variable at one step, [episodes × variables]. @throws RangeError */
  frame(episodes: readonly number[], step: number): Float32Array<ArrayBuffer> {
    const columns = this.names.length;
    const values = new Float32Array(episodes.length * columns);
    for (const [index, episode] of episodes.entries()) values.set(this.file.read((episode * this.frames + step) * columns, columns), index * columns);
    return values;
  }

  close(): void {
    this.file.close();
  }

  /** @param use told the first frame of a piece and its numbers, [frames × variables] */
  private async pieces(episode: number, from: number, to: number, signal: AbortSignal, use: (first: number, data: Float32Array) => void): Promise<void> {
    const columns = this.names.length;
    const most = Math.max(1, Math.floor(pieceNumbers / columns));
    for (let first = from; first <= to; first += most) {
      const frames = Math.min(most, to - first + 1);
      use(first, this.file.read((episode * this.frames + first) * columns, frames * columns));
      await nextTurn();
      signal.throwIfAborted();
    }
  }
}

function boundsOf(value: unknown): Record<string, readonly [number, number]> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, bounds]: [string, unknown]): [string, readonly [number, number]][] => (Array.isArray(bounds) && bounds.length === 2 && bounds.every((end) => typeof end === 'number') ? [[name, [bounds[0] as number, bounds[1] as number]]] : [])),
  );
}
