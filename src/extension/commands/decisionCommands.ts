import { l10n, window } from 'vscode';
import type { ObservedRun } from '../catalogue/observedRun';
import { commandIds } from '../commandIds';
import { costText } from '../numbers';
import type { DecisionParts } from './decisionParts';
import type { CommandRegistrar } from './registrar';
import { fieldOf } from './targets';

/** What only a person can give: approval, rejection, the recordings of a plant. */
export function registerDecisionCommands(registrar: CommandRegistrar, parts: DecisionParts): void {
  registrar.register(commandIds.approve, (argument) => decide(parts, argument, 'approved'));
  registrar.register(commandIds.reject, (argument) => decide(parts, argument, 'rejected'));
  registrar.register(commandIds.addData, async (argument) => (await import('./addRecordings')).addRecordings(parts, argument));
}

async function decide({ services, catalogue, targets, starter }: DecisionParts, argument: unknown, decision: 'approved' | 'rejected'): Promise<void> {
  const folder = await targets.run(argument, ({ state }) => state === 'awaiting-approval', l10n.t('No run awaits approval.'));
  if (folder === null) return;
  const run = catalogue.run(folder);
  const confirm = decision === 'approved' ? l10n.t('Approve') : l10n.t('Reject');
  const question = decision === 'approved' ? l10n.t('Approve iteration {0} of {1}?', run?.iteration ?? 1, run?.name ?? '') : l10n.t('Reject iteration {0} of {1}?', run?.iteration ?? 1, run?.name ?? '');
  const verdict = fieldOf(argument, 'verdict');
  const after = decision === 'approved' ? l10n.t('Its policies are then deployed.') : l10n.t('None of its policies is deployed.');
  if ((await window.showWarningMessage(question, { modal: true, detail: `${typeof verdict === 'string' ? verdict : promiseOf(run)}\n\n${after}`.trim() }, confirm)) !== confirm) return;
  await services.runCommandLine(['approve', folder, ...(decision === 'rejected' ? ['--reject'] : [])]);
  await catalogue.refresh();
  // a simulator goes on at once; a plant is deployed by somebody, and its recordings are awaited
  if (catalogue.run(folder)?.state === 'stopped') await starter.resume(folder);
  await catalogue.refresh();
}

/** What the models promise of the iteration that is decided on; empty where that is not known. */
function promiseOf(run: ObservedRun | null): string {
  const result = run?.results.at(-1);
  if (result === undefined || result.promised === null) return '';
  const promise = l10n.t('The models promise a cost of {0} per step over all policies.', costText(result.promised));
  const recommended = result.recommended === null ? l10n.t('None is recommended: the present controller is to be kept.') : l10n.t('π{0} is recommended.', result.recommended);
  return `${promise} ${recommended}`;
}
