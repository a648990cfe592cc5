import { createHash } from 'node:crypto';
import { t } from '@vscode/l10n';
import chartLibrary from '../../node_modules/chart.js/dist/chart.umd.min.js?raw';
import { reasonWords } from '../run/spokenEvents';
import { inLanguage, language } from '../sentence/language';
import type { Chart } from './chart';
import { escapeHtml, escapeJson } from './format';
import { renderLegend } from './legend';
import pageScript from './page/charts.js?raw';
import pageStyle from './page/report.css?raw';
import { progressCharts } from './progressCharts';
import type { ReportData } from './reportData';
import { reliabilityCharts, unjudgedTable } from './reliabilityCharts';
import { scoreChart } from './scoreChart';
import { searchCharts } from './searchCharts';
import type { Table } from './table';
import { renderTable } from './table';
import { actionTable, healthTable, nonFiniteTable, policyTable, violationTable, warningTable } from './tables';
import { trajectoryCharts } from './trajectoryCharts';
import { signs, verdict } from './verdict';
import { stateWord } from './words';

/**
 * A run as one HTML page that needs nothing else: no network, no other file. The page's own policy forbids every
 * script and style but the three that are in it, by their hashes. Each chart has a sentence and a table beside it.
 * It is in the language of the process.
 */
export function renderReport(data: ReportData): string {
  const charts: Chart[] = [];
  const draw = (chart: Chart): string => {
    charts.push(chart);
    return renderChart(chart);
  };
  const body = renderBody(data, draw);
  const library = inlineScript(chartLibrary);
  const script = inlineScript(pageScript);
  const policy = `default-src 'none'; script-src ${hash(library)} ${hash(script)}; style-src ${hash(pageStyle)}; img-src data:; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="${escapeHtml(language())}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(t('{0} – IBRL report', data.summary.name))}</title>
<style>${pageStyle}</style>
</head>
<body data-promised="${escapeHtml(t('promised'))}">
${body}
<script type="application/json" id="charts">${escapeJson(charts.map(({ table: _table, ...drawn }) => drawn))}</script>
<script>${library}</script>
<script>${script}</script>
</body>
</html>
`;
}

function renderBody(data: ReportData, draw: (chart: Chart) => string): string {
  const { summary } = data;
  const latest = summary.iterations.at(-1);
  const why = latest === undefined ? null : reasonWords(latest.recommended);
  const policies = Math.max(0, ...summary.iterations.map((iteration) => iteration.policies.length));
  const search = searchCharts(data.curves);
  const bounded = data.variables.some((variable) => variable.bounds !== null);
  return [
    renderHeader(data),
    '<main>',
    `<noscript><p class="sign warning">${escapeHtml(t('Charts need JavaScript; their tables hold the same numbers.'))}</p></noscript>`,
    ...(latest
      ? [
          `<section>${renderLegend(policies, summary.iterations.some((iteration) => iteration.probe !== null))}
<div class="lead">${draw(scoreChart(data, 'cost'))}
<div><h3>${escapeHtml(t('Policies'))} <span class="muted">${escapeHtml(t('of iteration {0}', latest.iteration))}</span></h3>${renderTable(policyTable(latest), why === null ? t('Cost per step; ★ recommended') : t('Cost per step. ★ Recommended: {0}', why))}</div></div></section>`,
          `<section>${draw(scoreChart(data, 'return'))}</section>`,
          section(t('Data'), `<div class="panels">${progressCharts(summary.iterations).map(draw).join('')}</div>`),
        ]
      : []),
    ...renderTrajectories(data, draw),
    ...renderModels(data, draw),
    ...(search.length > 0 ? [section(t('Search'), `<div class="panels">${search.map(draw).join('')}</div>`)] : []),
    ...(data.actions ? [section(t('Actions'), renderTable(actionTable(data.actions), t('Iteration {0}, on {1} recorded frames; moves are from the recorded action a sample before.', data.actions.iteration, data.actions.frames)))] : []),
    ...(latest && bounded ? [section(t('Bounds'), renderTable(violationTable(summary.iterations), `${latest.by === 'models' ? t('Steps outside the bounds in rollouts through the models.') : t('Steps outside the bounds in evaluation episodes, which never join the batch.')} ${boundWords(data.variables)}`))] : []),
    section(t('Warnings'), optionalTable(warningTable(data), t('Warnings of this run'), t('There were none.'))),
    section(t('Health signs'), optionalTable(healthTable(data), t('What each sign rests on. ⚠: beyond its threshold, and a warning above.'), t('None was measured.'))),
    section(t('Non-finite gradients'), optionalTable(nonFiniteTable(data), t('A step whose gradient is not finite is skipped; three in a row end the run.'), t('There were none.'))),
    ...(data.causes.length > 0 ? [section(t('Why the run failed'), `<ol>${data.causes.map((cause) => `<li>${escapeHtml(cause)}</li>`).join('')}</ol>`)] : []),
    section(t('This run'), renderTable({ columns: [t('what'), t('value')], rows: data.facts.map(({ label, value }) => [label, value]) }, t('What it ran with'))),
    '</main>',
  ].join('\n');
}

function boundWords(variables: ReportData['variables']): string {
  const end = (value: number): string => inLanguage(Number(value.toPrecision(6)));
  return variables.flatMap(({ name, unit, bounds }) => (bounds === null ? [] : [t('{0}: {1} to {2} {3}', name, end(bounds[0]), end(bounds[1]), unit === '1' ? '' : unit).trimEnd()])).join('; ');
}

function renderHeader(data: ReportData): string {
  const { summary } = data;
  const asOf = data.asOf ? `<time datetime="${escapeHtml(data.asOf)}">${escapeHtml(t('as of {0}', data.asOf.replace('T', ' ').replace(/\.\d+/, '').replace('Z', ' UTC')))}</time>` : escapeHtml(t('no events yet'));
  const list = signs(data).map((sign) => `<li class="sign ${sign.kind}">${escapeHtml(sign.text)}</li>`);
  return `<header>
<h1>${escapeHtml(summary.name)}</h1>
<p class="muted">${escapeHtml(t('Run {0}', summary.id))} · ${escapeHtml(stateWord(summary.state))} · ${asOf}</p>
<p class="verdict">${escapeHtml(verdict(summary))}</p>
<ul class="signs">${list.join('')}</ul>
</header>`;
}

function renderTrajectories(data: ReportData, draw: (chart: Chart) => string): string[] {
  const groups = trajectoryCharts(data).filter(({ charts }) => charts.length > 0);
  if (groups.length === 0) return [];
  const intro = `<p class="muted">${escapeHtml(t('Recorded on the real system when the policies of an iteration were deployed; these episodes join the batch.'))}</p>`;
  if (data.map) return [section(t('Trajectories'), `${intro}<div class="panels">${groups.flatMap(({ charts }) => charts.map(draw)).join('')}</div>`)];
  const open = (index: number): string => (index === groups.length - 1 ? ' open' : '');
  return [section(t('Trajectories'), intro + groups.map(({ iteration, charts }, index) => `<details class="group"${open(index)}><summary>${escapeHtml(t('Iteration {0}', iteration))}</summary>${charts.map(draw).join('')}</details>`).join(''))];
}

function renderModels({ summary }: ReportData, draw: (chart: Chart) => string): string[] {
  const charts = reliabilityCharts(summary.reliability);
  const latest = summary.reliability.at(-1);
  if (latest === undefined || charts.length === 0) return [];
  const intro = `<p class="muted">${escapeHtml(t('The models run freely with the recorded actions. Dots: on rows held out from learning. Crosses: on what this iteration recorded, before it was learned. Dashed: the forecast that everything stays as it is.'))}</p>`;
  const unjudged = unjudgedTable(latest);
  return [section(t('Models'), `${intro}<div class="panels">${charts.map(draw).join('')}</div>${unjudged.rows.length > 0 ? renderTable(unjudged, t('Horizons that could not be judged')) : ''}`)];
}

function renderChart(chart: Chart): string {
  return `<figure class="chart ${chart.shape}">
<figcaption><h3>${escapeHtml(chart.title)} <span class="muted">${escapeHtml(chart.subtitle)}</span></h3></figcaption>
<div class="plot"><canvas id="${escapeHtml(chart.id)}" role="img" aria-label="${escapeHtml(chart.summary)}"></canvas></div>
<details class="numbers"><summary>${escapeHtml(t('Table'))}</summary><p>${escapeHtml(chart.summary)}</p>${renderTable(chart.table, `${chart.title} ${chart.subtitle}`)}</details>
</figure>`;
}

function section(title: string, content: string): string {
  return `<section><h2>${escapeHtml(title)}</h2>${content}</section>`;
}

function optionalTable(table: Table, caption: string, none: string): string {
  return table.rows.length === 0 ? `<p class="muted">${escapeHtml(none)}</p>` : renderTable(table, caption);
}

/** A script that can stand between script tags, and asks for no source map. */
function inlineScript(text: string): string {
  return text.replace(/\n\/\/# sourceMappingURL=.*/g, '').replace(/<(?=\/script|!--|script)/gi, '\\x3c');
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
