import { closestWord } from '../suggestions';
import { listWords } from '../words';
import { replaceBy, type Rule, type RuleContext } from './rule';

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
    const closest = closestWord(name, known);
    const advice = closest ? `Did you mean \`${closest}\`?` : `Declared are ${listWords(known, 'and')}.`;
    context.report('error', 'unknown-variable', `There is no variable \`${name.slice(0, 60)}\`. ${advice}`, range, closest ? replaceBy(closest, range) : undefined);
  }
}

/** Two variables in one column are one variable; and a time or an episode's number is none. */
function columnsAreDistinct(context: RuleContext): void {
  const { files } = context.experiment.data;
  if (files === null) return;
  const owners = new Map<string, string>();
  if (files.time !== null) owners.set(files.time, 'the time');
  if (files.episodes?.kind === 'column') owners.set(files.episodes.column, 'the episodes');
  const { reward } = context.experiment;
  if (reward?.kind === 'column') owners.set(reward.column, 'the reward');
  for (const [name, heading] of Object.entries(files.columns)) {
    const other = owners.get(heading);
    if (other === undefined) {
      owners.set(heading, `\`${name}\``);
      continue;
    }
    const path = `data.columns.${name}`;
    const range = context.written(path) ? context.range(path) : context.keyRange(`variables.${name}`);
    context.report('error', 'column-shared', `\`${name}\` and ${other} are in the same column, \`${heading.slice(0, 60)}\`. Name the column of each under data.columns.`, range);
  }
}

function pausesCanBeSeen(context: RuleContext): void {
  const { files } = context.experiment.data;
  if (files?.episodes?.kind !== 'gap') return;
  const { gap } = files.episodes;
  const range = context.range('data.episodes.gap');
  if (files.time === null) context.report('error', 'gap-without-time', 'Pauses cannot be seen without a time. Write the heading of its column as data.time.', range);
  else if (gap < files.samplingTime) context.report('error', 'gap-below-sampling-time', `A pause of ${gap} s is shorter than the sampling time of ${files.samplingTime} s, so every row would begin an episode. Raise it.`, range);
}
