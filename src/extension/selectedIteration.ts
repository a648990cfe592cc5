import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Disposable, type WebviewPanel, workspace } from 'vscode';
import { runFile } from '../run/paths';
import { RunCache } from './dashboard/runCache';
import type { Services } from './services';

/** The iteration that a panel is about, as its user selects it; its run is followed while the panel is in sight. */
export class SelectedIteration<Selection extends { readonly run: string; readonly iteration: number }> implements Disposable {
  private watch: Disposable | null = null;
  private read: RunCache | null = null;
  private readonly subscriptions: readonly Disposable[];

  /**
   * @param opened another run, or the same anew, before the panel is told of a change
   * @param changed the run, what is selected of it, or what surrounds it
   */
  constructor(
    private readonly services: Services,
    private readonly panel: WebviewPanel,
    private selected: Selection,
    private readonly opened: (cache: RunCache) => void,
    private readonly changed: () => void,
  ) {
    this.subscriptions = [workspace.onDidGrantWorkspaceTrust(changed), services.catalogue.onDidChange(changed), panel.onDidChangeViewState(changed)];
  }

  get selection(): Selection {
    return this.selected;
  }

  /** null before the run was read */
  get cache(): RunCache | null {
    return this.read;
  }

  /** Whether there is no such run. */
  get isMissing(): boolean {
    return this.read === null && !existsSync(join(this.selected.run, runFile));
  }

  /** Whether it is about this iteration of this run. */
  is({ run, iteration }: Selection): boolean {
    return this.selected.run === run && this.selected.iteration === iteration;
  }

  select(selection: Selection): void {
    const other = selection.run !== this.selected.run;
    this.selected = selection;
    if (other) this.follow();
    else this.changed();
  }

  /** Begins to follow the selected run, or tries again. */
  follow(): void {
    this.watch?.dispose();
    this.watch = null;
    this.read = null;
    if (this.isMissing) return this.changed();
    this.watch = this.services.catalogue.watch(this.selected.run, () => this.panel.visible, (reader) => {
      if (this.read?.reader !== reader) {
        this.read = new RunCache(reader);
        this.opened(this.read);
      }
      this.changed();
    });
  }

  dispose(): void {
    this.watch?.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
