import type { Float32File } from '../run/float32File';
import type { ReportTrajectories, SearchCurves } from './reportData';
import { thin } from './thin';

/** Points drawn of one curve and of one episode: enough for the eye, small enough for a page. */
const pointsPerCurve = 120;
const pointsPerEpisode = 600;

/** A page stays a page: files with more numbers than this are not drawn. */
const mostNumbers = 50_000_000;

/** A file of numbers that is sound but not laid out as ARCHITECTURE.md says. */
export class LayoutError extends Error {
  override readonly name = 'LayoutError';
  readonly code = 'unexpected-layout';
}

interface Numbers {
  readonly names: readonly string[];
  /** [first, second, names] */
  readonly shape: readonly [number, number, number];
  readonly notes: Readonly<Record<string, unknown>>;
  readonly data: Float32Array;
}

/**
 * curves.f32: [points × policies × terms].
 * @throws LayoutError
 */
export function readCurves(file: Float32File, iteration: number): SearchCurves {
  const { names, shape, notes, data } = readThreeAxes(file);
  const [points, policies, terms] = shape;
  const updates = numbersAt(notes['updates'], points) ?? Array.from({ length: points }, (_, point) => point);
  const curve = (policy: number, term: number): number[] => Array.from({ length: points }, (_, point) => data[(point * policies + policy) * terms + term]);
  const kept = thinEvenly(points);
  return {
    iteration,
    updates: kept.map((point) => updates[point]),
    policies: numbersAt(notes['policies'], policies) ?? Array.from({ length: policies }, (_, policy) => policy + 1),
    terms: names.map((name, term) => ({
      name,
      values: Array.from({ length: policies }, (_, policy) => {
        const values = curve(policy, term);
        return kept.map((point) => rounded(values[point]));
      }),
    })),
  };
}

/** What the episodes of an iteration were: paths, and the bounds as they were resolved for the run. */
export interface RecordedEpisodes {
  readonly episodes: readonly ReportTrajectories[];
  readonly bounds: Readonly<Record<string, readonly [number, number]>>;
}

/**
 * trajectories.f32: [episodes × frames × variables]; a NaN in all variables is a frame that was never reached.
 * @param variables  those to keep, by name; others are not read
 * @throws LayoutError
 */
export function readTrajectories(file: Float32File, iteration: number, variables: readonly string[]): RecordedEpisodes {
  const { names, shape, notes, data } = readThreeAxes(file);
  const [count, frames, columns] = shape;
  const policies = numbersAt(notes['policies'], count) ?? Array.from({ length: count }, (_, episode) => episode + 1);
  const shown = variables.filter((name) => names.includes(name));
  const seen = new Map<number, number>();
  const episodes = Array.from({ length: count }, (_, episode): ReportTrajectories => {
    const policy = policies[episode];
    seen.set(policy, (seen.get(policy) ?? 0) + 1);
    const series = shown.map((name) => {
      const column = names.indexOf(name);
      return Array.from({ length: frames }, (_unused, frame) => data[(episode * frames + frame) * columns + column]);
    });
    const reached = Math.max(0, ...series.map((values) => values.findLastIndex(Number.isFinite) + 1));
    const kept = thin(series.map((values) => values.slice(0, reached)), pointsPerEpisode);
    return {
      iteration,
      policy,
      episode: seen.get(policy) ?? 1,
      steps: kept,
      values: Object.fromEntries(shown.map((name, index) => [name, kept.map((frame) => rounded(series[index][frame]))])),
    };
  });
  return { episodes: episodes.filter((episode) => episode.steps.length > 0), bounds: boundsAt(notes['bounds']) };
}

function readThreeAxes(file: Float32File): Numbers {
  const { names, shape, notes } = file.header;
  if (shape.length !== 3) throw new LayoutError(`It has ${shape.length} axes instead of 3. Was it written by another version?`);
  if (file.length > mostNumbers) throw new LayoutError(`It holds ${file.length} numbers, more than a report can show.`);
  return { names, shape: [shape[0], shape[1], shape[2]], notes, data: file.read(0, file.length) };
}

/** Evenly spread points, first and last among them: curves of one search are thinned alike. */
function thinEvenly(length: number): number[] {
  if (length <= pointsPerCurve) return Array.from({ length }, (_, index) => index);
  return Array.from({ length: pointsPerCurve }, (_, index) => Math.round((index * (length - 1)) / (pointsPerCurve - 1)));
}

function numbersAt(value: unknown, length: number): number[] | null {
  const list: unknown[] | null = Array.isArray(value) && value.length === length ? value : null;
  return list?.every((entry) => typeof entry === 'number') ? (list as number[]) : null;
}

function boundsAt(value: unknown): Record<string, readonly [number, number]> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, bounds]): [string, readonly [number, number]][] => {
      const pair = numbersAt(bounds, 2);
      return pair ? [[name, [pair[0], pair[1]]]] : [];
    }),
  );
}

/** Five digits: all that a chart can show. Keeps the page small. */
export function rounded(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(5)) : value;
}
