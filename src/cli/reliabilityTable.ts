import type { IterationReliability, RunReliability } from '../run/reliability';
import { table } from './output';

/**
 * The latest models as text: of how many forecasts, error by horizon beside “stays as it is”, in standard deviations, and how often the truth
 * lay within their spread. What follows a formula is left out as long as it does.
 */
export function describeReliability(iterations: readonly IterationReliability[]): string | null {
  const latest = iterations.at(-1);
  if (latest === undefined) return null;
  const { horizons } = latest.heldOut;
  const headings = ['', ...horizons.map(({ steps }) => `${steps} ${steps === 1 ? 'step' : 'steps'}`)];
  const rows = [...rowsOf('held out', latest.heldOut), ...(latest.new === null ? [] : rowsOf('new', latest.new))];
  const counts = [countsOf('held out', latest.heldOut), ...(latest.new === null ? [] : [countsOf('new', latest.new)])];
  if (rows.length === 0) return null;
  return `Models of iteration ${latest.iteration}: free-running error / that of “stays as it is”, in standard deviations; truth within the models’ spread; n: forecasts\n${table(headings, [...counts, ...rows])}`;
}

/** A share of three forecasts is no share. */
function countsOf(label: string, { horizons }: RunReliability): string[] {
  return [`n, ${label}`, ...horizons.map(({ windows }) => (windows === 0 ? '–' : String(windows)))];
}

function rowsOf(label: string, { horizons, variables }: RunReliability): string[][] {
  return variables
    .filter(({ source, error }) => source !== 'known' || error.some((value) => value !== null && value > KNOWN_ERROR))
    .map(({ name, error, naive, within }) => [
      `${name}, ${label}`,
      ...horizons.map((_, h) => {
        if (error[h] === null) return '–';
        const share = within[h] === null ? '' : `, ${Math.round(100 * within[h])} %`;
        return `${two(error[h])} / ${naive[h] === null ? '–' : two(naive[h])}${share}`;
      }),
    ]);
}

/** A known variable with a larger error than this, in standard deviations, does not follow its formula. */
const KNOWN_ERROR = 1e-3;

function two(value: number): string {
  return value.toFixed(2);
}
