/** What the bench prints: its results as tables of Markdown. */
import { median, quantile, titles } from './contenders.mjs';

export const fixed = (value, digits = 2) => (Number.isFinite(value) ? value.toFixed(digits) : '–');

/** @param rows the first is the head; the first column is text, all others numbers */
export function table([head, ...rows]) {
  return [head, ['---', ...new Array(head.length - 1).fill('---:')], ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** GFLOP/s by a median step. */
export function speedOf({ operations, results }, engine) {
  const result = results.find((one) => one.engine === engine);
  return result === undefined ? Number.NaN : operations / median(result.milliseconds) / 1e6;
}

/** How many times the speed of another: the median over rounds of the ratios within a round. NaN where one of them is not here. */
export function speedRatio({ results }, engine, other) {
  const [own, others] = [engine, other].map((name) => results.find((one) => one.engine === name)?.milliseconds ?? []);
  return median(own.map((value, round) => others[round] / value).filter(Number.isFinite));
}

/**
 * GFLOP/s that the instruction set of a contender allows: for native kernels and for what has kernels of its own the widest vectors of the
 * processor; NaN for plain JavaScript, and where it was not measured.
 *
 * @param peaks as bench/peak.mjs measures them
 */
export function peakOf(peaks, engine) {
  if (engine === 'tfjs-cpu') return Number.NaN;
  if (engine === 'wasm' || engine === 'tfjs-wasm') return peaks['wasm portable'];
  const arithmetic = engine === 'portable' ? 'portable' : 'fused';
  const native = Object.entries(peaks).filter(([name]) => name.endsWith(` ${arithmetic}`) && !name.startsWith('wasm'));
  return native.length === 0 ? Number.NaN : Math.max(...native.map(([, speed]) => speed));
}

/** One workload on one number of threads. @param left a sentence for each contender that is left out, and why */
export function resultsTable(measured, left) {
  const { workload, threads, rounds, load, operations, peaks, results } = measured;
  const base = results.some(({ engine }) => engine === 'jax') ? 'jax' : results[0].engine;
  const rows = results.map(({ engine, milliseconds, first, megabytes, cores }) => {
    const [middle, speed] = [median(milliseconds), speedOf(measured, engine)];
    const quartiles = milliseconds.length === 1 ? '–' : `${fixed(quantile(milliseconds, 0.25))} to ${fixed(quantile(milliseconds, 0.75))}`;
    const share = (100 * speed) / peakOf(peaks, engine);
    return [titles[engine], fixed(middle), quartiles, String(milliseconds.length), fixed(speed, 1), Number.isFinite(share) ? `${fixed(share, 0)} %` : '–', fixed(speedRatio(measured, engine, base)), fixed(first / 1e3), fixed((first - middle) / 1e3), fixed(megabytes, 0), fixed(cores, 1)];
  });
  const head = ['engine', 'ms', 'quartiles', 'n', 'GFLOP/s', 'of the peak', `speed against ${titles[base]}`, 'first step, s', 'of that beyond a step, s', 'peak memory, MB', 'cores'];
  const heading = `### ${workload.name}, ${threads} thread${threads === 1 ? '' : 's'}: ${fixed(operations / 1e9)} GFLOP a step, ${rounds} rounds, load ${fixed(load, 1)}`;
  return `${heading}\n\n${table([head, ...rows])}\n${left.length === 0 ? '' : `\n${left.join(' ')}\n`}`;
}

/** The peaks of the instruction sets, GFLOP/s, by number of threads. */
export function peaksTable(peaks) {
  const counts = [...peaks.keys()];
  const names = [...new Set([...peaks.values()].flatMap((one) => Object.keys(one)))];
  return `### The peak of the instruction sets\n\nChains of multiply-adds in registers, GFLOP/s; each contender's share is of its own.\n\n${table([
    ['instruction set', ...counts.map((count) => `${count} thread${count === 1 ? '' : 's'}`)],
    ...names.map((name) => [name, ...counts.map((count) => fixed(peaks.get(count)[name], 0))]),
  ])}\n`;
}

/** Milliseconds of a step of M by what was changed of it. @param series [{of, points: [{at, measured}]}] */
export function growthTable(series) {
  const engines = Object.keys(titles).filter((engine) => series.some(({ points }) => points.some(({ measured }) => measured.results.some((one) => one.engine === engine))));
  const cell = (measured, engine) => {
    const result = measured.results.find((one) => one.engine === engine);
    return result === undefined ? '–' : fixed(median(result.milliseconds));
  };
  const rows = series.flatMap(({ of, points }) => points.map(({ at, measured }) => [`${of} = ${at}`, ...engines.map((engine) => cell(measured, engine))]));
  return `### Growth\n\nMilliseconds of a step of M (8 policies, a horizon of 100, 128 starts, one thread), where one of these is another; medians.\n\n${table([['', ...engines.map((engine) => titles[engine])], ...rows])}\n`;
}
