import type { PolledCatalogue } from '../catalogue/polledCatalogue';
import type { RunStarter } from '../runs/runStarter';
import type { Services } from '../services';
import type { Targets } from './targets';

/** What decisions are made with. */
export interface DecisionParts {
  readonly services: Services;
  readonly catalogue: PolledCatalogue;
  readonly targets: Targets;
  readonly starter: RunStarter;
}
