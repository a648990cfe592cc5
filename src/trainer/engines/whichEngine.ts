import type { EngineReport } from '../../launcher/engineReport';
import { chooseEngine } from './engines';

/** What a run would compute with here, for `ibrl doctor`: asked of the trainer, since only its process loads native code. */
export function whichEngine(dist: string): EngineReport {
  let problem: string | null = null;
  const choice = chooseEngine(null, 'portable', { dist, tfjsNode: null }, (line) => (problem = line));
  return { engine: choice.name, kernel: choice.name === 'native' ? choice.variant.processor : null, problem };
}
