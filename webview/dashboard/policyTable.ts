import { html, nothing, type TemplateResult } from 'lit';
import type { Lack, PolicyScoreView, RunView } from '../../src/messages/dashboard';
import { policyLabel, type Role } from '../../src/report/chart';
import { difference, number, percent } from '../shared/format';
import { glyph } from '../shared/glyph';
import { icon } from '../shared/icons';
import { t } from '../shared/text';
import { policyMargin } from './margins';
import { costDecimals, evaluated } from './sentences';

export interface PolicyActions {
  readonly focus: (policy: number) => void;
  readonly openDiff: (iteration: number, policy: number | null) => void;
  readonly openTrajectories: (iteration: number, policy: number | null) => void;
}

/** The policies, each once, with its mark and numbers: the legend of all charts. */
export function policyTable(run: RunView, focused: number | null, actions: PolicyActions): TemplateResult {
  const decimals = costDecimals(run);
  const newest = run.scores.findLast(({ promisedMean }) => promisedMean !== null);
  const real = evaluated(run);
  const margins = run.margins !== null;
  if (newest === undefined && real === null) return html`<h2>${t('Policies')}</h2><p class="muted">${t('The first policies are there after the first search.')}</p>`;
  const row = (label: TemplateResult, find: (from: typeof real) => PolicyScoreView | null | undefined, margin: number | null, policy: number | null, rule = false): TemplateResult => {
    const [promise, now] = [find(newest ?? null), find(real)];
    const gap = now?.real && now.promised && real?.by !== 'models' ? now.real.mean - now.promised.mean : null;
    return html`<tr class="${rule ? 'rule' : ''} ${focused !== null && policy !== null && policy !== focused ? 'faded' : ''}">
      <th scope="row">${label}</th><td>${number(promise?.promised?.mean, decimals)}</td><td><strong>${number(now?.real?.mean, decimals)}</strong></td><td class="gap muted">${gap === null ? '–' : difference(gap, decimals)}</td>
      ${margins ? html`<td>${margin === null ? '' : percent(margin)}</td>` : nothing}<td class="menu">${policy === null ? nothing : menu(policy, newest?.iteration ?? real?.iteration ?? 1, real?.iteration ?? null, actions)}</td></tr>`;
  };
  const recommended = run.scores.at(-1)?.recommended ?? null;
  const name = (role: Role, text: string): TemplateResult => html`${glyph(role)}${text}`;
  const policies = Array.from({ length: run.policies }, (_, index) => index + 1);
  return html`<table class="policies">
    <caption><strong>${t('Policies')}</strong> <span class="muted">${t('cost per step')}${recommended === null ? (run.scores.length === 0 ? nothing : html` · ${t('none recommended: keep the present controller')}${why(run)}`) : html` · ${icon('star')} ${t('recommended')}`}</span></caption>
    <thead><tr><th scope="col"><span class="visually-hidden">${t('policy')}</span></th><th scope="col">${newest ? t('promise, it {0}', String(newest.iteration)) : t('promise')}</th><th scope="col">${real ? (real.by === 'models' ? t('by models, it {0}', String(real.iteration)) : t('real, it {0}', String(real.iteration))) : t('real')}</th><th scope="col" class="gap">${t('off by')}</th>${margins ? html`<th scope="col">${t('margin')}</th>` : nothing}<th scope="col"><span class="visually-hidden">${t('Open')}</span></th></tr></thead>
    <tbody>
      ${policies.map((policy) => row(html`<button aria-pressed=${focused === policy} title=${t('Show this policy only; again: all')} @click=${() => actions.focus(policy)}>${name(policy, policyLabel(policy))}${policy === recommended ? html` ${icon('star')}<span class="visually-hidden">${t('recommended')}</span>` : nothing}</button>`, (from) => from?.policies.find((one) => one.policy === policy), policyMargin(run.margins, policy), policy))}
      ${row(name('mean', t('mean')), (from) => from && { policy: 0, violations: 0, real: from.mean, promised: from.promisedMean === null ? null : { mean: from.promisedMean, standardError: 0 } }, null, null, true)}
      ${run.scores.some(({ probe }) => probe !== null) ? row(html`${name('probe', t('probe'))} <span class="muted never">${t('never deployed')}</span>`, (from) => from?.probe, null, null) : nothing}
    </tbody></table>`;
}

/** Why none is recommended; empty where the run does not tell. */
function why({ scores }: RunView): string {
  const lacks = scores.at(-1)?.lacking ?? [];
  return lacks.length === 0 ? '' : ` (${lacks.map(lackText).join(', ')})`;
}

function lackText(lack: Lack): string {
  switch (lack) {
    case 'predicted-violation':
      return t('predicted steps leave the bounds');
    case 'little-support':
      return t('too little support in the recordings');
    case 'no-sure-improvement':
      return t('no sure improvement');
    case 'not-a-number':
      return t('the promise is no number');
  }
}

function menu(policy: number, iteration: number, deployed: number | null, { openDiff, openTrajectories }: PolicyActions): TemplateResult {
  const open = html`<button title=${t('Policy diff of {0}', policyLabel(policy))} aria-label=${t('Policy diff of {0}', policyLabel(policy))} @click=${() => openDiff(iteration, policy)}>${icon('changes')}</button>`;
  return deployed === null ? open : html`${open}<button title=${t('Trajectories of {0}', policyLabel(policy))} aria-label=${t('Trajectories of {0}', policyLabel(policy))} @click=${() => openTrajectories(deployed, policy)}>${icon('course')}</button>`;
}
