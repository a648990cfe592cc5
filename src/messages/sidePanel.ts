import { type Static, Type } from 'typebox';
import { runView } from './dashboard';

/** From the host to the side panel's page: always everything. */
export const toSidePanel = Type.Object({
  kind: Type.Literal('situation'),
  trusted: Type.Boolean(),
  /** a folder is open */
  folder: Type.Boolean(),
  /** what runs now, or waits for a person, or was the last; null: nothing has run */
  run: Type.Union([runView, Type.Null()]),
  queue: Type.Array(Type.Object({ id: Type.String(), folder: Type.String(), name: Type.String() })),
  /** the newest of the others first */
  last: Type.Array(Type.Object({
    folder: Type.String(),
    name: Type.String(),
    state: Type.String(),
    iteration: Type.Union([Type.Number(), Type.Null()]),
    /** mean real cost by iteration */
    costs: Type.Array(Type.Number()),
  })),
});
export type SidePanelSituation = Static<typeof toSidePanel>;

/** From the page to its host. */
export const fromSidePanel = Type.Object({
  kind: Type.Literal('do'),
  action: Type.Union([
    Type.Literal('openDashboard'), Type.Literal('stopAfterIteration'), Type.Literal('stopNow'), Type.Literal('resume'), Type.Literal('runAgainWithChanges'), Type.Literal('showLog'), Type.Literal('openPolicyDiff'), Type.Literal('addData'),
    Type.Literal('run'), Type.Literal('openExample'), Type.Literal('newExperiment'), Type.Literal('manageTrust'), Type.Literal('openFolder'), Type.Literal('removeFromQueue'),
  ]),
  /** what it is about; empty where that is nothing */
  folder: Type.String(),
});
export type FromSidePanel = Static<typeof fromSidePanel>;
export type SidePanelAction = FromSidePanel['action'];
