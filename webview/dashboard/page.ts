import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { type CurvesMessage, type DashboardAction, dashboardArrangement, type DashboardSnapshot, type FromDashboard, type RunView, toDashboard } from '../../src/messages/dashboard';
import { hostLostBanner, untrustedBanner } from '../shared/banner';
import type { IbrlChart } from '../shared/chart/chart';
import '../shared/chart/chart';
import type { ChosenPoint } from '../shared/chart/places';
import { controls } from '../shared/controls';
import { clock, count, day, duration, elapsed } from '../shared/format';
import { FramePage } from '../shared/framePage';
import { glyph } from '../shared/glyph';
import { connect, type Host } from '../shared/host';
import { icon } from '../shared/icons';
import { iconStyle } from '../shared/iconStyle';
import { t } from '../shared/text';
import { onThemeChange } from '../shared/theme';
import { comparisonChart, costChart, hiddenPolicies, inColumns, type Room } from './costChart';
import { health } from './health';
import { pageStyle } from './pageStyle';
import { panels } from './panels';
import { policyTable } from './policyTable';
import { ribbon, sizeRibbon } from './ribbon';
import { boundsFact, costSummary, evaluated, remainingText, signsFact, verdict } from './sentences';
import { missingCard, silentMs, stateBanner } from './states';

/** @param width of the page, px */
function roomOf(width: number): Room {
  if (width < 640) return 'narrow';
  return width < 1200 ? 'middle' : 'wide';
}

/** The Run dashboard: is it getting better, can I believe it, must I do something? */
export class DashboardPage extends FramePage {
  static override readonly styles = [controls, iconStyle, pageStyle];

  @state() private snapshot: DashboardSnapshot | null = null;
  @state() private curves: CurvesMessage | null = null;
  @state() private lost = false;
  @state() private focusedPolicy: number | null = null;
  @state() private tabular = false;
  @state() private room: Room = 'wide';
  @state() private now = Date.now();
  @state() private spoken = '';
  private receivedAt = Date.now();
  private host!: Host<FromDashboard>;
  private askedCurves = '';
  private readonly widths = new ResizeObserver(([entry]) => (this.room = roomOf(entry.contentRect.width)));
  private ticking = 0;
  private stopTheme: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.host = connect<typeof toDashboard, FromDashboard>(toDashboard, (message) => this.take(message), (lost) => (this.lost = lost));
    const kept = this.host.restore(dashboardArrangement);
    this.focusedPolicy = kept?.focusedPolicy ?? null;
    this.tabular = kept?.tabular ?? false;
    this.widths.observe(this);
    this.ticking = window.setInterval(() => (this.now = Date.now()), 1_000);
    this.stopTheme = onThemeChange(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.widths.disconnect();
    clearInterval(this.ticking);
    this.stopTheme?.();
  }

  private take(message: DashboardSnapshot | CurvesMessage): void {
    if (message.kind === 'curves') this.curves = message;
    else this.takeSnapshot(message);
  }

  private takeSnapshot(message: DashboardSnapshot): void {
    this.speak(this.snapshot?.runs.at(0)?.run, message.runs.at(0)?.run);
    this.snapshot = message;
    this.now = Date.now();
    this.receivedAt = this.now;
    this.askForCurves();
    this.keep();
  }

  /** Iteration ends and new signs only, not every tick. */
  private speak(before: RunView | undefined, after: RunView | undefined): void {
    if (before === undefined || after === undefined || before.folder !== after.folder) return;
    if (evaluated(before)?.iteration !== evaluated(after)?.iteration || before.state !== after.state) this.spoken = costSummary(after);
    else if (new Set(before.signs.map(({ code }) => code)).size < new Set(after.signs.map(({ code }) => code)).size) this.spoken = signsFact(after)?.text ?? '';
  }

  /** Once for each search whose curves are written. */
  private askForCurves(): void {
    const run = this.snapshot?.runs.at(0)?.run;
    if (run?.loss?.curves !== true) return;
    const key = `${run.folder} ${run.loss.iteration}`;
    if (key === this.askedCurves) return;
    this.askedCurves = key;
    this.host.send({ kind: 'curves', folder: run.folder, iteration: run.loss.iteration, from: null, to: null });
  }

  private keep(): void {
    const runs = this.snapshot?.runs ?? [];
    const folders = [...runs.map(({ run }) => run.folder), ...(this.snapshot?.missing.map(({ folder }) => folder) ?? [])];
    this.host.keep({ folders, slots: folders.map((_, index) => runs.at(index)?.slot ?? index + 1), focusedPolicy: this.focusedPolicy, tabular: this.tabular });
  }

  protected override updated(_changed: PropertyValues): void {
    sizeRibbon(this.renderRoot);
  }

  override render(): TemplateResult {
    const { snapshot } = this;
    const live = html`<div class="visually-hidden" role="status" aria-live="polite">${this.spoken}</div>`;
    if (snapshot === null || snapshot.runs.length + snapshot.missing.length === 0) return html`${this.lost ? hostLostBanner() : nothing}<div aria-busy="true" aria-label=${t('Reading the run')} role="status"><div class="skeleton"></div><div class="skeleton"></div><div class="skeleton large"></div></div>`;
    const first = snapshot.runs.at(0)?.run;
    return html`
      ${this.lost ? hostLostBanner() : nothing}
      ${snapshot.trusted ? nothing : untrustedBanner(() => this.act('manageTrust', first?.folder ?? ''))}
      ${snapshot.missing.map((missing) => missingCard(missing, snapshot.trusted, this.act))}
      ${first === undefined ? nothing : this.renderRun(first, snapshot)}
      ${live}`;
  }

  private renderRun(run: RunView, snapshot: DashboardSnapshot): TemplateResult {
    const stale = silentMs(run, this.now) !== null || this.lost;
    const facts = [boundsFact(run), signsFact(run)].filter((fact) => fact !== null);
    return html`<main class=${stale ? 'stale' : ''}>
      ${this.renderHeader(run, snapshot.trusted)}
      ${ribbon(run)}
      ${stateBanner(run, snapshot.trusted, this.now, { act: this.act, openDiff: (iteration) => this.openDiff(iteration, null) })}
      <div class="verdict values"><h2>${verdict(run)}</h2><ul class="facts">${facts.map((fact) => html`<li>${icon(fact.icon)} ${fact.text}</li>`)}</ul></div>
      ${snapshot.runs.length > 1 ? this.renderComparison(snapshot) : nothing}
      <div class="upper values ${this.tabular ? 'tabular' : ''}">
        <section>${this.renderCost(run)}</section>
        <div>${policyTable(run, this.focusedPolicy, { focus: this.togglePolicy, openDiff: this.openDiff, openTrajectories: this.openTrajectories })}${health(run, (setting) => this.host.send({ kind: 'showSetting', folder: run.folder, setting }))}</div>
      </div>
      <div class="panels values ${this.tabular ? 'tabular' : ''}">${panels(run, this.curves?.folder === run.folder ? this.curves : null, { narrow: this.room === 'narrow', tabular: this.tabular, focused: this.focusedPolicy, zoom: this.zoomCurves })}</div>
      ${this.renderFoot(run)}
    </main>`;
  }

  private renderHeader(run: RunView, trusted: boolean): TemplateResult {
    const facts = [t('run {0}', day(run.created)), ...(run.constrained ? [t('constrained')] : []), run.policies === 1 ? t('1 policy') : t('{0} policies', String(run.policies)), t('seed {0}', String(run.seed))];
    const running = run.state === 'running';
    const waits = run.state === 'awaiting-approval' || run.state === 'awaiting-data';
    const since = running ? Math.max(0, this.now - this.receivedAt) : 0;
    return html`<header>
      <div class="name"><h1>${run.name}</h1><p class="muted">${run.source === null ? nothing : html`<button class="link" @click=${() => this.act('openExperiment', run.folder)}>${run.source}</button> · `}${facts.join(' · ')}</p></div>
      <div class="time"><p><strong>${running || waits ? t('{0} elapsed', elapsed(run.elapsedMs + since)) : t('took {0}', duration(run.elapsedMs))}</strong></p>${running ? html`<p class="muted">${remainingText(run)}</p>` : nothing}</div>
      <div class="actions">${this.renderActions(run, trusted)}</div>
    </header>`;
  }

  private renderActions(run: RunView, trusted: boolean): TemplateResult {
    const button = (action: DashboardAction, label: string): TemplateResult => html`<button @click=${() => this.act(action, run.folder)}>${label}</button>`;
    const stopping = run.stopping;
    if (run.state === 'running' && trusted) {
      return html`<button ?disabled=${stopping !== null} @click=${() => this.act('stopAfterIteration', run.folder)}>${stopping === 'after-iteration' ? t('Stopping after iteration {0}', String(run.position?.iteration ?? 1)) : t('Stop after this iteration')}</button>
        <button ?disabled=${stopping === 'now'} @click=${() => this.act('stopNow', run.folder)}>${stopping === 'now' ? t('Stopping') : t('Stop now')}</button>`;
    }
    return html`${trusted ? button('runAgainWithChanges', t('Run again with changes…')) : nothing}${button('compareRuns', t('Compare runs…'))}${button('exportReport', t('Export report'))}`;
  }

  private renderComparison({ runs }: DashboardSnapshot): TemplateResult {
    const chart = comparisonChart(runs);
    return html`<section class="compared"><div class="caption"><h2>${t('Compared runs')} <span class="muted">${t('cost per step')}, ${chart.subtitle}</span></h2>
      <ul class="runs">${runs.map(({ run, slot }) => html`<li>${glyph(slot)}${run.name} <span class="muted">${day(run.created)}, ${t('seed {0}', String(run.seed))}</span></li>`)}</ul></div>
      <ibrl-chart .chart=${chart} .tabular=${this.tabular} bare></ibrl-chart></section>`;
  }

  private renderCost(run: RunView): TemplateResult {
    const chart = costChart(run, this.room);
    const latest = evaluated(run);
    const ring = html`<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" /></svg>`;
    const dot = (hollow: boolean): TemplateResult => html`<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><circle cx="8" cy="8" r="3.5" fill=${hollow ? 'none' : 'currentColor'} stroke="currentColor" stroke-width="1.4" /></svg>`;
    const real = latest?.by === 'episodes' && latest.episodes > 1 ? t('real, {0} episodes', String(latest.episodes)) : t('real');
    return html`<div class="caption"><h2>${chart.title} <span class="muted">${chart.subtitle}</span></h2>
      ${this.tabular || !inColumns(run) ? nothing : html`<ul class="key">${latest === null || latest.by === 'models' ? nothing : html`<li>${dot(false)} ${real}</li>`}<li>${dot(true)} ${t('promised by the models')}</li><li>${glyph('mean')}${t('mean, 95 %')}</li>${run.scores.some(({ probe }) => probe !== null) ? html`<li>${glyph('probe')}${t('probe')}</li>` : nothing}${run.scores.some(({ recommended }) => recommended !== null) ? html`<li>${ring} ${t('recommended')}</li>` : nothing}</ul>`}</div>
      <ibrl-chart id="cost" .chart=${chart} .focusedRole=${this.focusedPolicy} .tabular=${this.tabular} bare @point-chosen=${this.pointChosen}></ibrl-chart>`;
  }

  private renderFoot(run: RunView): TemplateResult {
    const hidden = [hiddenPolicies(run), run.loss !== null && run.loss.leftOut > 0 ? t('{0} recorded points of the loss are thinned away here; extremes are drawn.', count(run.loss.leftOut)) : null, ...run.unreadable].filter((text) => text !== null);
    return html`<footer><div><span>${run.asOf === null ? nothing : t('As of {0}', clock(run.asOf))} · ${t('{0} events', count(run.events))} · ${hidden.length === 0 ? t('Everything recorded is shown') : hidden.join(' ')}</span></div>
      <div class="actions"><button class="link" aria-pressed=${this.tabular} @click=${this.toggleTables}>${this.tabular ? t('Show as charts') : t('Show as tables')}</button>
      <button class="link" @click=${this.exportCsv}>${t('Export CSV')}</button><button class="link" ?disabled=${this.tabular} @click=${this.exportPng}>${t('Export PNG')}</button></div></footer>`;
  }

  private readonly act = (action: DashboardAction, folder: string): void => this.host.send({ kind: 'do', action, folder });

  private readonly openDiff = (iteration: number, policy: number | null): void => {
    const run = this.snapshot?.runs.at(0)?.run;
    if (run) this.host.send({ kind: 'openDiff', folder: run.folder, iteration, policy });
  };

  private readonly openTrajectories = (iteration: number, policy: number | null): void => {
    const run = this.snapshot?.runs.at(0)?.run;
    if (run) this.host.send({ kind: 'openTrajectories', folder: run.folder, iteration, policy });
  };

  private readonly togglePolicy = (policy: number): void => {
    this.focusedPolicy = this.focusedPolicy === policy ? null : policy;
    this.keep();
  };

  private readonly pointChosen = ({ detail }: CustomEvent<ChosenPoint>): void => {
    this.openDiff(detail.x, typeof detail.role === 'number' ? detail.role : null);
  };

  private readonly zoomCurves = (range: { readonly min: number; readonly max: number } | null): void => {
    const run = this.snapshot?.runs.at(0)?.run;
    if (run?.loss?.curves) this.host.send({ kind: 'curves', folder: run.folder, iteration: run.loss.iteration, from: range === null ? null : Math.floor(range.min), to: range === null ? null : Math.ceil(range.max) });
  };

  private readonly toggleTables = (): void => {
    this.tabular = !this.tabular;
    this.keep();
  };

  private costElement(): IbrlChart | null {
    return this.renderRoot.querySelector<IbrlChart>('#cost');
  }

  private readonly exportCsv = (): void => {
    const text = this.costElement()?.csv();
    if (typeof text === 'string') this.host.send({ kind: 'save', name: `${this.fileName()}.csv`, content: { text } });
  };

  private readonly exportPng = (): void => {
    const png = this.costElement()?.png();
    if (typeof png === 'string') this.host.send({ kind: 'save', name: `${this.fileName()}.png`, content: { png } });
  };

  private fileName(): string {
    return `cost-${this.snapshot?.runs.at(0)?.run.id ?? ''}`;
  }
}
