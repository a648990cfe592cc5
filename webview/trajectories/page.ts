import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import { type IterationPair, readIterationPairs } from '../../src/messages/comparison';
import { type TrajectoriesMessage, trajectoriesMessage, type TrajectoriesRequest, type TrajectoriesSelection, type TrajectoriesState, trajectoriesState, type TrajectoriesView } from '../../src/messages/trajectories';
import type { Table } from '../../src/report/table';
import '../series/seriesChart';
import { hostLostBanner, untrustedBanner } from '../shared/banner';
import { controls } from '../shared/controls';
import { count, day, number } from '../shared/format';
import { FramePage } from '../shared/framePage';
import { glyph } from '../shared/glyph';
import { connect, type Host } from '../shared/host';
import { icon } from '../shared/icons';
import { iconStyle } from '../shared/iconStyle';
import '../shared/table';
import { t } from '../shared/text';
import { onThemeChange } from '../shared/theme';
import './map';
import type { MapGround } from './map';
import { mapSide } from './mapSide';
import { pageStyle } from './pageStyle';
import { type Area, type Path, reachedAt, visitedCells } from './paths';
import { player } from './player';
import { type Promised, promisedFor } from './promised';
import { type RowsInput, seriesRows, type ShownEpisode, spokenStep } from './rows';
import { SeriesStore } from './seriesStore';
import { runBanner } from './states';
import { policyName, promiseNote, sentence } from './words';

type Arranged = TrajectoriesState['arranged'];
const nothingArranged: Arranged = { episode: 0, step: 0, window: null, speed: 10, show: null, tables: false };
/** Policies in one picture. */
const mostShown = 8;
/** Rows of a table: a window is told step by step or evenly. */
const mostRows = 200;

/** Trajectories: what did the plant do, where did it differ from the promise, where was a bound crossed? */
export class TrajectoriesPage extends FramePage {
  static override readonly styles = [controls, iconStyle, pageStyle];

  @state() private view: TrajectoriesView | null = null;
  @state() private missing: string | null = null;
  @state() private lost = false;
  @state() private pairs: readonly IterationPair[] = [];
  @state() private arranged: Arranged = nothingArranged;
  @state() private playing = false;
  @state() private spoken = '';
  @query('ibrl-series') private readonly chart!: HTMLElement | null;
  private pairsKey = '';
  private host!: Host<TrajectoriesRequest>;
  private readonly store = new SeriesStore((request) => this.host.send(request));
  private stopTheme: (() => void) | null = null;
  private frame = 0;
  private playedAt = 0;
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
    this.pause();
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
    if (next.recording?.episodes && !before?.recording?.episodes) this.spoken = this.sentence(next).text;
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

  /** Promises beside all policies at once would hide one another; what is not recorded can only be promised. */
  private get show(): 'real' | 'predicted' | 'both' {
    const { view } = this;
    if (view === null || view.recording === null) return 'both';
    return this.arranged.show ?? (view.selection.policy === 0 ? 'real' : 'both');
  }

  /** Episodes of the chosen policy, or the chosen episode of every policy. */
  private get shown(): readonly ShownEpisode[] {
    const { view, arranged } = this;
    if (view === null || this.show === 'predicted') return [];
    const all = (view.recording?.episodes ?? []).map((episode, index) => ({ ...episode, episode: index })).filter(({ last }) => last >= 0);
    const { policy } = view.selection;
    const policies = policy === 0 ? [...new Set(all.map((one) => one.policy))].slice(0, mostShown) : [policy];
    return policies.flatMap((one) => {
      const own = all.filter((episode) => episode.policy === one);
      return own.length === 0 ? [] : [own[Math.min(arranged.episode, own.length - 1)]];
    });
  }

  private get promised(): readonly Promised[] {
    const { view } = this;
    if (view === null || this.show === 'real') return [];
    const { policy } = view.selection;
    const policies = policy === 0 ? this.promises.map((pair) => pair.policy).slice(0, mostShown) : [policy];
    return policies.flatMap((one) => promisedFor(this.promises, one, this.firstOf(one), view.variables) ?? []);
  }

  /** Where a policy's shown episode began; null before that is known. */
  private firstOf(policy: number): Readonly<Record<string, number>> | null {
    const { recording } = this.view ?? {};
    const own = this.shown.find((episode) => episode.policy === policy);
    if (!recording || own === undefined) return null;
    const first = recording.names.map((name) => [name, this.store.line(recording.key, own.episode, name)] as const).filter(([, { steps }]) => steps.length > 0 && steps[0] === 0);
    return first.length === 0 ? null : Object.fromEntries(first.map(([name, { values }]) => [name, values[0]]));
  }

  /** The last step of what is shown. */
  private get last(): number {
    const recorded = Math.max(0, ...this.shown.map(({ last }) => last));
    return recorded > 0 ? recorded : Math.max(1, ...this.promised.map(({ trajectory }) => trajectory.steps.at(-1) ?? 0));
  }

  private get window(): readonly [number, number] {
    const [from, to] = this.arranged.window ?? [0, this.last];
    return [Math.max(0, Math.min(from, this.last - 1)), Math.max(1, Math.min(to, this.last))];
  }

  private get step(): number {
    return Math.min(this.last, this.arranged.step);
  }

  private sentence(view: TrajectoriesView): ReturnType<typeof sentence> {
    const paths = this.paths(view).filter(({ predicted }) => !predicted);
    const goal = view.map?.goal ?? null;
    const reached = goal === null || paths.length === 0 || paths.some(({ steps }) => steps.length === 0) ? null : paths.map((path) => ({ policy: path.policy, at: reachedAt(path, goal) }));
    return sentence(view, this.shown, this.promises, reached);
  }

  /** Paths on the map; none for other systems. */
  private paths({ map, recording }: TrajectoriesView): Path[] {
    if (map === null) return [];
    const real = recording === null ? [] : this.shown.map(({ policy, episode }): Path => {
      const [x, y] = [this.store.line(recording.key, episode, map.x), this.store.line(recording.key, episode, map.y)];
      return { policy, steps: x.steps, x: x.values, y: y.values, predicted: false };
    });
    const predicted = this.promised.flatMap(({ policy, trajectory }): Path[] => {
      const of = (name: string): readonly (number | null)[] => trajectory.states.find((one) => one.name === name)?.after.mean ?? [];
      return [{ policy, steps: trajectory.steps, x: of(map.x).map((value) => value ?? Number.NaN), y: of(map.y).map((value) => value ?? Number.NaN), predicted: true }];
    });
    return [...predicted, ...real];
  }

  protected override willUpdate(_changed: PropertyValues): void {
    const { view } = this;
    const { recording } = view ?? {};
    if (!view || !recording?.episodes) return;
    const episodes = this.shown.map(({ episode }) => episode);
    if (episodes.length === 0) return;
    const [from, to] = this.window;
    this.store.want({ key: recording.key, episodes, from, to: Math.max(to, from + 1), together: view.map === null ? [] : [view.map.x, view.map.y] });
    this.store.wantFrame(recording.key, episodes, this.step);
  }

  override render(): TemplateResult {
    const { view } = this;
    const live = html`<div class="visually-hidden" role="status" aria-live="polite">${this.spoken}</div>`;
    const lost = this.lost ? hostLostBanner() : nothing;
    if (this.missing !== null) return html`${lost}<ibrl-banner icon="empty" .fact=${t('This run is not there any more.')} .remedy=${this.missing}><button @click=${() => this.host.send({ kind: 'retry' })}>${t('Look again')}</button></ibrl-banner>${live}`;
    if (view === null) return html`${lost}<div role="status" aria-busy="true" aria-label=${t('Reading the recorded episodes.')}><div class="skeleton"></div><div class="skeleton"></div><div class="skeleton tall"></div></div>`;
    const told = this.sentence(view);
    const input = this.rowsInput(view);
    return html`${lost}${view.trusted ? nothing : untrustedBanner(() => this.host.send({ kind: 'trust' }))}
      ${this.renderToolbar(view)}
      ${view.unreadable === null ? nothing : html`<ibrl-banner icon="error" .fact=${t('The recorded episodes cannot be read.')} .remedy=${view.unreadable}><button @click=${() => this.host.send({ kind: 'retry' })}>${t('Try again')}</button></ibrl-banner>`}
      ${runBanner(view)}
      <div class="sentence"><h1>${icon(told.sign)}<span>${told.text}</span></h1>${told.note === '' ? nothing : html`<p class="muted">${told.note}</p>`}${this.renderNotes(view)}</div>
      <main class=${this.lost ? 'stale' : ''}>${view.map === null || this.arranged.tables ? this.renderSeries(input) : this.renderMap(view, input)}</main>
      ${this.renderPlayer(view, input)}
      ${live}`;
  }

  private rowsInput(view: TrajectoriesView): RowsInput {
    const [from, to] = this.window;
    return { key: view.recording?.key ?? '', names: view.recording?.names ?? [], variables: view.variables, episodes: this.shown, promised: this.promised, store: this.store, step: this.step, from, to };
  }

  private renderNotes(view: TrajectoriesView): TemplateResult | typeof nothing {
    const several = view.selection.policy === 0;
    const text = this.show === 'real' ? '' : several ? (this.promised.length === 0 ? '' : t('Predicted paths begin at recorded starts, not where the episodes began.')) : promiseNote(this.promised.at(0) ?? null);
    const ended = this.shown.filter(({ last }) => view.recording !== null && last < view.recording.steps);
    const early = ended.length === 0 ? '' : t('{0} ended early, at step {1}.', ended.map(({ policy }) => policyName(policy)).join(', '), ended.map(({ last }) => count(last)).join(', '));
    return html`${text === '' ? nothing : html`<p class="muted">${text}</p>`}${early === '' ? nothing : html`<p class="muted">${early}</p>`}`;
  }

  private renderToolbar(view: TrajectoriesView): TemplateResult {
    const { selection, runs } = view;
    const iterations = runs.find(({ folder }) => folder === selection.run)?.iterations ?? [];
    const all = view.recording?.episodes ?? [];
    const policies = Math.max(view.policies, ...all.map(({ policy }) => policy));
    const own = all.filter(({ policy }) => policy === (selection.policy === 0 ? 1 : selection.policy)).length;
    const value = (event: Event): string => (event.target as HTMLSelectElement).value;
    return html`<div class="toolbar">
      ${runs.length < 2 ? nothing : html`<label>${t('Training run')} <select @change=${(event: Event) => this.selectRun(value(event))}>${runs.map(({ folder, name, id }) => html`<option value=${folder} ?selected=${folder === selection.run}>${name} · ${id.slice(-4)}</option>`)}</select></label>`}
      <label>${t('Iteration')} <select @change=${(event: Event) => this.select({ ...selection, iteration: Number(value(event)) })}>
        ${iterations.some(({ iteration }) => iteration === selection.iteration) ? nothing : html`<option value=${selection.iteration} selected>${selection.iteration}</option>`}
        ${iterations.map(({ iteration, recorded }) => html`<option value=${iteration} ?selected=${iteration === selection.iteration}>${recorded ? iteration : t('{0}, predicted only', String(iteration))}</option>`)}</select></label>
      <span class="chips" role="group" aria-label=${t('Policy')}>${Array.from({ length: policies }, (_, index) => html`<button aria-pressed=${selection.policy === index + 1} @click=${() => this.select({ ...selection, policy: index + 1 })}>${glyph(index + 1)}${policyName(index + 1)}</button>`)}${policies > 1 ? html`<button aria-pressed=${selection.policy === 0} @click=${() => this.select({ ...selection, policy: 0 })}>${t('all')}</button>` : nothing}</span>
      ${own < 2 ? nothing : html`<label>${t('Episode')} <select @change=${(event: Event) => this.arrange({ episode: Number(value(event)) })}>${Array.from({ length: own }, (_, index) => html`<option value=${index} ?selected=${index === this.arranged.episode}>${t('{0} of {1}', String(index + 1), String(own))}</option>`)}</select></label>`}
      <span class="chips" role="group" aria-label=${t('What is shown')}>${(['real', 'predicted', 'both'] as const).map((show) => html`<button aria-pressed=${this.show === show} @click=${() => this.arrange({ show })}>${showWord(show)}</button>`)}</span>
      <span class="push"></span>
      <button class="link" aria-pressed=${this.arranged.tables} @click=${() => this.arrange({ tables: !this.arranged.tables })}>${this.arranged.tables ? t('Show as charts') : t('Show as tables')}</button>
      <button class="link" @click=${() => this.host.send({ kind: 'diff' })}>${t('Policy diff')}</button>
      <button class="link" @click=${() => this.host.send({ kind: 'dashboard' })}>${t('Dashboard')}</button>
    </div>`;
  }

  private selectRun(folder: string): void {
    const newest = this.view?.runs.find((run) => run.folder === folder)?.iterations.findLast(({ recorded }) => recorded);
    if (newest !== undefined) this.select({ run: folder, iteration: newest.iteration });
  }

  private renderSeries(input: RowsInput): TemplateResult {
    const rows = seriesRows(input);
    if (rows.length === 0) return html`<div class="skeleton tall" role="status" aria-busy="true" aria-label=${t('Reading the recorded episodes.')}></div>`;
    if (this.arranged.tables) return html`<ibrl-table .table=${seriesTable(input)} .title=${t('Steps {0} to {1}', count(input.from), count(input.to))}></ibrl-table>`;
    const line = (dash: string): TemplateResult => html`<svg width="26" height="8" aria-hidden="true"><line x1="0" x2="26" y1="4" y2="4" stroke="currentColor" stroke-width="1.6" stroke-dasharray=${dash}></line></svg>`;
    return html`<ul class="key muted">
        ${input.episodes.map(({ policy }) => html`<li>${glyph(policy)}${policyName(policy)} ${t('real')}</li>`)}
        ${input.promised.length === 0 ? nothing : html`<li>${line('5 4')}${t('predicted')}</li>`}
        ${rows.some(({ bounds }) => bounds !== null) ? html`<li><svg class="swatch" aria-hidden="true"><path d="M0 12 12 0M0 6 6 0M6 12 12 6" stroke="currentColor"></path></svg>${t('outside the bounds')}</li>` : nothing}
        ${input.episodes.some(({ violations }) => violations.length > 0) ? html`<li><svg class="swatch icon error" aria-hidden="true"><circle class="filled" cx="6" cy="6" r="4"></circle></svg>${t('violation')}</li>` : nothing}
        ${input.episodes.length === 1 ? html`<li>${input.promised.length === 0 ? t('right: the value at the cursor') : t('right: real and predicted at the cursor')}</li>` : nothing}
      </ul>
      <ibrl-series .rows=${rows} .from=${input.from} .to=${input.to} .last=${this.last} .cursor=${input.step} .summary=${t('{0} over steps {1} to {2}.', rows.map(({ name }) => name).join(', '), count(input.from), count(input.to))} .spoken=${this.playing ? '' : spokenStep(input, this.last)}
        @cursor-moved=${(event: CustomEvent<number>) => this.moveTo(event.detail)} @window-moved=${(event: CustomEvent<{ from: number; to: number }>) => this.arrange({ window: [event.detail.from, event.detail.to] })}></ibrl-series>`;
  }

  private renderMap(view: TrajectoriesView, input: RowsInput): TemplateResult {
    const { map } = view;
    if (map === null) return html``;
    const paths = this.paths(view);
    const ground = this.ground(view, map, paths);
    const reward = view.variables.find(({ role }) => role === 'reward');
    const rewardRow = (reward && seriesRows({ ...input, variables: [reward], promised: [] }).at(0)) ?? null;
    const summary = `${this.sentence(view).text} ${spokenStep(input, this.last)}`;
    return html`<div class="mapAndSide">
      <ibrl-world-map .ground=${ground} .paths=${paths} .cursor=${input.step} .summary=${summary}></ibrl-world-map>
      ${mapSide({ view, key: input.key, episodes: input.episodes, paths, ground, store: this.store, names: input.names, step: input.step, rewardRow: rewardRow && { ...rewardRow, name: '', readout: nothing }, window: this.window, last: this.last, moveTo: (step) => this.moveTo(step) })}
    </div>`;
  }

  private ground(view: TrajectoriesView, map: NonNullable<TrajectoriesView['map']>, paths: readonly Path[]): MapGround {
    const find = (name: string) => view.variables.find((variable) => variable.name === name);
    const [x, y] = [find(map.x), find(map.y)];
    const unit: readonly [number, number] = [0, 1];
    const area: Area = { x: x?.range ?? x?.bounds ?? unit, y: y?.range ?? y?.bounds ?? unit };
    const states = this.promises.at(0)?.diff.sample.states ?? {};
    const before = visitedCells(area, states[map.x] ?? [], states[map.y] ?? []);
    const now = paths.filter(({ predicted }) => !predicted).flatMap((path) => [...visitedCells(area, path.x, path.y).keys()]);
    // without the sample of what was there before, nothing can be called new
    const fresh = before.size === 0 ? new Set<number>() : new Set(now.filter((cell) => !before.has(cell)));
    return { area, xName: map.x, yName: map.y, bounds: x?.bounds && y?.bounds ? { x: x.bounds, y: y.bounds } : null, goal: map.goal, before, fresh };
  }

  private renderPlayer(view: TrajectoriesView, input: RowsInput): TemplateResult {
    return html`${player(
      { step: this.step, last: this.last, window: this.window, playing: this.playing, speed: this.arranged.speed, violations: this.stretches, spoken: this.playing ? '' : spokenStep(input, this.last), policies: view.policies, asOf: view.asOf === null ? '' : t('as of {0}', day(view.asOf)) },
      { to: (step) => this.moveTo(step), play: () => this.togglePlay(), speed: (speed) => this.arrange({ speed }), violation: (direction) => this.toViolation(direction), zoom: (factor) => this.zoom(factor) },
    )}`;
  }

  /** Stretches outside of the bounds in any shown episode, rising. */
  private get stretches(): readonly (readonly [number, number])[] {
    return this.shown.flatMap(({ violations }) => violations.flatMap(({ stretches }) => stretches)).toSorted((a, b) => a[0] - b[0]);
  }

  private moveTo(step: number): void {
    const next = Math.min(this.last, Math.max(0, Math.round(step)));
    const [from, to] = this.window;
    const width = to - from;
    // the window follows the cursor
    const start = next < from ? next : next > to ? Math.min(this.last - width, next - Math.round(width * 0.1)) : from;
    this.arrange({ step: next, ...(start === from ? {} : { window: [start, start + width] }) });
  }

  private zoom(factor: number): void {
    const [from, to] = this.window;
    const width = Math.min(this.last, Math.max(10, Math.round((to - from) * factor)));
    const start = Math.round(Math.min(this.last - width, Math.max(0, this.step - width / 2)));
    this.arrange({ window: width >= this.last ? null : [start, start + width] });
  }

  private toViolation(direction: 1 | -1): void {
    const target = direction === 1 ? this.stretches.find(([from]) => from > this.step) : this.stretches.findLast(([from]) => from < this.step);
    if (target === undefined) {
      this.spoken = direction === 1 ? t('No later violation.') : t('No earlier violation.');
      return;
    }
    this.moveTo(target[0]);
    this.speakStep();
  }

  private togglePlay(): void {
    if (this.playing) {
      this.pause();
      return;
    }
    if (this.step >= this.last) this.moveTo(0);
    this.playing = true;
    this.playedAt = performance.now();
    this.frame = requestAnimationFrame(this.tick);
  }

  private pause(): void {
    this.playing = false;
    cancelAnimationFrame(this.frame);
  }

  private readonly tick = (now: number): void => {
    const steps = Math.floor(((now - this.playedAt) / 1_000) * this.arranged.speed);
    if (steps > 0) {
      this.playedAt += (steps * 1_000) / this.arranged.speed;
      this.moveTo(this.step + steps);
    }
    if (this.step >= this.last) this.pause();
    else if (this.playing) this.frame = requestAnimationFrame(this.tick);
  };

  /** Told when a key moved the cursor and nothing else tells it. */
  private speakStep(): void {
    if (this.view !== null && this.renderRoot.querySelector(':focus') !== this.chart) this.spoken = spokenStep(this.rowsInput(this.view), this.last);
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
    const moves: Readonly<Record<string, number>> = { ArrowLeft: this.step - far, ArrowRight: this.step + far, Home: 0, End: this.last };
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

function showWord(show: 'real' | 'predicted' | 'both'): string {
  switch (show) {
    case 'real':
      return t('real');
    case 'predicted':
      return t('predicted');
    case 'both':
      return t('both');
  }
}

/** The window as numbers: every step, or so many evenly spread ones that the store holds. */
function seriesTable({ key, names, variables, episodes, promised, store, from, to }: RowsInput): Table {
  const every = Math.max(1, Math.ceil((to - from + 1) / mostRows));
  const steps = Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, i) => from + i * every);
  const columns = variables.flatMap(({ name, role }) => [
    ...episodes.map(({ episode, policy }) => ({ title: episodes.length > 1 ? `${name}, ${policyName(policy)}` : name, at: (step: number) => exactOrNear(store, key, names, episode, name, step) })),
    ...(role !== 'state' ? [] : promised.flatMap(({ policy, trajectory }) => {
      const own = trajectory.states.find((one) => one.name === name)?.after.mean;
      return own === undefined ? [] : [{ title: promised.length > 1 ? t('{0}, {1} predicted', name, policyName(policy)) : t('{0} predicted', name), at: (step: number) => own[trajectory.steps.indexOf(step)] ?? Number.NaN }];
    })),
  ]);
  return { columns: [t('step'), ...columns.map(({ title }) => title)], rows: steps.map((step) => [count(step), ...columns.map(({ at }) => number(at(step), 3))]) };
}

/** Of a thinned series, the nearest kept value would be a wrong one: only steps that are there are told. */
function exactOrNear(store: SeriesStore, key: string, names: readonly string[], episode: number, name: string, step: number): number {
  const value = store.value(key, episode, names, name, step);
  if (Number.isFinite(value)) return value;
  const { steps, values } = store.line(key, episode, name);
  for (let i = 0; i < steps.length; i++) if (steps[i] === step) return values[i];
  return Number.NaN;
}
