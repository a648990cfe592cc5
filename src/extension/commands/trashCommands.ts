import { basename, dirname, join } from 'node:path';
import { l10n, window } from 'vscode';
import type { PolledCatalogue } from '../catalogue/polledCatalogue';
import { commandIds } from '../commandIds';
import { emptyTrash, takeBack, throwAway, thrownAway } from '../trash';
import type { CommandRegistrar } from './registrar';
import type { Targets } from './targets';

/** Delete Run, and the ways back. */
export function registerTrashCommands(registrar: CommandRegistrar, catalogue: PolledCatalogue, targets: Targets): void {
  registrar.register(commandIds.deleteRun, async (argument) => {
    const folder = await targets.run(argument, ({ state }) => state !== 'running', l10n.t('There is no run that could be deleted.'));
    if (folder === null) return;
    const run = catalogue.run(folder);
    const name = run?.name ?? basename(folder);
    if (run?.state === 'running') throw new Error(l10n.t('{0} is at work. Stop it first.', name));
    const place = throwAway(folder);
    await catalogue.refresh();
    const undo = l10n.t('Undo');
    void window.showInformationMessage(l10n.t('{0} is in the trash. It can be taken back until the trash is emptied.', name), undo).then(async (chosen) => {
      if (chosen !== undo) return;
      try {
        takeBack(place, folder);
      } catch (error) {
        void window.showErrorMessage(error instanceof Error ? error.message : String(error));
      }
      await catalogue.refresh();
    });
  });
  registrar.register(commandIds.restoreRun, async () => {
    const places = catalogue.ibrlFolders.flatMap(thrownAway);
    if (places.length === 0) throw new Error(l10n.t('The trash is empty.'));
    const items = places.map((place) => ({ label: basename(place), description: dirname(dirname(dirname(place))), place }));
    const picked = await window.showQuickPick(items, { placeHolder: l10n.t('Which run shall come back?') });
    if (picked === undefined) return;
    takeBack(picked.place, join(dirname(dirname(picked.place)), 'runs', basename(picked.place)));
    await catalogue.refresh();
  });
  registrar.register(commandIds.emptyTrash, async () => {
    const places = catalogue.ibrlFolders.flatMap(thrownAway);
    if (places.length === 0) throw new Error(l10n.t('The trash is empty.'));
    const confirm = l10n.t('Delete for Good');
    const question = places.length === 1 ? l10n.t('Delete the run in the trash for good?') : l10n.t('Delete the {0} runs in the trash for good?', places.length);
    if ((await window.showWarningMessage(question, { modal: true }, confirm)) !== confirm) return;
    for (const ibrl of catalogue.ibrlFolders) emptyTrash(ibrl);
    await catalogue.refresh();
  });
}
