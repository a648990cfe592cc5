import { t } from '@vscode/l10n';
import type { SystemSettings } from '../experiment';
import { replaceBy } from '../remedies';
import { isShipped } from '../systems';
import type { Rule, RuleContext } from './rule';

/** Rules about which sections a kind of system must have, and which mean nothing with it. They are checked before all others. */
export const sectionsRules: readonly Rule[] = [
  { reads: ['system'], check: neededSections },
  { reads: ['system'], check: foreignSettings },
  { reads: ['system', 'deployment.approval'], check: plantsWaitForApproval },
];

/** By path: what to write there. */
const needed: Readonly<Partial<Record<SystemSettings['kind'], Readonly<Record<string, () => string>>>>> = {
  plant: {
    variables: declareVariables,
    reward: () => t('Write a formula, or `{ column: r }` for a recorded one.'),
    'data.files': () => t('Name the recordings, for example `files: [january.csv]`.'),
    'data.samplingTime': () => t('Write the seconds from one row to the next.'),
  },
  program: { variables: declareVariables },
};

function declareVariables(): string {
  return t('Declare its variables, for example `level: { role: state, unit: m, range: [0, 2] }`.');
}

const recordings = ['data.files', 'data.columns', 'data.time', 'data.samplingTime', 'data.episodes', 'data.where'];
const declarations = ['variables', 'reward'];
const played = ['deployment.episodes', 'deployment.steps', 'deployment.evaluate', 'deployment.evaluateSteps'];

const foreign: Readonly<Record<SystemSettings['kind'], readonly string[]>> = {
  'grid-2d': [...declarations, ...recordings],
  'industrial-benchmark': [...declarations, ...recordings],
  plant: ['data.generate', ...played],
  program: recordings,
};

function neededSections(context: RuleContext): void {
  const { kind } = context.experiment.system;
  for (const [path, advice] of Object.entries(needed[kind] ?? {})) {
    if (context.written(path) || context.isBroken(path)) continue;
    const section = path.split('.')[0];
    const range = section !== path && context.written(section) ? context.keyRange(section) : context.range('system.kind');
    const wrong = kind === 'plant' ? t('A plant needs `{0}`.', path) : t('A program needs `{0}`.', path);
    context.report('error', 'missing-key', `${wrong} ${advice()}`, range);
  }
}

function foreignSettings(context: RuleContext): void {
  const { kind } = context.experiment.system;
  for (const path of foreign[kind]) {
    if (context.written(path)) context.report('error', 'setting-not-for-system', foreignSentence(path, kind), context.keyRange(path));
  }
  if (kind === 'program' && context.experiment.reward?.kind === 'column') {
    context.report('error', 'setting-not-for-system', t('A program has no columns. Write the reward as a formula, or leave it out where the program tells rewards.'), context.range('reward'));
  }
}

function foreignSentence(path: string, kind: SystemSettings['kind']): string {
  if (played.includes(path)) return t('`{0}` means nothing for a plant, where nobody plays episodes: its policies are judged by the models and by new recordings. Remove it.', path);
  if (path === 'data.generate') return t('`{0}` means nothing for a plant, which has no simulator. Remove it.', path);
  return isShipped(kind) && declarations.includes(path) ? t('`{0}` is for plants and programs; {1} has its own. Remove it.', path, kind) : t('`{0}` is for plants only. Remove it.', path);
}

function plantsWaitForApproval(context: RuleContext): void {
  if (context.experiment.system.kind !== 'plant' || context.experiment.deployment.approval === 'manual') return;
  const range = context.range('deployment.approval');
  context.report('error', 'plant-needs-approval', t('A policy for a plant is never deployed by itself. Write `manual`.'), range, replaceBy('manual', range));
}
