import { appendFileSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

/** What is asked of a quantity: 95 of 100 values are at most, or at least, so much. */
export interface Aim {
  readonly kind: 'at most' | 'at least';
  readonly value: number;
}

/** One quantity that was measured many times. */
export interface Measured {
  readonly name: string;
  readonly unit: string;
  readonly aim: Aim;
  readonly values: readonly number[];
  /** what a reader must know besides, or where the time went */
  readonly note?: string;
}

/** Linear between neighbours. @param share 0 … 1 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (place - low);
}

/** Keeps a result for the table, which is printed when all is measured. */
export function keepResult(file: string, measured: Measured): void {
  appendFileSync(file, `${JSON.stringify(measured)}\n`);
}

export function readResults(file: string): Measured[] {
  return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Measured);
}

/** The results as Markdown, with the machine and the date. */
export function reportOf(results: readonly Measured[], loadBefore: number): string {
  const rows = results.toSorted((a, b) => a.name.localeCompare(b.name)).map(rowOf);
  const notes = results.flatMap(({ name, note }) => (note === undefined ? [] : [`- ${name}: ${note}`])).toSorted((a, b) => a.localeCompare(b));
  const [{ model }] = cpus();
  return [
    `Measured ${new Date().toISOString().slice(0, 10)} on ${model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}; load before the first measurement ${loadBefore.toFixed(1)}.`,
    '',
    '| | aim | n | median (quartiles) | 95 of 100 | worst | |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
    ...notes,
  ].join('\n');
}

function rowOf({ name, unit, aim, values }: Measured): string {
  const atMost = aim.kind === 'at most';
  const judged = quantile(values, atMost ? 0.95 : 0.05);
  const met = atMost ? judged <= aim.value : judged >= aim.value;
  const [lower, median, upper] = [0.25, 0.5, 0.75].map((share) => text(quantile(values, share)));
  const worst = atMost ? Math.max(...values) : Math.min(...values);
  return `| ${name} | ${atMost ? '≤' : '≥'} ${aim.value} ${unit} | ${values.length} | ${median} (${lower} to ${upper}) | ${atMost ? '≤' : '≥'} ${text(judged)} | ${text(worst)} | ${met ? 'met' : '**missed**'} |`;
}

function text(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);
}
