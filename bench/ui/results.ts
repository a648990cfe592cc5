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
  /** null: nothing is asked, it stands beside something else */
  readonly aim: Aim | null;
  readonly values: readonly number[];
  /** what a reader must know besides, or where the time went */
  readonly note?: string;
  /** where to look when the aim is missed; told only then */
  readonly missed?: string;
}

/** Linear between neighbours. @param share 0 … 1 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (place - low);
}

/** Keeps a result for the table, which is printed when all is measured. @throws Error when a value is no number */
export function keepResult(file: string, measured: Measured): void {
  if (measured.values.length === 0 || !measured.values.every(Number.isFinite)) throw new Error(`${measured.name} was not measured: ${JSON.stringify(measured.values)}`);
  appendFileSync(file, `${JSON.stringify(measured)}\n`);
}

export function readResults(file: string): Measured[] {
  return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Measured);
}

/** The results as Markdown, with the machine and the date. */
export function reportOf(results: readonly Measured[], loadBefore: number): string {
  const rows = results.toSorted((a, b) => a.name.localeCompare(b.name)).map(rowOf);
  const notes = results.map(notesOf).filter((note) => note !== '').toSorted((a, b) => a.localeCompare(b));
  const missed = results.filter((one) => !isMet(one)).length;
  const [{ model }] = cpus();
  return [
    `Measured ${new Date().toISOString().slice(0, 10)} on ${model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}; load before the first measurement ${loadBefore.toFixed(1)}.`,
    '',
    missed === 0 ? 'Every aim is met.' : `${missed} of ${results.filter(({ aim }) => aim !== null).length} aims are missed; below the table stands where that comes from.`,
    '',
    '| | aim | n | median (quartiles) | 95 of 100 | worst | |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
    ...notes,
  ].join('\n');
}

function notesOf(measured: Measured): string {
  const { name, note = '', missed = '' } = measured;
  const parts = [note, isMet(measured) || missed === '' ? '' : `missed: ${missed}`].filter((part) => part !== '');
  return parts.length === 0 ? '' : `- ${name}: ${parts.join('; ')}`;
}

/** The value that 95 of 100 keep. */
function judgedOf({ aim, values }: Measured): number {
  return quantile(values, aim?.kind === 'at least' ? 0.05 : 0.95);
}

function isMet(measured: Measured): boolean {
  const { aim } = measured;
  if (aim === null) return true;
  return aim.kind === 'at most' ? judgedOf(measured) <= aim.value : judgedOf(measured) >= aim.value;
}

function rowOf(measured: Measured): string {
  const { name, unit, aim, values } = measured;
  const atMost = aim?.kind !== 'at least';
  const sign = atMost ? '≤' : '≥';
  const [lower, median, upper] = [0.25, 0.5, 0.75].map((share) => text(quantile(values, share)));
  const worst = atMost ? Math.max(...values) : Math.min(...values);
  const asked = aim === null ? `– (${unit})` : `${sign} ${aim.value} ${unit}`;
  const verdict = aim === null ? '–' : isMet(measured) ? 'met' : '**missed**';
  return `| ${name} | ${asked} | ${values.length} | ${median} (${lower} to ${upper}) | ${sign} ${text(judgedOf(measured))} | ${text(worst)} | ${verdict} |`;
}

function text(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);
}
