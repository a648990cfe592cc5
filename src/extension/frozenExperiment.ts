import type { Experiment } from '../experiment/experiment';
import { validateExperiment } from '../experiment/validate';

const mostKept = 16;
const kept = new Map<string, Experiment | null>();

/** The experiment of a run, whose text never changes: every page about the run needs it, and it is parsed once. Null where it does not suit this version. */
export function frozenExperiment(text: string): Experiment | null {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const { experiment } = validateExperiment(text);
  const oldest = kept.size < mostKept ? undefined : kept.keys().next().value;
  if (oldest !== undefined) kept.delete(oldest);
  kept.set(text, experiment);
  return experiment;
}
