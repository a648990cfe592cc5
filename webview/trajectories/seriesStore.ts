import type { TrajectoriesMessage, TrajectoriesRequest } from '../../src/messages/trajectories';
import { valueAt } from '../series/seriesChart';

type SeriesAnswer = Extract<TrajectoriesMessage, { kind: 'series' }>;
type FrameAnswer = Extract<TrajectoriesMessage, { kind: 'frame' }>;
type Asked = Extract<TrajectoriesRequest, { kind: 'series' | 'frame' }>;

/** What the page wants to show. */
export interface Wanted {
  /** of the recording */
  readonly key: string;
  readonly episodes: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly together: readonly string[];
}

const nothingThere = { steps: new Float32Array(), values: new Float32Array() };

/**
 * Series by range: one request is under way at a time, and the old range stays until the new one is there. Numbers at one
 * step are exact: from the series where it holds every step, else asked for.
 */
export class SeriesStore {
  private series: SeriesAnswer | null = null;
  private frame: FrameAnswer | null = null;
  private lastId = 0;
  private asked = '';
  private underWay = false;
  private frameAsked = '';

  constructor(private readonly send: (request: Asked) => void) {}

  /** A reloaded page, or another host, has lost what was under way. */
  forget(): void {
    this.asked = '';
    this.frameAsked = '';
    this.underWay = false;
  }

  /** Asks for what is missing. */
  want(wanted: Wanted): void {
    if (this.covers(wanted)) return;
    const text = JSON.stringify(wanted);
    if (text === this.asked || this.underWay) return;
    this.asked = text;
    this.underWay = true;
    this.lastId++;
    this.send({ kind: 'series', id: this.lastId, episodes: [...wanted.episodes], from: wanted.from, to: wanted.to, together: [...wanted.together] });
  }

  private covers({ key, episodes, from, to }: Wanted): boolean {
    const { series } = this;
    if (series === null || series.key !== key || !episodes.every((episode) => series.episodes.some((one) => one.episode === episode))) return false;
    return (series.from === from && series.to === to) || (series.exact && series.from <= from && series.to >= to);
  }

  /** @returns whether it is what was asked for last */
  take(answer: SeriesAnswer): boolean {
    this.underWay = false;
    if (answer.id !== this.lastId) return false;
    this.series = answer;
    return true;
  }

  takeFrame(answer: FrameAnswer): void {
    this.frameAsked = '';
    this.frame = answer;
  }

  /** A variable of an episode over the range that is there; empty before any is. */
  line(key: string, episode: number, name: string): { readonly steps: ArrayLike<number>; readonly values: ArrayLike<number> } {
    if (this.series?.key !== key) return nothingThere;
    return this.series.episodes.find((one) => one.episode === episode)?.variables.find((variable) => variable.name === name) ?? nothingThere;
  }

  /** Exact, or NaN until it is known. @param names columns of the recording */
  value(key: string, episode: number, names: readonly string[], name: string, step: number): number {
    if (this.series?.key === key && this.series.exact && step >= this.series.from && step <= this.series.to) {
      const { steps, values } = this.line(key, episode, name);
      return valueAt(steps, values, step);
    }
    const row = this.frame?.key === key && this.frame.step === step ? this.frame.episodes.indexOf(episode) : -1;
    return row < 0 ? Number.NaN : (this.frame?.values[row * names.length + names.indexOf(name)] ?? Number.NaN);
  }

  /** Asks for the numbers at a step that no series holds. */
  wantFrame(key: string, episodes: readonly number[], step: number): void {
    const inSeries = this.series?.key === key && this.series.exact && step >= this.series.from && step <= this.series.to;
    const there = this.frame?.key === key && this.frame.step === step && episodes.every((episode) => this.frame?.episodes.includes(episode));
    const text = `${key} ${step} ${episodes.join(' ')}`;
    if (inSeries || there || text === this.frameAsked || episodes.length === 0) return;
    this.frameAsked = text;
    this.send({ kind: 'frame', episodes: [...episodes], step });
  }

  /** Points that are held of the longest series. */
  get points(): number {
    return Math.max(0, ...(this.series?.episodes.flatMap(({ variables }) => variables.map(({ values }) => values.length)) ?? []));
  }
}
