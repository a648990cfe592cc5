import type { IterationReliability, RunReliability } from '../run/reliability';
import { table } from './output';

/**
 * The latest models as text: of how many forecasts, error by horizon beside “stays as it is”, in standard deviations, and how often the truth
 * lay within their spread; and how those before did on the newest recordings, where the latest have not met any. What follows a formula is
 * left out as long as it does.
 */
export function describeReliability(iterations: readonly IterationReliability[]): string | null {
  const latest = iterations.at(-1);
  if (latest === undefined) return null;
  const before = latest.new === null ? iterations.findLast((one) => one.new !== null) : undefined;
  const blocks = [
    block(latest.iteration, [['held out', latest.heldOut], ...(latest.new === null ? [] : [['new', latest.new] as const])]),
    ...(before?.new ? [block(before.iteration, [['new', before.new]])] : []),
  ].filter((text) => text !== null);
  return blocks.length === 0 ? null : blocks.join('\n\n');
}

function block(iteration: number, judged: readonly (readonly [string, RunReliability])[]): string | null {
  const rows = judged.flatMap(([label, one]) => rowsOf(label, one));
  if (rows.length === 0) return null;
  const headings = ['', ...judged[0][1].horizons.map(({ steps }) => `${steps} ${steps === 1 ? 'step' : 'steps'}`)];
  const counts = judged.map(([label, one]) => countsOf(label, one));
  return `Models of iteration ${iteration}: free-running error / that of “stays as it is”, in standard deviations; truth within the models’ spread; n: forecasts\n${table(headings, [...counts, ...rows])}`;
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
