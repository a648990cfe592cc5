import type { ActionDiff, PolicyDiff } from '../learning/diff/policyDiff';
import { table } from './output';

/** What changes at each actuator, with its unit, range and largest change. @param words how before and after are called */
export function actionTables(actions: readonly ActionDiff[], words: readonly [string, string]): string[] {
  const changes = actions.map(({ name, unit, range, maxChange, change }) => [
    name, unit, `${number(range[0])} to ${number(range[1])}`, maxChange === null ? 'any' : number(maxChange),
    number(change.mean), number(change.p50), number(change.p90), number(change.max),
  ]);
  const moves = actions.map(({ name, unit, slew, saturated }) => [
    name, unit, number(slew.before.mean), number(slew.after.mean), number(slew.before.max), number(slew.after.max), percent(saturated.before), percent(saturated.after),
  ]);
  return [
    table(['actuator', 'unit', 'range', 'most a sample', 'mean change', 'median', 'nine in ten below', 'at most'], changes),
    table(['moves in a sample', 'unit', `mean ${words[0]}`, words[1], `at most ${words[0]}`, words[1], `at an end ${words[0]}`, words[1]], moves),
  ];
}

/** The nearest that the next recorded value would have come to a bound, and the share of supported frames; '' without both. */
export function safetyTable({ margins, support }: PolicyDiff, words: readonly [string, string]): string {
  const rows = margins.map(({ variable, unit, bounds, least }) => [`${variable}, nearest to a bound`, `${number(bounds[0])} to ${number(bounds[1])}${unit === '1' ? '' : ` ${unit}`}`, `${percent(least.before)} of the width`, `${percent(least.after)} of the width`]);
  if (support !== null) rows.push(['supported by the recordings', '', `${percent(support.share.before)} of the frames`, `${percent(support.share.after)} of the frames`]);
  return rows.length === 0 ? '' : table(['', 'bounds', ...words], rows);
}

export function number(value: number): string {
  return String(Number(value.toPrecision(4)));
}

export function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}
