import { CancellationTokenSource, type Disposable, EventEmitter, FileType, l10n, RelativePattern, type Uri, window, workspace } from 'vscode';

/** An experiment file of the workspace. */
export interface FoundExperiment {
  readonly uri: Uri;
  /** null: too large to be judged in passing, or unreadable */
  readonly validity: { readonly errors: number; readonly warnings: number } | null;
  /** the experiment's own name; null when that cannot be read */
  readonly name: string | null;
}

const pattern = '**/*.ibrl.{yaml,yml}';
const excluded = '{**/node_modules/**,**/.ibrl/**}';
const mostFiles = 500;
/** larger ones are judged when they are opened, by the language server */
const judgedBytes = 64 << 10;
const pollMs = 5_000;
const searchLimitMs = 60_000;
/** a search that found nothing is repeated after one poll, then two, four … and at last so many */
const rarestSearch = 64;

/** The experiment files of the workspace with their validity; each version of a file is read once. */
export class Experiments implements Disposable {
  private found: readonly FoundExperiment[] = [];
  private readonly changed = new EventEmitter<void>();
  private readonly judged = new Map<string, { readonly sign: string; readonly experiment: FoundExperiment }>();
  private readonly subscriptions: Disposable[] = [this.changed];
  private looking: Promise<void> | null = null;
  private again = false;
  private vainSearches = 0;
  private polls = 0;
  private timer: NodeJS.Timeout | null = null;
  private shown = '';

  readonly onDidChange = this.changed.event;

  /** @param warn told of a search that failed */
  constructor(private readonly warn: (line: string) => void) {}

  get all(): readonly FoundExperiment[] {
    return this.found;
  }

  /** Looks, and goes on looking: when told of changes, when the window is used again, and every few seconds while `visible`. */
  start(visible: () => boolean): void {
    const watcher = workspace.createFileSystemWatcher(pattern);
    const look = (): void => void this.refresh();
    this.subscriptions.push(
      watcher,
      watcher.onDidCreate(look),
      watcher.onDidChange(look),
      watcher.onDidDelete(look),
      workspace.onDidChangeWorkspaceFolders(look),
      window.onDidChangeWindowState(({ focused }) => {
        if (focused) look();
      }),
    );
    this.timer = setInterval(() => {
      if (visible() && this.looking === null) void this.look(() => this.poll());
    }, pollMs);
    look();
  }

  /** Searches the workspace. */
  refresh(): Promise<void> {
    return this.look(() => this.search());
  }

  dispose(): void {
    if (this.timer !== null) clearInterval(this.timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** One look at a time, so that none ends on an older list than another; a wish to search that comes meanwhile is fulfilled after it. */
  private async look(work: () => Promise<void>): Promise<void> {
    if (this.looking !== null) {
      this.again = true;
      return this.looking;
    }
    this.looking = work();
    await this.looking;
    this.looking = null;
    if (this.again) {
      this.again = false;
      await this.refresh();
    }
  }

  /** VS Code answers a search that it has cancelled, as when folders change, as if there were nothing: that is not the last word. */
  private async poll(): Promise<void> {
    this.polls += 1;
    const searches = this.vainSearches > 0 && this.polls % Math.min(2 ** (this.vainSearches - 1), rarestSearch) === 0;
    await (searches ? this.search() : this.judgeAll(this.found.map(({ uri }) => uri)));
  }

  /** Never rejects: what fails is tried again. */
  private async search(): Promise<void> {
    const folders = workspace.workspaceFolders ?? [];
    const limit = new CancellationTokenSource();
    const timer = setTimeout(() => limit.cancel(), searchLimitMs);
    try {
      const lists = await Promise.all(folders.map((folder) => workspace.findFiles(new RelativePattern(folder, pattern), excluded, mostFiles, limit.token)));
      await this.judgeAll(lists.flat());
      this.vainSearches = this.found.length > 0 ? 0 : this.vainSearches + 1;
    } catch (error) {
      this.vainSearches += 1;
      this.warn(l10n.t('The search for experiment files failed: {0}', String(error)));
    } finally {
      clearTimeout(timer);
      limit.dispose();
    }
  }

  private async judgeAll(uris: readonly Uri[]): Promise<void> {
    const experiments: FoundExperiment[] = [];
    for (const uri of uris) {
      const experiment = await this.judge(uri);
      if (experiment !== null) experiments.push(experiment);
    }
    this.found = experiments.toSorted((a, b) => a.uri.path.localeCompare(b.uri.path));
    const shown = JSON.stringify(this.found.map(({ uri, validity, name }) => [uri.toString(), validity, name]));
    if (shown === this.shown) return;
    this.shown = shown;
    this.changed.fire();
  }

  private async judge(uri: Uri): Promise<FoundExperiment | null> {
    const key = uri.toString();
    try {
      const { type, size, mtime } = await workspace.fs.stat(uri);
      if ((type & FileType.File) === 0) return null;
      const sign = `${size} ${mtime}`;
      const known = this.judged.get(key);
      if (known?.sign === sign) return known.experiment;
      const experiment = size > judgedBytes ? { uri, validity: null, name: null } : await judgement(uri, await workspace.fs.readFile(uri));
      this.judged.set(key, { sign, experiment });
      return experiment;
    } catch {
      // gone meanwhile
      this.judged.delete(key);
      return null;
    }
  }
}

async function judgement(uri: Uri, bytes: Uint8Array): Promise<FoundExperiment> {
  const { validateExperimentBytes } = await import('../experiment/validate');
  const { experiment, findings } = validateExperimentBytes(bytes);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return { uri, validity: { errors, warnings: findings.length - errors }, name: experiment?.name ?? null };
}
