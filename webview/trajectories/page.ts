import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import { type IterationPair, readIterationPairs } from '../../src/messages/comparison';
import { type TrajectoriesMessage, trajectoriesMessage, type TrajectoriesRequest, type TrajectoriesSelection, type TrajectoriesState, trajectoriesState, type TrajectoriesView } from '../../src/messages/trajectories';
import { hostLostBanner, untrustedBanner } from '../shared/banner';
import { controls } from '../shared/controls';
import { count, day } from '../shared/format';
import { FramePage } from '../shared/framePage';
import { connect, type Host } from '../shared/host';
import { icon } from '../shared/icons';
import { iconStyle } from '../shared/iconStyle';
import { t } from '../shared/text';
import { onThemeChange } from '../shared/theme';
import { toolbarStyle } from '../shared/toolbarStyle';
import { mapView } from './mapView';
import { pageStyle } from './pageStyle';
import { reachedAt } from './paths';
import { Playback } from './playback';
import { player } from './player';
import { spokenStep } from './rows';
import { series } from './series';
import { SeriesStore } from './seriesStore';
import { type Arranged, pathsOf, type Shown, shownOf, stretchesOf } from './shown';
import { runBanner } from './states';
import { toolbar } from './toolbar';
import { policyName, promiseNote, type Sentence, sentence } from './words';

const nothingArranged: Arranged = { episode: 0, step: 0, window: null, speed: 10, show: null, tables: false };

/** Trajectories: what did the plant do, where did it differ from the promise, where was a bound crossed? */
export class TrajectoriesPage extends FramePage {
  static override readonly styles = [controls, iconStyle, toolbarStyle, pageStyle];

  @state() private view: TrajectoriesView | null = null;
  @state() private missing: string | null = null;
  @state() private lost = false;
  @state() private pairs: readonly IterationPair[] = [];
  @state() private arranged: Arranged = nothingArranged;
  @state() private spoken = '';
  @query('ibrl-series') private readonly chart!: HTMLElement | null;
  private pairsKey = '';
  private host!: Host<TrajectoriesRequest>;
  private readonly store = new SeriesStore((request) => this.host.send(request));
  private readonly playback = new Playback(this, () => this.arranged.speed, (steps) => this.playOn(steps));
  private stopTheme: (() => void) | null = null;
  private keeping = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.host = connect<typeof trajectoriesMessage, TrajectoriesRequest>(trajectoriesMessage, (message) => this.take(message), (lost) => this.lose(lost));
    this.arranged = this.host.restore(trajectoriesState)?.arranged ?? nothingArranged;
    this.stopTheme = onThemeChange(() => this.requestUpdate());
    window.addEventListener('keydown', this.onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopTheme?.();
    clearTimeout(this.keeping);
    window.removeEventListener('keydown', this.onKey);
  }

  private lose(lost: boolean): void {
    this.lost = lost;
    if (!lost) this.store.forget();
  }

  private take(message: TrajectoriesMessage): void {
    switch (message.kind) {
      case 'missing':
        this.missing = message.folder;
        break;
      case 'view':
        this.takeView(message);
        break;
      case 'series':
        this.store.take(message);
        this.requestUpdate();
        break;
      case 'frame':
        this.store.takeFrame(message);
        this.requestUpdate();
        break;
      case 'predicted':
        this.takePairs(message);
        break;
    }
  }

  private takeView(next: TrajectoriesView): void {
    this.missing = null;
    const before = this.view;
    if (before?.recording?.key !== next.recording?.key) this.store.forget();
    if (before !== null && (before.selection.run !== next.selection.run || before.selection.iteration !== next.selection.iteration)) this.arranged = { ...this.arranged, step: 0, window: null, episode: 0 };
    this.view = next;
    if (next.recording?.episodes && !before?.recording?.episodes) this.spoken = this.sentence(next, this.shownOf(next)).text;
    this.keep();
  }

  private takePairs({ key, file }: Extract<TrajectoriesMessage, { kind: 'predicted' }>): void {
    this.pairsKey = key;
    try {
      this.pairs = readIterationPairs(file);
    } catch {
      // the recording is shown without its promise, and the page says that there is none
      this.pairs = [];
    }
  }

  private keep(): void {
    clearTimeout(this.keeping);
    const { view } = this;
    // while it plays, the step changes with every frame
    if (view !== null) this.keeping = window.setTimeout(() => this.host.keep({ selection: view.selection, arranged: this.arranged } satisfies TrajectoriesState), 100);
  }

  private arrange(change: Partial<Arranged>): void {
    this.arranged = { ...this.arranged, ...change };
    this.keep();
  }

  private readonly select = (selection: TrajectoriesSelection): void => this.host.send({ kind: 'select', selection });

  /** Promises of this iteration. */
  private get promises(): readonly IterationPair[] {
    return this.view !== null && this.view.predicted === this.pairsKey ? this.pairs : [];
  }

  private shownOf(view: TrajectoriesView): Shown {
    return shownOf(view, this.arranged, this.promises, this.store);
  }

  private sentence(view: TrajectoriesView, shown: Shown): Sentence {
    const paths = pathsOf(view.map, shown).filter(({ predicted }) => !predicted);
    const goal = view.map?.goal ?? null;
    const reached = goal === null || paths.length === 0 || paths.some(({ steps }) => steps.length === 0) ? null : paths.map((path) => ({ policy: path.policy, at: reachedAt(path, goal) }));
    return sentence(view, shown.episodes, this.promises, reached);
  }

  protected override willUpdate(_changed: PropertyValues): void {
    const { view } = this;
    if (!view?.recording?.episodes) return;
    const { key, episodes: shown, from, to, last, step } = this.shownOf(view);
    const episodes = shown.map(({ episode }) => episode);
    if (episodes.length === 0) return;
    // the map shows whole episodes, and beside it stands what they add up to; a table has every step of the window
    const wanted = view.map === null || this.arranged.tables ? { from, to: Math.max(to, from + 1), together: [] } : { from: 0, to: last, together: [view.map.x, view.map.y] };
    this.store.want({ key, episodes, ...wanted });
    this.store.wantFrame(key, episodes, step);
  }

  override render(): TemplateResult {
    const { view } = this;
    const live = html`<div class="visually-hidden" role="status" aria-live="polite">${this.spoken}</div>`;
    const lost = this.lost ? hostLostBanner() : nothing;
    if (this.missing !== null) return html`${lost}<ibrl-banner icon="empty" .fact=${t('This run is not there any more.')} .remedy=${this.missing}><button @click=${() => this.host.send({ kind: 'retry' })}>${t('Look again')}</button></ibrl-banner>${live}`;
    if (view === null) return html`${lost}<div role="status" aria-busy="true" aria-label=${t('Reading the recorded episodes.')}><div class="skeleton"></div><div class="skeleton"></div><div class="skeleton tall"></div></div>`;
    const shown = this.shownOf(view);
    const told = this.sentence(view, shown);
    return html`${lost}${view.trusted ? nothing : untrustedBanner(() => this.host.send({ kind: 'trust' }))}
      ${toolbar(view, shown.show, this.arranged, { select: this.select, arrange: (change) => this.arrange(change), open: (kind) => this.host.send({ kind }) })}
      ${view.unreadable === null ? nothing : html`<ibrl-banner icon="error" .fact=${t('The recorded episodes cannot be read.')} .remedy=${view.unreadable}><button @click=${() => this.host.send({ kind: 'retry' })}>${t('Try again')}</button></ibrl-banner>`}
      ${runBanner(view)}
      <div class="sentence"><h1>${icon(told.sign)}<span>${told.text}</span></h1>${told.note === '' ? nothing : html`<p class="muted">${told.note}</p>`}${notes(view, shown)}</div>
      ${this.renderShown(view, shown, told)}
      ${live}`;
  }

  private renderShown(view: TrajectoriesView, shown: Shown, told: Sentence): TemplateResult {
    const { step, last, from, to } = shown;
    const { isPlaying } = this.playback;
    const spoken = spokenStep(shown);
    const spokenAtRest = isPlaying ? '' : spoken;
    const moveTo = (next: number): void => this.moveTo(next);
    return html`<main class=${this.lost ? 'stale' : ''}>${view.map === null || this.arranged.tables
        ? series(shown, this.arranged.tables, spokenAtRest, { to: moveTo, window: (start, end) => this.arrange({ window: [start, end] }) })
        : mapView(view, shown, this.promises, `${told.text} ${spoken}`, moveTo)}</main>
      ${player(
        { step, last, window: [from, to], playing: isPlaying, speed: this.arranged.speed, violations: stretchesOf(shown), spoken: spokenAtRest, policies: view.policies, asOf: view.asOf === null ? '' : t('as of {0}', day(view.asOf)) },
        { to: moveTo, play: () => this.togglePlay(), speed: (speed) => this.arrange({ speed }), violation: (direction) => this.toViolation(direction), zoom: (factor) => this.zoom(factor) },
      )}`;
  }

  private moveTo(step: number): void {
    if (this.view === null) return;
    const { last, from, to } = this.shownOf(this.view);
    const next = Math.min(last, Math.max(0, Math.round(step)));
    const width = to - from;
    // the window follows the cursor
    const start = next < from ? next : next > to ? Math.min(last - width, next - Math.round(width * 0.1)) : from;
    this.arrange({ step: next, ...(start === from ? {} : { window: [start, start + width] }) });
  }

  private zoom(factor: number): void {
    if (this.view === null) return;
    const { last, from, to, step } = this.shownOf(this.view);
    const width = Math.min(last, Math.max(10, Math.round((to - from) * factor)));
    const start = Math.round(Math.min(last - width, Math.max(0, step - width / 2)));
    this.arrange({ window: width >= last ? null : [start, start + width] });
  }

  private toViolation(direction: 1 | -1): void {
    if (this.view === null) return;
    const shown = this.shownOf(this.view);
    const stretches = stretchesOf(shown);
    const target = direction === 1 ? stretches.find(([from]) => from > shown.step) : stretches.findLast(([from]) => from < shown.step);
    if (target === undefined) {
      this.spoken = direction === 1 ? t('No later violation.') : t('No earlier violation.');
      return;
    }
    this.moveTo(target[0]);
    this.speakStep();
  }

  private togglePlay(): void {
    if (this.playback.isPlaying) {
      this.playback.pause();
      return;
    }
    if (!this.playOn(0)) this.moveTo(0);
    this.playback.play();
  }

  /** @returns whether steps are left */
  private playOn(steps: number): boolean {
    if (this.view === null) return false;
    if (steps > 0) this.moveTo(this.shownOf(this.view).step + steps);
    const { step, last } = this.shownOf(this.view);
    return step < last;
  }

  /** Told when a key moved the cursor and nothing else tells it. */
  private speakStep(): void {
    if (this.view !== null && this.renderRoot.querySelector(':focus') !== this.chart) this.spoken = spokenStep(this.shownOf(this.view));
  }

  /** Single keys act only while no field has the focus. */
  private readonly onKey = (event: KeyboardEvent): void => {
    const { view } = this;
    if (view === null || event.ctrlKey || event.altKey || event.metaKey) return;
    const path = event.composedPath();
    if (path.some((target) => target instanceof HTMLSelectElement)) return;
    const onRange = path.some((target) => target instanceof HTMLInputElement);
    const onButton = path.some((target) => target instanceof HTMLButtonElement);
    if ((onRange && /^(Arrow|Home|End|Page)/.test(event.key)) || (onButton && (event.key === ' ' || event.key === 'Enter'))) return;
    const far = event.shiftKey ? 10 : 1;
    const { step, last } = this.shownOf(view);
    const moves: Readonly<Record<string, number>> = { ArrowLeft: step - far, ArrowRight: step + far, Home: 0, End: last };
    const move = moves[event.key];
    if (move !== undefined) {
      this.moveTo(move);
      this.speakStep();
    } else if (event.key === ' ') this.togglePlay();
    else if (event.key === '+') this.zoom(0.5);
    else if (event.key === '-') this.zoom(2);
    else if (event.key.toLowerCase() === 'n') this.toViolation(1);
    else if (event.key.toLowerCase() === 'p') this.toViolation(-1);
    else if (event.key.toLowerCase() === 't') this.arrange({ tables: !this.arranged.tables });
    else if (/^[0-8]$/.test(event.key) && Number(event.key) <= view.policies) this.select({ ...view.selection, policy: Number(event.key) });
    else return;
    event.preventDefault();
  };
}

/** What the promise is worth, and which episodes did not last. */
function notes({ selection, recording }: TrajectoriesView, { show, promised, episodes }: Shown): TemplateResult {
  const several = selection.policy === 0;
  const text = show === 'real' ? '' : several ? (promised.length === 0 ? '' : t('Predicted paths begin at recorded starts, not where the episodes began.')) : promiseNote(promised.at(0) ?? null);
  const ended = episodes.filter(({ last }) => recording !== null && last < recording.steps);
  const early = ended.length === 0 ? '' : t('{0} ended early, at step {1}.', ended.map(({ policy }) => policyName(policy)).join(', '), ended.map(({ last }) => count(last)).join(', '));
  return html`${text === '' ? nothing : html`<p class="muted">${text}</p>`}${early === '' ? nothing : html`<p class="muted">${early}</p>`}`;
}
