import type { IterationPair } from '../../src/messages/comparison';
import type { EpisodeView, TrajectoriesState, TrajectoriesView, VariableView } from '../../src/messages/trajectories';
import type { Path } from './paths';
import { type Promised, promisedFor } from './promised';
import type { SeriesStore } from './seriesStore';

/** What the user arranged. */
export type Arranged = TrajectoriesState['arranged'];

/** Policies in one picture. */
const mostShown = 8;

/** One deployed episode that is shown. */
export interface ShownEpisode extends EpisodeView {
  /** in the file, from 0 */
  readonly episode: number;
}

/** What of a view is in sight, as the user arranged it. */
export interface Shown {
  /** of the recording; empty: there is none */
  readonly key: string;
  /** its columns */
  readonly names: readonly string[];
  readonly variables: readonly VariableView[];
  readonly show: 'real' | 'predicted' | 'both';
  /** of the chosen policy, or the chosen episode of every policy */
  readonly episodes: readonly ShownEpisode[];
  readonly promised: readonly Promised[];
  readonly store: SeriesStore;
  /** of the longest episode, else of the promises */
  readonly last: number;
  readonly step: number;
  /** first and last step of the window */
  readonly from: number;
  readonly to: number;
}

/** @param promises of the view's iteration */
export function shownOf({ recording, selection: { policy }, variables }: TrajectoriesView, arranged: Arranged, promises: readonly IterationPair[], store: SeriesStore): Shown {
  const { key, names } = recording ?? { key: '', names: [] };
  // promises beside all policies at once would hide one another; what is not recorded can only be promised
  const show = recording === null ? 'both' : (arranged.show ?? (policy === 0 ? 'real' : 'both'));
  const episodes = show === 'predicted' ? [] : shownEpisodes(recording?.episodes ?? [], policy, arranged.episode);
  const first = (of: number): Readonly<Record<string, number>> | null => firstStep(episodes.find((one) => one.policy === of), key, names, store);
  const promisedPolicies = show === 'real' ? [] : policy === 0 ? promises.map((pair) => pair.policy).slice(0, mostShown) : [policy];
  const promised = promisedPolicies.flatMap((one) => promisedFor(promises, one, first(one), variables) ?? []);
  const recorded = Math.max(0, ...episodes.map((one) => one.last));
  const last = recorded > 0 ? recorded : Math.max(1, ...promised.map(({ trajectory }) => trajectory.steps.at(-1) ?? 0));
  const [from, to] = arranged.window ?? [0, last];
  return { key, names, variables, show, episodes, promised, store, last, step: Math.min(last, arranged.step), from: Math.max(0, Math.min(from, last - 1)), to: Math.max(1, Math.min(to, last)) };
}

function shownEpisodes(recorded: readonly EpisodeView[], policy: number, chosen: number): ShownEpisode[] {
  const all = recorded.map((one, episode) => ({ ...one, episode })).filter(({ last }) => last >= 0);
  const policies = policy === 0 ? [...new Set(all.map((one) => one.policy))].slice(0, mostShown) : [policy];
  return policies.flatMap((one) => {
    const own = all.filter((episode) => episode.policy === one);
    return own.length === 0 ? [] : [own[Math.min(chosen, own.length - 1)]];
  });
}

/** Where an episode began; null before that is known. */
function firstStep(own: ShownEpisode | undefined, key: string, names: readonly string[], store: SeriesStore): Readonly<Record<string, number>> | null {
  if (own === undefined) return null;
  const first = names.map((name) => [name, store.line(key, own.episode, name)] as const).filter(([, { steps }]) => steps.length > 0 && steps[0] === 0);
  return first.length === 0 ? null : Object.fromEntries(first.map(([name, { values }]) => [name, values[0]]));
}

/** Paths on the map; none for other systems. */
export function pathsOf(map: TrajectoriesView['map'], { key, episodes, promised, store }: Shown): Path[] {
  if (map === null) return [];
  const real = episodes.map(({ policy, episode }): Path => {
    const [x, y] = [store.line(key, episode, map.x), store.line(key, episode, map.y)];
    return { policy, steps: x.steps, x: x.values, y: y.values, predicted: false };
  });
  const predicted = promised.map(({ policy, trajectory }): Path => {
    const of = (name: string): number[] => (trajectory.states.find((one) => one.name === name)?.after.mean ?? []).map((value) => value ?? Number.NaN);
    return { policy, steps: trajectory.steps, x: of(map.x), y: of(map.y), predicted: true };
  });
  return [...predicted, ...real];
}

/** Stretches outside of the bounds in any shown episode, rising. */
export function stretchesOf({ episodes }: Shown): readonly (readonly [number, number])[] {
  return episodes.flatMap(({ violations }) => violations.flatMap(({ stretches }) => stretches)).toSorted((a, b) => a[0] - b[0]);
}
