/** Every command of the extension; a test compares the table with the manifest both ways. */
export const commandIds = {
  newExperiment: 'ibrl.newExperiment',
  openExample: 'ibrl.openExample',
  validate: 'ibrl.validate',
  run: 'ibrl.run',
  queue: 'ibrl.queue',
  stopAfterIteration: 'ibrl.stopAfterIteration',
  stopNow: 'ibrl.stopNow',
  resume: 'ibrl.resume',
  runAgainWithChanges: 'ibrl.runAgainWithChanges',
  openDashboard: 'ibrl.openDashboard',
  openPolicyDiff: 'ibrl.openPolicyDiff',
  compareRuns: 'ibrl.compareRuns',
  openTrajectories: 'ibrl.openTrajectories',
  openDesigner: 'ibrl.openDesigner',
  openAsText: 'ibrl.openAsText',
  exportReport: 'ibrl.exportReport',
  revealRunFolder: 'ibrl.revealRunFolder',
  deleteRun: 'ibrl.deleteRun',
  showLog: 'ibrl.showLog',
  doctor: 'ibrl.doctor',
  reportIssue: 'ibrl.reportIssue',
  approve: 'ibrl.approve',
  reject: 'ibrl.reject',
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];
