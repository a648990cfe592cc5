import { type Disposable, type ExtensionContext, type WebviewPanel, window } from 'vscode';
import type { PolicyDiffSelection } from '../messages/policyDiff';
import type { TrajectoriesSelection } from '../messages/trajectories';
import { inPieces } from './inPieces';
import type { LanguageServer } from './language/languageServer';
import type { Services } from './services';

/** Editor panels of one kind, found again after a reload. */
interface Panels<Selection> extends Disposable {
  open(selection: Selection): void;
  restore(panel: WebviewPanel, state: unknown): void;
}

interface ComparingPanels extends Panels<string> {
  compare(folders: readonly string[]): void;
}

/** The panels, each loaded when it is first needed: activation stays quick. */
export interface Surfaces {
  readonly dashboards: () => Promise<ComparingPanels>;
  readonly policyDiffs: () => Promise<Panels<PolicyDiffSelection>>;
  readonly trajectories: () => Promise<Panels<TrajectoriesSelection>>;
}

/** Registers every webview: panels with what restores them, the view of the side panel, the Designer. */
export function registerSurfaces(services: Services, language: LanguageServer, subscriptions: ExtensionContext['subscriptions']): Surfaces {
  const surfaces: Surfaces = {
    dashboards: once(subscriptions, async () => new (await inPieces(() => import('./dashboard/panels'))).DashboardPanels(services)),
    policyDiffs: once(subscriptions, async () => new (await inPieces(() => import('./policyDiff/panels'))).PolicyDiffPanels(services)),
    trajectories: once(subscriptions, async () => new (await inPieces(() => import('./trajectories/panels'))).TrajectoriesPanels(services)),
  };
  const restoring: Readonly<Record<string, () => Promise<Panels<never>>>> = { 'ibrl.dashboard': surfaces.dashboards, 'ibrl.policyDiff': surfaces.policyDiffs, 'ibrl.trajectories': surfaces.trajectories };
  const restore = async (panel: WebviewPanel, state: unknown): Promise<void> => (await restoring[panel.viewType]()).restore(panel, state);
  for (const viewType of Object.keys(restoring)) subscriptions.push(window.registerWebviewPanelSerializer(viewType, { deserializeWebviewPanel: restore }));

  const sidePanel = once(subscriptions, async () => new (await inPieces(() => import('./sidePanel/view'))).SidePanelView(services));
  const designer = once(subscriptions, async () => new (await import('./designer/editor')).DesignerEditor(services, language));
  subscriptions.push(
    window.registerWebviewViewProvider('ibrl.sidePanel', { resolveWebviewView: async (view) => (await sidePanel()).resolveWebviewView(view) }),
    window.registerCustomEditorProvider('ibrl.designer', {
      resolveCustomTextEditor: async (document, panel, token) => (await designer()).resolveCustomTextEditor(document, panel, token),
    }),
  );
  void services.openPanels.revive(restore);
  return surfaces;
}

/** Made when it is first asked for; what must be disposed of is, with the extension. */
function once<Part extends object>(subscriptions: Disposable[], make: () => Promise<Part>): () => Promise<Part> {
  let made: Promise<Part> | null = null;
  return () => {
    made ??= make().then((part) => {
      if ('dispose' in part) subscriptions.push(part as Part & Disposable);
      return part;
    });
    return made;
  };
}
