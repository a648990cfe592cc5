/** Charts of the bench as SVG, drawn from its numbers; they follow the reader's light or dark scheme. Every number is in a table as well. */
import { median, titles } from './contenders.mjs';
import { speedOf } from './tables.mjs';

const width = 920;
/** of a contender: colours in the light and in the dark scheme; portable is a dashed line where fused is a solid one */
const colours = {
  'portable': ['#0b66b5', '#58a6ff'], 'fused': ['#0b66b5', '#58a6ff'], 'wasm': ['#0f7b5f', '#3ecf9a'], 'tfjs-node': ['#bc4c00', '#f0883e'], 'tfjs-wasm': ['#bc4c00', '#f0883e'],
  'tfjs-cpu': ['#bc4c00', '#f0883e'], 'torch': ['#a0307f', '#e58bcb'], 'torch.compile': ['#a0307f', '#e58bcb'], 'jax': ['#59636e', '#b6bfc9'],
};
const scheme = (index, [surface, ink, muted, grid]) =>
  `.surface{fill:${surface};stroke:${grid}}text{fill:${ink}}.muted{fill:${muted}}.grid{stroke:${grid}}${Object.entries(colours).map(([engine, pair]) => `.${classOf(engine)}{--colour:${pair[index]}}`).join('')}`;
const style = `text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif}.title{font-weight:600;font-size:13px}.number{text-anchor:end}.middle{text-anchor:middle}.bar{fill:var(--colour)}.pale{opacity:.5}.line{fill:none;stroke:var(--colour);stroke-width:2}.dot{fill:var(--colour)}${scheme(0, ['#ffffff', '#1f2328', '#59636e', '#d1d9e0'])}@media (prefers-color-scheme:dark){${scheme(1, ['#0d1117', '#e6edf3', '#9198a1', '#3d444d'])}}`;

function classOf(engine) {
  return engine.replace(/\W/g, '-');
}

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const n = (value) => String(Math.round(value * 10) / 10);
/** three digits at most, no exponent */
const shown = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1).replace('.0', '') : value.toPrecision(2).replace(/\.0$/, ''));
const text = (x, y, content, kind = '') => `<text x="${n(x)}" y="${n(y)}"${kind && ` class="${kind}"`}>${escaped(content)}</text>`;

function svg(height, title, parts) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${n(height)}" viewBox="0 0 ${width} ${n(height)}" role="img" aria-label="${escaped(title)}"><title>${escaped(title)}</title><style>${style}</style><rect class="surface" x=".5" y=".5" width="${width - 1}" height="${n(height - 1)}" rx="6"/>\n${parts.join('\n')}\n</svg>\n`;
}

/** Panels two in a row below a caption. @param panels functions of their left, top and width @param height of each */
function grid(caption, panels, height) {
  const [margin, gap, head] = [20, 30, 46];
  const each = (width - 2 * margin - gap) / 2;
  return { height: head + Math.ceil(panels.length / 2) * height, parts: [text(margin, 28, caption, 'muted'), ...panels.flatMap((panel, i) => panel(margin + (i % 2) * (each + gap), head + Math.floor(i / 2) * height, each))] };
}

/** Horizontal bars, some for each contender. @param rows [{engine, bars: [{value, pale}]}] */
function barPanel(title, rows, left, top, wide) {
  const [label, room, rowHeight] = [104, 56, 22];
  const longest = ({ bars }) => Math.max(...bars.map(({ value }) => value));
  const most = Math.max(...rows.map(longest));
  const scale = (wide - label - room) / most;
  const drawn = rows.flatMap((row, index) => {
    const y = top + 22 + index * rowHeight;
    const thick = 16 / row.bars.length;
    return [
      text(left + label - 8, y + 12, titles[row.engine], 'number'),
      ...row.bars.map(({ value, pale }, i) => `<rect class="bar ${classOf(row.engine)}${pale ? ' pale' : ''}" x="${n(left + label)}" y="${n(y + i * thick)}" width="${n(Math.max(1, value * scale))}" height="${n(thick - 1)}"/>`),
      text(left + label + longest(row) * scale + 5, y + 12, row.bars.map(({ value }) => shown(value)).join(' · '), 'muted'),
    ];
  });
  return [text(left, top + 10, title, 'title'), ...drawn];
}

/** GFLOP/s of every contender on every workload, on one and on two threads. @returns SVG */
export function speedChart(all) {
  const names = [...new Set(all.map(({ workload }) => workload.name))];
  const counts = [...new Set(all.map(({ threads }) => threads))];
  const panels = names.map((name) => (left, top, wide) => {
    const runs = all.filter(({ workload }) => workload.name === name);
    const barsOf = (engine) => runs.map((measured) => ({ value: speedOf(measured, engine), pale: measured.threads === counts[0] && counts.length > 1 })).filter(({ value }) => Number.isFinite(value));
    const rows = Object.keys(titles).map((engine) => ({ engine, bars: barsOf(engine) })).filter(({ bars }) => bars.length > 0);
    return barPanel(name, rows, left, top, wide);
  });
  const { height, parts } = grid(`GFLOP/s: longer is faster. Threads: ${counts.join(' and ')}${counts.length > 1 ? ', the first paler' : ''}.`, panels, 22 * Object.keys(titles).length + 40);
  return svg(height, 'GFLOP/s of each engine on each workload', parts);
}

/** Peak memory and the first step, on one thread. @returns SVG */
export function costChart(all) {
  const on = (name) => all.find(({ workload, threads }) => workload.name === name && threads === 1);
  const wanted = [['M', 'megabytes', 'Peak memory on M, MB', 1], ['L', 'megabytes', 'Peak memory on L, MB', 1], ['S', 'first', 'First step of S, s', 1e3], ['M', 'first', 'First step of M, s', 1e3]];
  const panels = wanted.filter(([name]) => on(name) !== undefined).map(([name, key, title, unit]) => (left, top, wide) =>
    barPanel(title, on(name).results.map((result) => ({ engine: result.engine, bars: [{ value: result[key] / unit, pale: false }] })), left, top, wide));
  const { height, parts } = grid('On one thread: shorter is better.', panels, 22 * Object.keys(titles).length + 40);
  return svg(height, 'Peak memory and time of the first step of each engine', parts);
}

/** One panel: milliseconds of a step over what is varied, both logarithmic. */
function linePanel({ of, points }, engines, [least, most], left, top, wide) {
  const [indent, tall] = [42, 190];
  const at = points.map((point) => point.at);
  const x = (value) => left + indent + 10 + (Math.log(value / at[0]) / Math.log(at.at(-1) / at[0])) * (wide - indent - 24);
  const y = (value) => top + 20 + tall - (Math.log(value / least) / Math.log(most / least)) * tall;
  const ticks = [];
  for (let power = 10 ** Math.floor(Math.log10(least)); power <= most; power *= 10) ticks.push(...[1, 2, 5].map((digit) => digit * power).filter((tick) => tick >= least && tick <= most));
  const lines = engines.flatMap((engine) => {
    const dots = points.flatMap((point) => point.measured.results.filter((one) => one.engine === engine).map(({ milliseconds }) => [x(point.at), y(median(milliseconds))]));
    const dashes = engine === 'portable' ? ' stroke-dasharray="5 4"' : '';
    return [`<polyline class="line ${classOf(engine)}"${dashes} points="${dots.map((dot) => dot.map(n).join(',')).join(' ')}"/>`, ...dots.map(([cx, cy]) => `<circle class="dot ${classOf(engine)}" cx="${n(cx)}" cy="${n(cy)}" r="3"/>`)];
  });
  return [
    text(left, top + 10, of, 'title'),
    ...ticks.flatMap((tick) => [`<line class="grid" x1="${n(left + indent)}" x2="${n(left + wide)}" y1="${n(y(tick))}" y2="${n(y(tick))}"/>`, text(left + indent - 6, y(tick) + 4, `${tick}`, 'number muted')]),
    ...at.map((value) => text(x(value), top + tall + 38, String(value), 'middle muted')),
    ...lines,
  ];
}

/** Milliseconds of a step of M over policies, horizon, starts and threads. @param all series as for growthTable @returns SVG */
export function growthChart(all) {
  const series = all.filter(({ points }) => points.length > 1);
  const results = series.flatMap(({ points }) => points.flatMap(({ measured }) => measured.results));
  const engines = Object.keys(titles).filter((engine) => series.every(({ points }) => points.filter(({ measured }) => measured.results.some((one) => one.engine === engine)).length > 1));
  const times = results.filter(({ engine }) => engines.includes(engine)).map(({ milliseconds }) => median(milliseconds));
  const range = [Math.min(...times) / 1.2, Math.max(...times) * 1.2];
  const panels = series.map((one) => (left, top, wide) => linePanel(one, engines, range, left, top, wide));
  const { height, parts } = grid('Milliseconds of a step of M, both axes logarithmic: lower is faster.', panels, 258);
  const legend = engines.flatMap((engine, i) => {
    const x = 20 + i * 145;
    const dashes = engine === 'portable' ? ' stroke-dasharray="5 4"' : '';
    return [`<line class="line ${classOf(engine)}"${dashes} x1="${x}" x2="${x + 26}" y1="${n(height + 8)}" y2="${n(height + 8)}"/>`, text(x + 32, height + 12, titles[engine])];
  });
  return svg(height + 30, 'Milliseconds of a step as policies, horizon, starts and threads grow', [...parts, ...legend]);
}
