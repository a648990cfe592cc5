import { html, nothing, type TemplateResult } from 'lit';
import type { TrajectoriesView } from '../../src/messages/trajectories';
import '../series/seriesChart';
import type { SeriesRow } from '../series/seriesChart';
import { count, number, percent } from '../shared/format';
import { glyph } from '../shared/glyph';
import { t } from '../shared/text';
import { sequentialColour } from '../shared/theme';
import type { MapGround } from './map';
import { type Path, pathDistance, visitedCells } from './paths';
import type { Shown } from './shown';
import { policyName } from './words';

interface SideInput {
  readonly coverage: TrajectoriesView['coverage'];
  readonly shown: Shown;
  readonly paths: readonly Path[];
  readonly ground: MapGround;
  readonly rewardRow: SeriesRow | null;
  readonly moveTo: (step: number) => void;
}

/** What stands beside the map: numbers at the cursor, reward, distances and coverage. */
export function mapSide({ coverage, shown, paths, ground, rewardRow, moveTo }: SideInput): TemplateResult {
  const { key, names, episodes, store, step, from, to, last } = shown;
  const value = (episode: number, name: string): number => store.value(key, episode, names, name, step);
  const returnOf = (episode: number, end: number): number | null => {
    const { values } = store.line(key, episode, 'reward');
    // of a long episode only some steps are here
    return values.length > end ? Array.from(values).reduce((sum, reward) => sum + reward, 0) : null;
  };
  return html`<div class="side">
    <section aria-label=${t('Policies')}><h2>${t('Policies')} <span class="muted">${t('reward, higher is better')}</span></h2>
      <table><thead><tr><th scope="col"><span class="visually-hidden">${t('Policy')}</span></th><th scope="col">${t('{0}, {1} at step {2}', ground.xName, ground.yName, count(step))}</th><th scope="col">${t('reward')}</th><th scope="col">${t('sum of the episode')}</th><th scope="col">${t('new cells')}</th></tr></thead>
      <tbody>${episodes.map(({ episode, policy, last: end }) => html`<tr><th scope="row">${glyph(policy)} ${policyName(policy)}</th><td>${number(value(episode, ground.xName), 1)}, ${number(value(episode, ground.yName), 1)}</td><td>${number(value(episode, 'reward'), 2)}</td><td><strong>${number(returnOf(episode, end), 1)}</strong></td><td>${newCells(paths.find((path) => path.policy === policy && !path.predicted), ground)}</td></tr>`)}</tbody></table>
    </section>
    ${rewardRow === null ? nothing : html`<section aria-label=${t('Reward per step')}><h2>${t('Reward')} <span class="muted">${t('per step')}</span></h2>
      <ibrl-series .rows=${[rewardRow]} .from=${from} .to=${to} .last=${Math.max(1, last)} .cursor=${step} .summary=${t('Reward per step of {0}.', episodes.map(({ policy }) => policyName(policy)).join(', '))} @cursor-moved=${(event: CustomEvent<number>) => moveTo(event.detail)}></ibrl-series></section>`}
    <div class="pair">${distances(paths.filter(({ predicted }) => !predicted))}
    <section aria-label=${t('Coverage')}><h2>${t('Coverage')} <span class="muted">${t('share of the cells that were visited')}</span></h2>
      ${coverage === null ? nothing : html`<p><span class="large">${percent(coverage.now, 0)}</span> ${coverage.before === null ? nothing : html`<span class="muted">${t('was {0}', percent(coverage.before, 0))}</span>`}</p>`}
      <ul class="key muted"><li><svg class="swatch" aria-hidden="true"><rect width="12" height="12" fill=${sequentialColour(0.45)}></rect></svg>${t('visited before, as far as the comparison’s sample shows')}</li><li><svg class="swatch" aria-hidden="true"><rect x="1" y="1" width="10" height="10" fill="none" stroke="currentColor" stroke-dasharray="3 2"></rect></svg>${t('new in this iteration')}</li><li><svg class="swatch" aria-hidden="true"><circle cx="6" cy="6" r="3.5" fill="none" stroke="currentColor" stroke-width="1.6"></circle></svg>${t('start of an episode')}</li></ul></section></div>
  </div>`;
}

function newCells(path: Path | undefined, { area, fresh }: MapGround): string {
  return path === undefined ? '–' : count([...visitedCells(area, path.x, path.y).keys()].filter((cell) => fresh.has(cell)).length);
}

/** Mean distance of each pair of paths, step by step. */
function distances(paths: readonly Path[]): TemplateResult | typeof nothing {
  if (paths.length < 2) return nothing;
  const shown = paths.slice(0, 6);
  return html`<section aria-label=${t('Distance between paths')}><h2>${t('Distance between paths')} <span class="muted">${t('mean over the steps, in the variables’ units')}</span></h2>
    <table class="distances"><tbody>${shown.slice(1).map((a, row) => html`<tr><th scope="row">${policyName(a.policy)}</th>${shown.slice(0, -1).map((b, column) => (column <= row ? html`<td>${number(pathDistance(a, b), 2)}</td>` : nothing))}</tr>`)}</tbody>
    <tfoot><tr><td class="corner"></td>${shown.slice(0, -1).map(({ policy }) => html`<th scope="col">${policyName(policy)}</th>`)}</tr></tfoot></table></section>`;
}
