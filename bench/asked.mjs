/** What is asked of the engine, beside what was measured. */
import { fixed, peakOf, speedOf, speedRatio, table } from './tables.mjs';

const columns = [['S', 1], ['M', 1], ['M', 2], ['L', 1]];
const against = (engine, other) => (measured) => speedRatio(measured, engine, other);
const rows = [
  { name: 'native, portable, against JAX jit', least: [1.9, 1.6, 2.5, 1.2], of: against('portable', 'jax') },
  { name: 'native, fused, against JAX jit', least: [2.2, 2, 3, 1.4], of: against('fused', 'jax') },
  { name: 'WebAssembly, portable, against JAX jit', least: [0.75, 0.6, 1, null], of: against('wasm', 'jax') },
  { name: 'native, fused, against PyTorch eager', least: [6, 2.8, 5, 1.4], of: against('fused', 'torch') },
  { name: 'WebAssembly against tfjs-node', least: [20, 2.5, 3, 1.2], of: against('wasm', 'tfjs-node') },
  { name: 'native, fused, share of the peak, %', least: [45, 60, 55, 65], digits: 0, of: (measured) => (100 * speedOf(measured, 'fused')) / peakOf(measured.peaks, 'fused') },
  { name: 'first step, native, portable, ms', most: [100, 100, 100, null], digits: 0, of: (measured) => result(measured, 'portable')?.first },
  { name: 'peak memory, native, fused, of JAX’s', most: [0.5, 0.5, 0.5, 0.5], of: (measured) => result(measured, 'fused')?.megabytes / result(measured, 'jax')?.megabytes },
];

function result({ results }, engine) {
  return results.find((one) => one.engine === engine);
}

/** @param all what was measured, of every workload and number of threads */
export function askedTable(all) {
  const head = ['asked and measured', ...columns.map(([name, threads]) => `${name}, ${threads} thread${threads === 1 ? '' : 's'}`)];
  const cells = rows.map(({ name, least, most, digits = 2, of }) => [name, ...columns.map(([workload, threads], i) => {
    const measured = all.find((one) => one.workload.name === workload && one.threads === threads);
    const value = measured === undefined ? Number.NaN : Number(of(measured));
    const aim = (least ?? most)[i];
    if (aim === null || Number.isNaN(value)) return `${aim === null ? '' : `${least ? '≥' : '≤'} ${aim}: `}${fixed(value, digits)}`;
    const met = least ? value >= aim : value <= aim;
    return `${least ? '≥' : '≤'} ${aim}: ${met ? fixed(value, digits) : `**${fixed(value, digits)}**`}`;
  })]);
  return `${table([head, ...cells])}\n\nMissed ones are bold. Speeds are medians over rounds of ratios within a round.`;
}
