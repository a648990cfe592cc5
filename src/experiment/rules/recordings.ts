import { t } from '@vscode/l10n';
import { didYouMean, replaceBy } from '../remedies';
import { closestWord } from '../suggestions';
import { listWords } from '../words';
import type { Rule, RuleContext } from './rule';
import { isPlainName } from './variables';

/** Rules about how a plant's recordings are read. */
export const recordingsRules: readonly Rule[] = [
  { reads: ['variables', 'data.columns'], check: columnsAreOfVariables },
  { reads: ['variables', 'data'], check: columnsAreDistinct },
  { reads: ['data.episodes', 'data.time', 'data.samplingTime'], check: pausesCanBeSeen },
];

function columnsAreOfVariables(context: RuleContext): void {
  const known = Object.keys(context.file.variables ?? {});
  for (const name of Object.keys(context.file.data?.columns ?? {})) {
    if (known.includes(name)) continue;
    const range = context.keyRange(`data.columns.${name}`);
    const meant = closestWord(name, known.filter(isPlainName));
    const closest = meant !== null && context.written(`data.columns.${meant}`) ? null : meant;
    const advice = closest ? didYouMean(closest) : t('Declared are {0}.', listWords(known, 'and'));
    context.report('error', 'unknown-variable', `${t('There is no variable `{0}`.', name.slice(0, 60))} ${advice}`, range, closest ? replaceBy(closest, range) : undefined);
  }
}

/** Two variables in one column are one variable; and a time or an episode's number is none. */
function columnsAreDistinct(context: RuleContext): void {
  const { files } = context.experiment.data;
  if (files === null) return;
  const owners = new Map<string, string>();
  if (files.time !== null) owners.set(files.time, t('the time'));
  if (files.episodes?.kind === 'column') owners.set(files.episodes.column, t('the episodes'));
  const { reward } = context.experiment;
  if (reward?.kind === 'column') owners.set(reward.column, t('the reward'));
  for (const [name, heading] of Object.entries(files.columns)) {
    const other = owners.get(heading);
    if (other === undefined) {
      owners.set(heading, `\`${name}\``);
      continue;
    }
    const path = `data.columns.${name}`;
    const range = context.written(path) ? context.range(path) : context.keyRange(`variables.${name}`);
    context.report('error', 'column-shared', t('`{0}` and {1} are in the same column, `{2}`. Name the column of each under data.columns.', name, other, heading.slice(0, 60)), range);
  }
}

function pausesCanBeSeen(context: RuleContext): void {
  const { files } = context.experiment.data;
  if (files?.episodes?.kind !== 'gap') return;
  const { gap } = files.episodes;
  const range = context.range('data.episodes.gap');
  if (files.time === null) context.report('error', 'gap-without-time', t('Pauses cannot be seen without a time. Write the heading of its column as data.time.'), range);
  else if (gap < files.samplingTime) context.report('error', 'gap-below-sampling-time', t('A pause of {0} s is shorter than the sampling time of {1} s, so every row would begin an episode. Raise it.', gap, files.samplingTime), range);
}
