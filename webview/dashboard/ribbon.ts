import { html, nothing, type TemplateResult } from 'lit';
import type { RunView } from '../../src/messages/dashboard';
import { count, duration, number } from '../shared/format';
import { icon, type IconName } from '../shared/icons';
import { t } from '../shared/text';
import { costDecimals, phaseName } from './sentences';

/** More iterations than these get one segment each instead of one for each phase. */
const mostDetailed = 6;

type Progress = 'done' | 'now' | 'later';

/**
 * Where the run is: one segment for each phase, as wide as its usual time; the running one fills. It stands for stepper,
 * spinner and progress bar. Widths are told in `data-grow` and `data-fill`; `sizeRibbon` sets them, since the page's policy allows no
 * style attributes.
 */
export function ribbon(run: RunView): TemplateResult {
  const here = run.state === 'done' ? run.iterations + 1 : (run.position?.iteration ?? 1);
  const iterations = Array.from({ length: run.iterations }, (_, index) => index + 1);
  const progress = (iteration: number): Progress => (iteration < here || isEvaluated(run, iteration) ? 'done' : iteration === here ? 'now' : 'later');
  const many = run.iterations > mostDetailed ? 'many' : '';
  const unended = iterations.find((iteration) => progress(iteration) === 'now');
  return html`<ol class="ribbon ${many}" aria-label=${t('Progress')}>${iterations.map((iteration) => segment(run, iteration, progress(iteration)))}</ol>
    ${unended === undefined ? nothing : html`<div class="here ${many}">${words(run, unended, 'now')}</div>`}`;
}

function isEvaluated(run: RunView, iteration: number): boolean {
  return run.scores.some((scores) => scores.iteration === iteration && scores.mean !== null);
}

function segment(run: RunView, iteration: number, progress: Progress): TemplateResult {
  const { position } = run;
  const order = run.shares.map(({ phase }) => phase);
  const current = position === null ? -1 : order.indexOf(position.phase);
  const share = (index: number): number => (progress === 'done' || (progress === 'now' && index < current) ? 1 : progress === 'now' && index === current && position !== null ? position.done / Math.max(1, position.total) : 0);
  return html`<li class=${progress === 'now' ? `now ${run.state}` : progress} aria-current=${progress === 'now' ? 'step' : nothing}>
    <div class="phases" aria-hidden="true">${run.shares.map(({ share: width }, index) => html`<span class="phase" data-grow=${Math.max(0.02, width)}><span class="fill" data-fill=${share(index) * 100}></span></span>`)}</div>
    <div class="words">${words(run, iteration, progress)}</div>
  </li>`;
}

function words(run: RunView, iteration: number, progress: Progress): TemplateResult {
  const mean = run.scores.find((scores) => scores.iteration === iteration)?.mean;
  const name = t('Iteration {0}', String(iteration));
  if (progress === 'done') return html`<span>${icon('pass')} ${name}</span>${mean ? html`<span>${t('mean')} <strong>${number(mean.mean, costDecimals(run))}</strong></span>` : nothing}`;
  if (progress === 'now' && (run.state === 'awaiting-approval' || run.state === 'awaiting-data')) return html`<strong>${icon('waiting')} ${name} · ${run.state === 'awaiting-approval' ? t('awaiting approval') : t('awaiting data')}</strong>`;
  if (progress === 'now' && run.position !== null) {
    const { phase, done, total } = run.position;
    return html`<strong>${icon(unendedIcon(run.state))} ${name} · ${phaseName(phase)}</strong>${total > 1 ? html`<span class="muted">${phase === 'searching' ? t('update {0} of {1}', count(done), count(total)) : t('{0} of {1}', count(done), count(total))}</span>` : nothing}`;
  }
  const usual = run.remainingMs !== null && run.position !== null && iteration > run.position.iteration ? usualDuration(run, iteration) : null;
  return html`<span class="muted">${name}</span>${usual === null ? nothing : html`<span class="muted">${t('about {0}', duration(usual))}</span>`}`;
}

function unendedIcon(state: RunView['state']): IconName {
  if (state === 'running') return 'running';
  return state === 'failed' || state === 'interrupted' ? 'error' : 'stopped';
}

/** What is left, spread over the iterations that are. */
function usualDuration(run: RunView, iteration: number): number | null {
  if (run.position === null || run.remainingMs === null) return null;
  const left = run.iterations - run.position.iteration + 0.5;
  return iteration > run.position.iteration ? run.remainingMs / left : null;
}

/** Sets the widths of a ribbon that was rendered. */
export function sizeRibbon(root: ParentNode): void {
  for (const phase of root.querySelectorAll<HTMLElement>('[data-grow]')) phase.style.setProperty('flex-grow', phase.dataset['grow'] ?? '1');
  for (const part of root.querySelectorAll<HTMLElement>('[data-fill]')) part.style.setProperty('width', `${part.dataset['fill'] ?? 0}%`);
}
