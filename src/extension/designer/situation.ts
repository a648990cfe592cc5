import type { DesignerState } from '../../messages/designer';
import type { ExperimentModel } from '../../messages/languageProtocol';
import type { ObservedRun } from '../catalogue/observedRun';

const decisiveSections = ['system', 'data', 'variables'];

/** The settings that decide what is recorded, as text to be compared. */
export function decisiveSettings({ settings }: Pick<ExperimentModel, 'settings'>): string {
  const decisive = settings.filter(({ path, type }) => type !== 'section' && decisiveSections.includes(path.split('.')[0]));
  return JSON.stringify(decisive.map(({ path, value }) => [path, value]));
}

/** How long the newest run took that went through by itself; null where none did, or where people are waited for. */
export function usualDuration({ settings }: Pick<ExperimentModel, 'settings'>, runs: readonly Pick<ObservedRun, 'state' | 'attempt' | 'created' | 'asOf' | 'iterations'>[]): DesignerState['lastRun'] {
  if (settings.some(({ path, value }) => path === 'deployment.approval' && value !== 'automatic')) return null;
  const run = runs.find(({ state, attempt, asOf }) => state === 'done' && attempt === 1 && asOf !== null);
  if (!run || run.asOf === null) return null;
  return { milliseconds: Math.max(0, Date.parse(run.asOf) - Date.parse(run.created)), iterations: run.iterations };
}
