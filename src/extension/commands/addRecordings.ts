import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { l10n, type QuickPickItem, Uri, window } from 'vscode';
import type { ObservedRun } from '../catalogue/observedRun';
import { costText } from '../numbers';
import type { Services } from '../services';
import { chooseRecordings } from './chooseRecordings';
import type { DecisionParts } from './decisionParts';

/** Takes recordings, one policy's after another's, until the user resumes the run. Each are added as soon as they are named. */
export async function addRecordings({ services, catalogue, targets, starter }: DecisionParts, argument: unknown): Promise<void> {
  const folder = await targets.run(argument, ({ takesRecordings }) => takesRecordings, l10n.t('No run awaits recordings.'));
  if (folder === null) return;
  const run = catalogue.run(folder);
  let outcome = await addBatch(services, folder, run);
  if (outcome === null) return;
  const choices = [
    { label: resumeLabel(), detail: l10n.t('The models are judged on the new recordings, and the next iteration begins.') },
    { label: moreLabel(), detail: l10n.t('What was recorded while another policy was at work.') },
  ];
  for (;;) {
    const next = await window.showQuickPick(choices, { placeHolder: outcome, ignoreFocusOut: true });
    if (next?.label !== moreLabel()) {
      // who leaves the choice has given recordings all the same: the run is stopped, and takes more until it is resumed
      if (next !== undefined) await starter.resume(folder);
      break;
    }
    try {
      outcome = (await addBatch(services, folder, run)) ?? outcome;
    } catch (error) {
      // what was added before stays, and the choice too
      void window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
  }
  await catalogue.refresh();
}

const resumeLabel = (): string => l10n.t('Resume');
const moreLabel = (): string => l10n.t('Add More…');

/**
 * Asks for files and for who was at work, and adds them to the run.
 * @returns what was added, in a sentence; null when the user left
 * Rejects with the sentence that refuses them
 */
async function addBatch(services: Services, folder: string, run: ObservedRun | null): Promise<string | null> {
  const files = await chooseRecordings(l10n.t('Add Recordings'), Uri.file(folder));
  if (files.length === 0) return null;
  const policy = await policyAtWork(run);
  if (policy === null) return null;
  const told = await services.runCommandLine(['add-data', folder, ...files.map((file) => file.fsPath), ...(policy === 'another' ? [] : ['--policy', String(policy)]), '--json']);
  const { episodes, transitions, warnings } = Value.Parse(added, JSON.parse(told));
  for (const { message } of warnings) void window.showWarningMessage(message);
  return l10n.t('Added: {0} transitions in {1} episodes. Go on?', transitions, episodes);
}

/** What `ibrl add-data --json` prints, as far as it is told. */
const added = Type.Object({ episodes: Type.Number(), transitions: Type.Number(), warnings: Type.Array(Type.Object({ message: Type.String() })) });

type AtWork = number | 'another';

/** Who acted while it was recorded, the recommended first; null when the user does not say. */
async function policyAtWork(run: ObservedRun | null): Promise<AtWork | null> {
  const result = run?.results.at(-1);
  const policies = (result?.policies ?? []).map(({ policy, promised }): QuickPickItem & { readonly atWork: AtWork } => {
    const cost = promised === null ? '–' : l10n.t('{0} promised', costText(promised));
    return { label: `π${policy}`, description: policy === result?.recommended ? l10n.t('{0} · recommended', cost) : cost, atWork: policy };
  });
  const another = { label: l10n.t('The present controller, or another'), detail: l10n.t('Also where several policies took turns, or nobody knows.'), atWork: 'another' as const };
  const first = result?.recommended ?? 'another';
  const choices = [...policies, another].toSorted((a, b) => Number(b.atWork === first) - Number(a.atWork === first));
  return (await window.showQuickPick(choices, { placeHolder: l10n.t('Which policy was at work while this was recorded?') }))?.atWork ?? null;
}
