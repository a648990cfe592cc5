import { join } from 'node:path';
import { type Disposable, l10n, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import { experimentFile } from '../../run/paths';
import { readFile } from 'node:fs/promises';
import { applySettings, type ChangeableSetting, changeableSettings } from '../settingLines';
import { sourceOf } from '../runs/runStarter';
import { begin, type RunCommandParts } from './runCommands';

/** Run Again With Changes…: the experiment of a run, with some settings changed. */
export async function runAgain(parts: RunCommandParts, argument: unknown): Promise<void> {
  const folder = await parts.targets.run(argument, () => true, l10n.t('Nothing has run in this workspace yet.'));
  if (folder === null) return;
  const text = await readFile(join(folder, experimentFile), 'utf8');
  const lines = await askForChanges(text);
  if (lines === null) return;
  const changed = applySettings(text, lines);
  if (changed.text === null) throw new Error(changed.wrong);
  await begin(parts, sourceOf(folder, parts.catalogue.run(folder)?.source ?? null), changed.text);
}

interface Choice extends QuickPickItem {
  readonly does: { readonly kind: 'run' } | { readonly kind: 'complete'; readonly text: string } | { readonly kind: 'add'; readonly line: string } | { readonly kind: 'drop'; readonly line: string };
}

/**
 * Asks for lines `setting=value`: what is typed filters the settings; one that is chosen is completed; a whole line is
 * checked and kept.
 * @returns the lines; null when the user gave up
 */
function askForChanges(text: string): Promise<readonly string[] | null> {
  const settings = changeableSettings(text);
  const lines: string[] = [];
  const pick = window.createQuickPick<Choice>();
  const subscriptions: Disposable[] = [pick];
  pick.title = l10n.t('Run Again With Changes');
  pick.placeholder = l10n.t('setting=value, such as search.updates=200');
  pick.ignoreFocusOut = true;
  const show = (): void => {
    pick.items = choices(settings, text, lines, pick.value);
  };
  return new Promise((resolve) => {
    subscriptions.push(
      pick.onDidChangeValue(show),
      pick.onDidAccept(() => {
        const does = pick.selectedItems.at(0)?.does;
        if (does === undefined) return;
        if (does.kind === 'run') {
          resolve(lines);
          pick.hide();
          return;
        }
        if (does.kind === 'complete') pick.value = does.text;
        else {
          if (does.kind === 'add') lines.push(does.line);
          else lines.splice(lines.indexOf(does.line), 1);
          pick.value = '';
        }
        show();
      }),
      pick.onDidHide(() => {
        resolve(null);
        for (const subscription of subscriptions) subscription.dispose();
      }),
    );
    show();
    pick.show();
  });
}

/** What can be chosen once so much is typed. Items that are always to be seen say so, since the list filters by itself. */
function choices(settings: readonly ChangeableSetting[], text: string, lines: readonly string[], typed: string): Choice[] {
  const equals = typed.indexOf('=');
  if (equals > 0) return valueChoices(settings, text, lines, typed, equals);
  const run: Choice = {
    label: `$(play) ${lines.length === 0 ? l10n.t('Run without changes') : lines.length === 1 ? l10n.t('Run with this change') : l10n.t('Run with these {0} changes', lines.length)}`,
    does: { kind: 'run' },
  };
  const kept = lines.map((line): Choice => ({ label: `$(close) ${line}`, description: l10n.t('take it back'), does: { kind: 'drop', line } }));
  const all = settings.map(({ path, current, description }): Choice => ({ label: path, description: current, detail: description, does: { kind: 'complete', text: `${path}=` } }));
  const rule: Choice = { label: l10n.t('settings'), kind: QuickPickItemKind.Separator, does: { kind: 'run' } };
  return typed === '' ? [run, ...kept, rule, ...all] : all;
}

function valueChoices(settings: readonly ChangeableSetting[], text: string, lines: readonly string[], typed: string, equals: number): Choice[] {
  const setting = settings.find(({ path }) => path === typed.slice(0, equals).trim());
  const value = typed.slice(equals + 1).trim();
  const wrong = value === '' ? null : applySettings(text, [...lines, typed]).wrong;
  const hint = setting === undefined ? '' : l10n.t('now {0}', setting.current || '–');
  const own: Choice[] = value === '' ? [{ label: typed, description: hint, detail: setting?.description ?? '', alwaysShow: true, does: { kind: 'complete', text: typed } }] : [];
  if (value !== '') {
    own.push({ label: `${wrong === null ? '$(add)' : '$(error)'} ${typed}`, description: hint, detail: wrong ?? setting?.description ?? '', alwaysShow: true, does: wrong === null ? { kind: 'add', line: typed } : { kind: 'complete', text: typed } });
  }
  const words = (setting?.choices ?? []).filter((word) => word !== value).map((word): Choice => ({ label: `${setting?.path}=${word}`, does: { kind: 'complete', text: `${setting?.path}=${word}` } }));
  return [...own, ...words];
}
