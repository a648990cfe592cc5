import { createHash } from 'node:crypto';
import chartLibrary from '../../node_modules/chart.js/dist/chart.umd.min.js?raw';
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
import { healthTable, nonFiniteTable, policyTable, violationTable, warningTable } from './tables';
import { trajectoryCharts } from './trajectoryCharts';
import { signs, verdict } from './verdict';

/**
 * A run as one HTML page that needs nothing else: no network, no other file. The page's own policy forbids every
 * script and style but the three that are in it, by their hashes. Each chart has a sentence and a table beside it.
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
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(data.summary.name)} – IBRL report</title>
<style>${pageStyle}</style>
</head>
<body>
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
  const policies = Math.max(0, ...summary.iterations.map((iteration) => iteration.policies.length));
  const search = searchCharts(data.curves);
  const bounded = data.variables.some((variable) => variable.bounds !== null);
  return [
    renderHeader(data),
    '<main>',
    '<noscript><p class="sign warning">Charts need JavaScript; their tables hold the same numbers.</p></noscript>',
    ...(latest
      ? [
          `<section>${renderLegend(policies, summary.iterations.some((iteration) => iteration.probe !== null))}
<div class="lead">${draw(scoreChart(data, 'cost'))}
<div><h3>Policies <span class="muted">of iteration ${latest.iteration}</span></h3>${renderTable(policyTable(latest), latest.recommended.reason === null ? 'Cost per step; ★ recommended' : `Cost per step. ★ Recommended: ${latest.recommended.reason}`)}</div></div></section>`,
          `<section>${draw(scoreChart(data, 'return'))}</section>`,
          section('Data', `<div class="panels">${progressCharts(summary.iterations).map(draw).join('')}</div>`),
        ]
      : []),
    ...renderTrajectories(data, draw),
    ...renderModels(data, draw),
    ...(search.length > 0 ? [section('Search', `<div class="panels">${search.map(draw).join('')}</div>`)] : []),
    ...(latest && bounded ? [section('Bounds', renderTable(violationTable(summary.iterations), 'Steps outside the bounds in evaluation episodes, which never join the batch.'))] : []),
    section('Warnings', optionalTable(warningTable(data), 'Warnings of this run', 'There were none.')),
    section('Health signs', optionalTable(healthTable(data), 'What each sign rests on. ⚠: beyond its threshold, and a warning above.', 'None was measured.')),
    section('Non-finite gradients', optionalTable(nonFiniteTable(data), 'A step whose gradient is not finite is skipped; three in a row end the run.', 'There were none.')),
    ...(data.causes.length > 0 ? [section('Why the run failed', `<ol>${data.causes.map((cause) => `<li>${escapeHtml(cause)}</li>`).join('')}</ol>`)] : []),
    section('This run', renderTable({ columns: ['what', 'value'], rows: data.facts.map(({ label, value }) => [label, value]) }, 'What it ran with')),
    '</main>',
  ].join('\n');
}

function renderHeader(data: ReportData): string {
  const { summary } = data;
  const asOf = data.asOf ? `as of <time datetime="${escapeHtml(data.asOf)}">${escapeHtml(data.asOf.replace('T', ' ').replace(/\.\d+/, '').replace('Z', ' UTC'))}</time>` : 'no events yet';
  const list = signs(data).map((sign) => `<li class="sign ${sign.kind}">${escapeHtml(sign.text)}</li>`);
  return `<header>
<h1>${escapeHtml(summary.name)}</h1>
<p class="muted">Run ${escapeHtml(summary.id)} · ${escapeHtml(summary.state.replaceAll('-', ' '))} · ${asOf}</p>
<p class="verdict">${escapeHtml(verdict(summary))}</p>
<ul class="signs">${list.join('')}</ul>
</header>`;
}

function renderTrajectories(data: ReportData, draw: (chart: Chart) => string): string[] {
  const groups = trajectoryCharts(data).filter(({ charts }) => charts.length > 0);
  if (groups.length === 0) return [];
  const intro = '<p class="muted">Recorded on the real system when the policies of an iteration were deployed; these episodes join the batch.</p>';
  if (data.map) return [section('Trajectories', `${intro}<div class="panels">${groups.flatMap(({ charts }) => charts.map(draw)).join('')}</div>`)];
  const open = (index: number): string => (index === groups.length - 1 ? ' open' : '');
  return [section('Trajectories', intro + groups.map(({ iteration, charts }, index) => `<details class="group"${open(index)}><summary>Iteration ${iteration}</summary>${charts.map(draw).join('')}</details>`).join(''))];
}

function renderModels({ summary }: ReportData, draw: (chart: Chart) => string): string[] {
  const charts = reliabilityCharts(summary.reliability);
  const latest = summary.reliability.at(-1);
  if (latest === undefined || charts.length === 0) return [];
  const intro = '<p class="muted">The models run freely with the recorded actions. Dots: on rows held out from learning. Crosses: on what this iteration recorded, before it was learned. Dashed: the forecast that everything stays as it is.</p>';
  const unjudged = unjudgedTable(latest);
  return [section('Models', `${intro}<div class="panels">${charts.map(draw).join('')}</div>${unjudged.rows.length > 0 ? renderTable(unjudged, 'Horizons that could not be judged') : ''}`)];
}

function renderChart(chart: Chart): string {
  return `<figure class="chart ${chart.shape}">
<figcaption><h3>${escapeHtml(chart.title)} <span class="muted">${escapeHtml(chart.subtitle)}</span></h3></figcaption>
<div class="plot"><canvas id="${escapeHtml(chart.id)}" role="img" aria-label="${escapeHtml(chart.summary)}"></canvas></div>
<details class="numbers"><summary>Table</summary><p>${escapeHtml(chart.summary)}</p>${renderTable(chart.table, `${chart.title} ${chart.subtitle}`)}</details>
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
