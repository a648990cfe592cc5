import { type Disposable, type ExtensionContext, type WebviewPanel, window } from 'vscode';
import type { PolicyDiffSelection } from '../messages/policyDiff';
import type { LanguageServer } from './language/languageServer';
import type { Services } from './services';

/** Editor panels of one kind, found again after a reload. */
interface Panels<Selection> extends Disposable {
  open(selection: Selection): void;
  restore(panel: WebviewPanel, state: unknown): void;
}

/** The panels, each loaded when it is first needed: activation stays quick. */
export interface Surfaces {
  readonly policyDiffs: () => Promise<Panels<PolicyDiffSelection>>;
}

/** Registers every webview: panels with what restores them, the view of the side panel, the Designer. */
export function registerSurfaces(services: Services, language: LanguageServer, subscriptions: ExtensionContext['subscriptions']): Surfaces {
  const surfaces: Surfaces = {
    policyDiffs: once(subscriptions, async () => new (await import('./policyDiff/panels')).PolicyDiffPanels(services)),
  };
  const restored = (viewType: string, panels: () => Promise<Panels<never>>): void => {
    subscriptions.push(window.registerWebviewPanelSerializer(viewType, { deserializeWebviewPanel: async (panel, state: unknown) => (await panels()).restore(panel, state) }));
  };
  restored('ibrl.policyDiff', surfaces.policyDiffs);

  let designer: Promise<import('./designer/editor').DesignerEditor> | null = null;
  subscriptions.push(
    window.registerCustomEditorProvider('ibrl.designer', {
      resolveCustomTextEditor: async (document, panel, token) => {
        designer ??= import('./designer/editor').then(({ DesignerEditor }) => new DesignerEditor(services, language));
        (await designer).resolveCustomTextEditor(document, panel, token);
      },
    }),
  );
  return surfaces;
}

/** Made when it is first asked for, and disposed of with the extension. */
function once<Part extends Disposable>(subscriptions: Disposable[], make: () => Promise<Part>): () => Promise<Part> {
  let made: Promise<Part> | null = null;
  return () => {
    made ??= make().then((part) => {
      subscriptions.push(part);
      return part;
    });
    return made;
  };
}
