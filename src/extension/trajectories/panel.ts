import { l10n, type Disposable, type WebviewPanel, workspace } from 'vscode';
import { type EpisodeView, type TrajectoriesMessage, type TrajectoriesRequest, trajectoriesRequest, type TrajectoriesSelection, type TrajectoriesView } from '../../messages/trajectories';
import { iterationFiles } from '../../run/paths';
import { commandIds } from '../commandIds';
import type { RunCache } from '../dashboard/runCache';
import { SelectedIteration } from '../selectedIteration';
import type { Services } from '../services';
import { attachPage, type HostedPage } from '../webview/pageHost';
import { coverageOf, fullSelection, runPart, shownIterations, systemPart, type SystemPart, variablesOf } from './model';
import { Recording } from './recording';

/** The file that is open, and what was counted in it. */
interface Opened {
  readonly key: string;
  readonly recording: Recording;
  readonly stop: AbortController;
  /** null while they are counted */
  episodes: EpisodeView[] | null;
}

const noSystem: SystemPart = { variables: [], bounds: {}, map: null, constrained: false };

/** One panel: follows the run, and reads for its page what the page shows. */
export class TrajectoriesPanel implements Disposable {
  private readonly page: HostedPage<TrajectoriesMessage>;
  readonly selected: SelectedIteration<TrajectoriesSelection>;
  private system = noSystem;
  private opened: Opened | null = null;
  private unreadable: string | null = null;
  /** key of the file that could not be opened: it is not tried again before it changes */
  private refused = '';
  private reading = new AbortController();
  /** key of the comparison that the page has */
  private sent: string | null = null;

  constructor(
    private readonly services: Services,
    private readonly panel: WebviewPanel,
    selection: TrajectoriesSelection,
  ) {
    this.page = attachPage(panel.webview, services, {
      page: 'trajectories',
      title: l10n.t('Trajectories'),
      received: trajectoriesRequest,
      onReady: () => {
        this.sent = null;
        this.update();
      },
      onMessage: (message) => this.receive(message),
    });
    this.selected = new SelectedIteration(services, panel, selection, (cache) => (this.system = this.readSystem(cache)), () => this.update());
    this.selected.follow();
  }

  reveal(): void {
    this.panel.reveal();
  }

  private readSystem({ reader }: RunCache): SystemPart {
    try {
      return systemPart(reader.experimentText());
    } catch (error) {
      this.services.log(sentence(error));
      return noSystem;
    }
  }

  /** Sends what has changed since the last time. */
  private update(): void {
    const { cache, isMissing, selection: wanted } = this.selected;
    if (isMissing) this.page.sendNews({ kind: 'missing', folder: wanted.run });
    if (cache === null) return;
    const { iteration } = wanted;
    this.openRecording(cache, iteration);
    const { opened } = this;
    const part = runPart(cache, iteration);
    const view: TrajectoriesView = {
      kind: 'view',
      runs: this.runChoices(cache),
      selection: fullSelection(wanted, cache, this.system),
      ...part,
      trusted: workspace.isTrusted,
      constrained: this.system.constrained,
      variables: variablesOf(this.system, opened?.recording ?? null),
      map: this.system.map,
      coverage: coverageOf(cache, iteration),
      recording: opened && { key: opened.key, names: [...opened.recording.names], steps: opened.recording.frames - 1, episodes: opened.episodes },
      unreadable: this.unreadable,
    };
    this.panel.title = l10n.t('Trajectories: iteration {0}', iteration);
    this.page.sendNews(view);
    if (part.predicted !== null && part.predicted !== this.sent) this.sendPredicted(cache, part.predicted, iteration);
  }

  private runChoices({ reader }: RunCache): TrajectoriesView['runs'] {
    const { folder } = reader;
    const own = { folder, id: reader.description.id, name: reader.description.name, iterations: shownIterations(reader) };
    const others = this.services.catalogue.runs
      .filter((run) => run.folder !== folder)
      .map(({ folder: other, id, name, results }) => ({ folder: other, id, name, iterations: results.map(({ iteration, cost }) => ({ iteration, recorded: cost !== null })) }));
    return [own, ...others.filter((run) => run.iterations.length > 0)];
  }

  /** Opens the iteration's file once it is there, and again when it was written anew. */
  private openRecording({ reader }: RunCache, iteration: number): void {
    const path = iterationFiles.trajectories(iteration);
    const file = reader.fold.files.get(path);
    const key = file === undefined ? null : `${reader.folder} ${path} ${file.sha256}`;
    if (key === (this.opened?.key ?? null) || (key !== null && key === this.refused)) return;
    this.closeRecording();
    if (key === null) return;
    try {
      const numbers = reader.openNumbers(path);
      try {
        const opened: Opened = { key, recording: new Recording(numbers), stop: new AbortController(), episodes: null };
        this.opened = opened;
        this.count(opened);
      } catch (error) {
        numbers.close();
        throw error;
      }
    } catch (error) {
      this.refused = key;
      this.unreadable = sentence(error);
      this.services.log(this.unreadable);
    }
  }

  private count(opened: Opened): void {
    opened.recording.index(opened.stop.signal).then(
      (episodes) => {
        opened.episodes = episodes;
        if (this.opened === opened) this.update();
      },
      (error: unknown) => this.failed(opened, error),
    );
  }

  /** A file that was closed meanwhile is nobody's concern any more. */
  private failed(opened: Opened, error: unknown): void {
    if (opened !== this.opened || opened.stop.signal.aborted) return;
    this.unreadable = sentence(error);
    this.services.log(this.unreadable);
    this.update();
  }

  private closeRecording(): void {
    this.reading.abort();
    this.opened?.stop.abort();
    this.opened?.recording.close();
    this.opened = null;
    this.unreadable = null;
    this.refused = '';
  }

  private sendPredicted({ reader }: RunCache, key: string, iteration: number): void {
    this.sent = key;
    try {
      this.page.send({ kind: 'predicted', key, file: new Uint8Array(reader.readFile(iterationFiles.diff(iteration))) });
    } catch (error) {
      this.services.log(sentence(error));
      this.page.send({ kind: 'predicted', key, file: new Uint8Array() });
    }
  }

  private receive(message: TrajectoriesRequest): void {
    const { run, iteration, policy } = this.selected.selection;
    switch (message.kind) {
      case 'select':
        this.selected.select(message.selection);
        break;
      case 'series':
        this.sendSeries(message);
        break;
      case 'frame':
        this.sendFrame(message);
        break;
      case 'retry':
        this.closeRecording();
        this.sent = null;
        if (this.selected.cache === null) this.selected.follow();
        else this.update();
        break;
      case 'trust':
        this.services.perform('workbench.trust.manage');
        break;
      case 'dashboard':
        this.services.perform(commandIds.openDashboard, run);
        break;
      case 'diff':
        this.services.perform(commandIds.openPolicyDiff, { run, iteration, ...(policy ? { policy } : {}) });
        break;
    }
  }

  /** Only the newest request counts: the page has moved on. */
  private sendSeries({ id, episodes, from, to, together }: Extract<TrajectoriesRequest, { kind: 'series' }>): void {
    const { opened } = this;
    if (opened === null) return;
    this.reading.abort();
    this.reading = new AbortController();
    const { signal } = this.reading;
    opened.recording.series(episodes, from, to, together, signal).then(
      (series) => {
        if (!signal.aborted) this.page.send({ kind: 'series', id, key: opened.key, from, to, ...series });
      },
      (error: unknown) => {
        if (!signal.aborted) this.failed(opened, error);
      },
    );
  }

  private sendFrame({ episodes, step }: Extract<TrajectoriesRequest, { kind: 'frame' }>): void {
    const { opened } = this;
    if (opened === null || step >= opened.recording.frames || episodes.some((episode) => episode >= opened.recording.episodes)) return;
    this.page.send({ kind: 'frame', key: opened.key, step, episodes, values: opened.recording.frame(episodes, step) });
  }

  dispose(): void {
    this.closeRecording();
    this.selected.dispose();
    this.page.dispose();
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
