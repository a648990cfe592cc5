import { html, nothing, type TemplateResult } from 'lit';
import type { CurvesMessage, RunView } from '../../src/messages/dashboard';
import type { ShownRange } from '../shared/chart/chart';
import { decimalsFor, difference, number, percent, withUnit } from '../shared/format';
import { t } from '../shared/text';
import '../shared/table';
import { leastMarginText, marginRows, marginTable } from './margins';
import { coverageChart, modelChart, predictedName, shownTerms, termChart, termName, termNow } from './panelCharts';

export interface PanelOptions {
  readonly narrow: boolean;
  readonly tabular: boolean;
  readonly focused: number | null;
  readonly zoom: (range: ShownRange | null) => void;
}

/** Small multiples that share their size; more than these are said, not drawn. */
const mostStrips = 4;
const mostModels = 3;

interface Panel {
  readonly title: string;
  readonly subtitle: string;
  /** the panel in one number, for its closed line */
  readonly number: string;
  readonly body: TemplateResult;
}

/** Loss, models, coverage, margins: each says why it is empty and when it will not be. */
export function panels(run: RunView, curves: CurvesMessage | null, options: PanelOptions): TemplateResult[] {
  return [lossPanel(run, curves, options), modelPanel(run, options), coveragePanel(run, options), marginPanel(run, options)].map(({ title, subtitle, number: short, body }) =>
    options.narrow
      ? html`<details><summary><span class="title"><strong>${title}</strong> <span class="muted">${subtitle}</span></span><span>${short}</span></summary>${body}</details>`
      : html`<section class="panel"><h2>${title} <span class="muted">${subtitle}</span></h2>${body}</section>`,
  );
}

function why(text: string): TemplateResult {
  return html`<p class="why">${text}</p>`;
}

function lossPanel(run: RunView, curves: CurvesMessage | null, { tabular, focused, zoom }: PanelOptions): Panel {
  const title = t('Loss terms');
  const names = shownTerms(run);
  if (run.loss === null || names.length === 0) return { title, subtitle: '', number: '–', body: why(t('There will be some once the first search has begun.')) };
  const live = run.loss.done < run.loss.total && run.state === 'running';
  const subtitle = live ? t('live, iteration {0}, by update', String(run.loss.iteration)) : t('iteration {0}, by update', String(run.loss.iteration));
  const left = names.length - mostStrips;
  const body = html`${names.slice(0, mostStrips).map((name) => {
    const now = termNow(run, name);
    const decimals = now === null ? 2 : Math.min(3, decimalsFor([now.value]));
    return html`<div class="strip"><span>${termName(name)}</span>
      <ibrl-chart .chart=${termChart(run, curves, name)} .tabular=${tabular} .focusedRole=${focused} bare @range-shown=${({ detail }: CustomEvent<ShownRange | null>) => zoom(detail)}></ibrl-chart>
      <div class="now">${now === null ? nothing : html`<p><strong>${number(now.value, decimals)}</strong></p>${now.change === null ? nothing : html`<p class="muted" title=${t('change over the last 100 updates')}>${difference(now.change, decimals)}</p>`}`}</div></div>`;
  })}${left > 0 ? why(t('{0} more terms are not drawn: the table of the report has them.', String(left))) : nothing}${live ? why(t('Mean of the policies; each policy is drawn once the search is over.')) : nothing}`;
  const shown = names.slice(0, 2).map((name) => `${termName(name)} ${number(termNow(run, name)?.value, 3)}`).join(', ');
  return { title, subtitle, number: shown, body };
}

function modelPanel(run: RunView, { tabular }: PanelOptions): Panel {
  const title = t('Model error');
  if (run.modelErrors.length === 0) return { title, subtitle: '', number: '–', body: why(t('There will be some once the first models are fitted.')) };
  const members = Math.max(...run.modelErrors.map(({ iterations }) => Math.max(0, ...iterations.map((one) => one.members.length))));
  const left = run.modelErrors.length - mostModels;
  const latest = run.modelErrors.slice(0, 2).map(({ name, iterations, unit, logarithmic }) => {
    const own = iterations.at(-1)?.members ?? [];
    const mean = own.reduce((sum, value) => sum + value, 0) / Math.max(1, own.length);
    return `${predictedName(name)} ${withUnit(mean, decimalsFor([mean]), logarithmic ? '' : unit)}`;
  });
  return {
    title,
    subtitle: members === 1 ? t('held out') : t('held out, {0} members', String(members)),
    number: latest.join(', '),
    body: html`<div class="multiples ${run.modelErrors.length > 2 ? 'many' : ''}">${run.modelErrors.slice(0, mostModels).map((error) => html`<div><p>${predictedName(error.name)} <span class="muted">${error.logarithmic ? t('in its logarithm') : error.unit === '1' ? '' : error.unit}</span></p><ibrl-chart .chart=${modelChart(error, run.iterations)} .tabular=${tabular} bare></ibrl-chart></div>`)}</div>
      ${left > 0 ? why(t('{0} more variables are not drawn: there is room for {1}.', String(left), String(mostModels))) : nothing}`,
  };
}

function coveragePanel(run: RunView, { tabular }: PanelOptions): Panel {
  const title = t('Coverage');
  const chart = coverageChart(run);
  if (chart === null) return { title, subtitle: '', number: '–', body: why(t('There will be some once the first iteration is evaluated.')) };
  return { title, subtitle: chart.subtitle, number: percent(run.scores.findLast(({ coverage }) => coverage !== null)?.coverage ?? null), body: html`<ibrl-chart id="coverage" .chart=${chart} .tabular=${tabular} bare></ibrl-chart>` };
}

function marginPanel(run: RunView, { tabular }: PanelOptions): Panel {
  const title = t('Bound margins');
  if (!run.bounded) return { title, subtitle: '', number: '–', body: why(t('No variable has bounds.')) };
  if (run.margins === null) return { title, subtitle: '', number: '–', body: why(t('There will be some once policies were deployed and recorded.')) };
  return { title, subtitle: t('least distance, iteration {0}', String(run.margins.iteration)), number: leastMarginText(run.margins), body: tabular ? html`<ibrl-table .table=${marginTable(run.margins)} .title=${title}></ibrl-table>` : marginRows(run.margins) };
}
