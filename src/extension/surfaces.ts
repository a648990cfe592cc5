import { type Disposable, l10n, type WebviewPanel, window } from 'vscode';
import type { LanguageServer } from './language/languageServer';
import type { Services } from './services';

/** An editor panel of a run or a selection, found again after a reload. */
interface Panels<Selection> extends Disposable {
  open(selection: Selection): void;
  restore(panel: WebviewPanel, state: unknown): void;
}

interface ComparingPanels extends Panels<string> {
  compare(folders: readonly string[]): void;
}

/** What a policy diff or trajectories are opened with. */
export interface PolicySelection {
  readonly run: string;
  readonly iteration: number;
  readonly policy?: number;
  readonly against?: unknown;
}

/** The panels, each loaded when it is first needed. */
export interface Surfaces {
  readonly dashboards: () => Promise<ComparingPanels>;
  readonly policyDiffs: () => Promise<Panels<PolicySelection>>;
  readonly trajectories: () => Promise<Panels<PolicySelection>>;
}

/** Registers every webview: panels with what restores them, the view of the side panel, the Designer. */
export function registerSurfaces(_services: Services, _language: LanguageServer, _subscriptions: Disposable[]): Surfaces {
  const absent = (): Promise<never> => Promise.reject(new Error(l10n.t('not built yet')));
  void window;
  return { dashboards: absent, policyDiffs: absent, trajectories: absent };
}
