import { t } from '@vscode/l10n';
import type { ObservedState, Phase } from '../run/contract';

/** Words of a run that the report and the editor's views share, in the language of the process. */

export function stateWord(state: ObservedState): string {
  switch (state) {
    case 'running':
      return t('running');
    case 'stopped':
      return t('stopped');
    case 'awaiting-approval':
      return t('awaiting approval');
    case 'awaiting-data':
      return t('awaiting data');
    case 'done':
      return t('done');
    case 'failed':
      return t('failed');
    case 'interrupted':
      return t('interrupted');
  }
}

export function phaseWord(phase: Phase): string {
  switch (phase) {
    case 'collecting':
      return t('collecting');
    case 'modelling':
      return t('modelling');
    case 'searching':
      return t('searching');
    case 'predicting':
      return t('predicting');
    case 'deploying':
      return t('deploying');
    case 'evaluating':
      return t('evaluating');
  }
}

/** How a person says a reference's name: “do-nothing”, “best hold”. */
export function referenceName(name: string): string {
  switch (name) {
    case 'behaviour':
      return t('behaviour');
    case 'behaviourByModels':
      return t('behaviour by models');
    case 'doNothing':
      return t('do-nothing');
    case 'straightToGoal':
      return t('straight to goal');
    case 'bestHold':
      return t('best hold');
    case 'oscillator':
    case 'shiftOscillator':
      return t('oscillator');
    default:
      return name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  }
}

/** A reference as the object of “below” and “above”. */
export function referenceAsObject(name: string): string {
  switch (name) {
    case 'behaviour':
      return t('the behaviour');
    case 'behaviourByModels':
      return t('the behaviour, by the models');
    case 'straightToGoal':
      return t('going straight to the goal');
    case 'bestHold':
      return t('the best hold');
    case 'oscillator':
    case 'shiftOscillator':
      return t('the oscillator');
    default:
      return referenceName(name);
  }
}

/** “1 step”, “25 steps” */
export function stepCount(steps: number): string {
  return steps === 1 ? t('1 step') : t('{0} steps', steps);
}

/** “1 policy”, “4 policies” */
export function policyCount(policies: number): string {
  return policies === 1 ? t('1 policy') : t('{0} policies', policies);
}
