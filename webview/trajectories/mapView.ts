import { html, nothing, type TemplateResult } from 'lit';
import type { IterationPair } from '../../src/messages/comparison';
import type { TrajectoriesView } from '../../src/messages/trajectories';
import './map';
import type { MapGround } from './map';
import { mapSide } from './mapSide';
import { type Area, type Path, visitedCells } from './paths';
import { seriesRows } from './rows';
import { pathsOf, type Shown } from './shown';

/** The two-dimensional world with what stands beside it; nothing for other systems. @param summary what it shows, in words */
export function mapView(view: TrajectoriesView, shown: Shown, promises: readonly IterationPair[], summary: string, moveTo: (step: number) => void): TemplateResult | typeof nothing {
  const { map, variables } = view;
  if (map === null) return nothing;
  const paths = pathsOf(map, shown);
  const ground = groundOf(map, variables, paths, promises);
  const reward = variables.find(({ role }) => role === 'reward');
  const rewardRow = (reward && seriesRows({ ...shown, variables: [reward], promised: [] }).at(0)) ?? null;
  return html`<div class="mapAndSide">
      <ibrl-world-map .ground=${ground} .paths=${paths} .cursor=${shown.step} .summary=${summary}></ibrl-world-map>
      ${mapSide({ coverage: view.coverage, shown, paths, ground, rewardRow: rewardRow && { ...rewardRow, name: '', readout: nothing }, moveTo })}
    </div>`;
}

function groundOf({ x: xName, y: yName, goal }: NonNullable<TrajectoriesView['map']>, variables: TrajectoriesView['variables'], paths: readonly Path[], promises: readonly IterationPair[]): MapGround {
  const [x, y] = [xName, yName].map((name) => variables.find((variable) => variable.name === name));
  const unit: readonly [number, number] = [0, 1];
  const area: Area = { x: x?.range ?? x?.bounds ?? unit, y: y?.range ?? y?.bounds ?? unit };
  const states = promises.at(0)?.diff.sample.states ?? {};
  const before = visitedCells(area, states[xName] ?? [], states[yName] ?? []);
  const now = paths.filter(({ predicted }) => !predicted).flatMap((path) => [...visitedCells(area, path.x, path.y).keys()]);
  // without the sample of what was there before, nothing can be called new
  const fresh = before.size === 0 ? new Set<number>() : new Set(now.filter((cell) => !before.has(cell)));
  return { area, xName, yName, bounds: x?.bounds && y?.bounds ? { x: x.bounds, y: y.bounds } : null, goal, before, fresh };
}
