import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { type Comparison, type IterationPair, readComparison, readIterationPairs } from '../../src/messages/comparison';
import { type ComparisonFacts, comparisonFacts } from '../../src/messages/comparisonFacts';
import { type PolicyDiffMessage, policyDiffMessage, type PolicyDiffRequest, type PolicyDiffSelection, type PolicyDiffState, policyDiffState, type PolicyDiffView } from '../../src/messages/policyDiff';
import { spoken } from '../../src/sentence/sentence';
import { prepare } from '../series/canvas';
import '../series/seriesChart';
import { hostLostBanner, untrustedBanner } from '../shared/banner';
import { controls } from '../shared/controls';
import { count, day } from '../shared/format';
import { FramePage } from '../shared/framePage';
import { connect, type Host } from '../shared/host';
import { icon } from '../shared/icons';
import { iconStyle } from '../shared/iconStyle';
import '../shared/table';
import { t } from '../shared/text';
import { divergingColour, onThemeChange, policyColour } from '../shared/theme';
import { toolbarStyle } from '../shared/toolbarStyle';
import { boundsAndSupport } from './bounds';
import { mapSection, type MapArrangement } from './mapSection';
import { costChart, costTable } from './costs';
import { histogram, histogramRow, histogramTable, type Measure } from './histograms';
import { pageStyle } from './pageStyle';
import { sameStartRows, sameStartSpoken, sameStartTable } from './sameStart';
import { runName, selectors } from './selectors';
import { caution, factsOf, policyName, verdict } from './words';
import { comparisonBanner, runBanner } from './states';

type Arranged = PolicyDiffState['arranged'];
const nothingArranged: Arranged = { action: '', x: '', y: '', start: 0, effect: false, all: false, tables: false };

/** The Policy diff: what changes if this is deployed, is it inside what is known, why should the promise be trusted? */
export class PolicyDiffPage extends FramePage {
  static override readonly styles = [controls, iconStyle, toolbarStyle, pageStyle];

  @state() private view: PolicyDiffView | null = null;
  @state() private missing: string | null = null;
  @state() private lost = false;
  @state() private pairs: readonly IterationPair[] | null = null;
  @state() private answer: Comparison | null = null;
  @state() private damaged = '';
  @state() private arranged: Arranged = nothingArranged;
  /** null: in the middle, since all begin alike */
  @state() private cursor: number | null = null;
  @state() private pinned: number | null = null;
  @state() private spoken = '';
  /** of the comparison that was read */
  private key = '';
  private host!: Host<PolicyDiffRequest>;
  private stopTheme: (() => void) | null = null;
  private facts: { readonly of: Comparison; readonly facts: ComparisonFacts } | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.host = connect<typeof policyDiffMessage, PolicyDiffRequest>(policyDiffMessage, (message) => this.take(message), (lost) => (this.lost = lost));
    this.arranged = this.host.restore(policyDiffState)?.arranged ?? nothingArranged;
    this.stopTheme = onThemeChange(() => this.requestUpdate());
    window.addEventListener('keydown', this.onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopTheme?.();
    window.removeEventListener('keydown', this.onKey);
  }

  private take(message: PolicyDiffMessage): void {
    switch (message.kind) {
      case 'missing':
        this.missing = message.folder;
        break;
      case 'view':
        this.missing = null;
        if (JSON.stringify(this.view?.selection) !== JSON.stringify(message.selection)) this.pinned = null;
        this.speakOf(message);
        this.view = message;
        this.keep();
        break;
      case 'comparison':
        this.read(message);
        break;
    }
  }

  /** New decisions and states are told once; numbers are not. */
  private speakOf(next: PolicyDiffView): void {
    if (this.view === null) return;
    if (next.awaiting && !this.view.awaiting) this.spoken = t('Iteration {0} waits for approval', String(next.selection.iteration));
    else if (next.decision !== this.view.decision && next.decision !== null) this.spoken = next.decision === 'approved' ? t('Approved.') : t('Rejected.');
  }

  private read({ key, source, file }: Extract<PolicyDiffMessage, { kind: 'comparison' }>): void {
    this.damaged = '';
    this.pairs = null;
    this.answer = null;
    this.pinned = null;
    try {
      if (source === 'iteration') this.pairs = readIterationPairs(file);
      else this.answer = readComparison(file);
      this.key = key;
      const verdictNow = this.facts_();
      if (verdictNow !== null && this.view !== null) this.spoken = verdict(verdictNow, policyName(this.view.selection.policy));
    } catch (error) {
      this.damaged = error instanceof Error ? error.message : String(error);
    }
  }

  private keep(): void {
    if (this.view !== null) this.host.keep({ selection: this.view.selection, arranged: this.arranged } satisfies PolicyDiffState);
  }

  private arrange(change: Partial<Arranged>): void {
    this.arranged = { ...this.arranged, ...change };
    this.keep();
  }

  private readonly select = (selection: PolicyDiffSelection): void => this.host.send({ kind: 'select', selection });

  /** The pair that is selected; null while it is not there. */
  private get comparison(): Comparison | null {
    const { view } = this;
    if (view === null || view.comparison.status !== 'ready' || view.comparison.key !== this.key) return null;
    return view.comparison.source === 'command' ? this.answer : (this.pair ?? null);
  }

  private get pair(): IterationPair | undefined {
    return this.pairs?.find(({ policy }) => policy === this.view?.selection.policy);
  }

  private facts_(): ComparisonFacts | null {
    const { comparison } = this;
    if (comparison === null) return null;
    if (this.facts?.of !== comparison) this.facts = { of: comparison, facts: comparisonFacts(comparison) };
    return this.facts.facts;
  }

  override render(): TemplateResult {
    const { view, comparison } = this;
    const live = html`<div class="visually-hidden" role="status" aria-live="polite">${this.spoken}</div>`;
    const lost = this.lost ? hostLostBanner() : nothing;
    if (this.missing !== null) return html`${lost}<ibrl-banner icon="empty" .fact=${t('This run is not there any more.')} .remedy=${this.missing}><button @click=${() => this.host.send({ kind: 'retry' })}>${t('Look again')}</button></ibrl-banner>${live}`;
    if (view === null) return html`${lost}${skeleton()}`;
    const all = { shown: this.showsAll, possible: view.comparison.status === 'ready' && view.comparison.source === 'iteration' && (this.pairs?.length ?? 0) > 1 };
    const decidable = view.awaiting && view.trusted;
    return html`${lost}
      ${view.trusted ? nothing : untrustedBanner(() => this.host.send({ kind: 'trust' }))}
      <div class="toolbar">
        ${selectors(view, all, { select: this.select, all: (shown) => this.arrange({ all: shown }) })}
        <span class="push"></span>
        <button class="link" ?disabled=${comparison === null} @click=${this.openCard}>${t('Policy card as text')}</button>
        ${decidable ? html`<button ?disabled=${comparison === null} @click=${() => this.decide('reject')}>${t('Reject…')}</button><button class="primary" ?disabled=${comparison === null} @click=${() => this.decide('approve')}>${t('Approve iteration {0}', String(view.selection.iteration))}</button>` : nothing}
      </div>
      ${runBanner(view)}
      ${this.damaged === '' ? comparisonBanner(view, { trust: () => this.host.send({ kind: 'trust' }), retry: () => this.host.send({ kind: 'retry' }) }) : html`<ibrl-banner icon="error" .fact=${this.damaged} .remedy=${t('Restore the file, or choose another pair.')}><button @click=${() => this.host.send({ kind: 'retry' })}>${t('Try again')}</button></ibrl-banner>`}
      ${comparison === null ? (this.damaged === '' && (view.comparison.status === 'computing' || view.comparison.status === 'ready') ? skeleton() : nothing) : this.renderComparison(view, comparison)}
      ${this.renderFoot(view)}${live}`;
  }

  private get showsAll(): boolean {
    return this.arranged.all && this.view?.comparison.status === 'ready' && this.view.comparison.source === 'iteration' && (this.pairs?.length ?? 0) > 1;
  }

  private renderComparison(view: PolicyDiffView, comparison: Comparison): TemplateResult | typeof nothing {
    const facts = this.facts_();
    if (facts === null) return nothing;
    const policy = view.selection.policy;
    return html`<main class=${this.lost ? 'stale' : ''}>
      <section class="verdict" aria-label=${t('Verdict')}>
        <h1>${icon(facts.sign)}<span>${verdict(facts, policyName(policy))}</span></h1>
        <p class="muted">${caution(view, comparison.predicted?.starts ?? null, view.comparison.status === 'ready' && view.comparison.source === 'iteration' ? (this.pair?.against ?? null) : null)}</p>
        <ul class="facts">${factsOf(facts).map(({ name, before, after, hint, spoken }) => html`<li><span class="visually-hidden">${spoken}</span><div aria-hidden="true"><p class="name muted">${name}</p><p class="value">${before === '' ? nothing : html`<span class="old">${before} →</span> `}<strong>${after}</strong></p><p class="hint muted">${hint}</p></div></li>`)}</ul>
      </section>
      <div class="upper">
        ${mapSection(comparison, this.mapArrangement(view, comparison), { tables: this.arranged.tables, pinned: this.pinned, choose: (action) => this.arrange({ action }), over: (x, y) => this.arrange({ x, y }), pin: (cell) => (this.pinned = cell) })}
        ${this.renderHistograms(view, comparison)}
      </div>
      <div class="lower">${this.renderSameStart(comparison)}${this.renderCosts(view, comparison)}</div>
    </main>`;
  }

  private mapArrangement(view: PolicyDiffView, comparison: Comparison): MapArrangement {
    const { actions } = comparison.diff;
    const action = actions.find(({ name }) => name === this.arranged.action) ?? actions.find(({ name }) => name === this.facts_()?.steered.action) ?? actions[0];
    const { x, y } = this.arranged;
    return { action: action.name, measure: this.measureOf(view, action.name, action.unit), x, y, bounded: comparison.diff.margins.map(({ variable }) => variable) };
  }

  private measureOf(view: PolicyDiffView, action: string, unit: string): Measure {
    const effect = this.arranged.effect ? view.effects.find((one) => one.action === action) : undefined;
    return effect === undefined ? { gain: 1, name: action, unit, isEffect: false } : { gain: effect.gain, name: effect.variable, unit: effect.unit, isEffect: true };
  }

  private renderHistograms(view: PolicyDiffView, comparison: Comparison): TemplateResult {
    const chosen = view.selection.policy;
    const shown = this.showsAll ? (this.pairs ?? []).slice(0, 8).map(({ policy, diff }) => ({ policy, diff })) : [{ policy: chosen, diff: comparison.diff }];
    const rows = comparison.diff.actions.map((action, index) => histogramRow(shown.map(({ policy, diff }) => ({ policy, action: diff.actions[index] })), this.measureOf(view, action.name, action.unit)));
    const toggle = view.effects.length === 0 ? nothing : html`<span class="chips" role="group" aria-label=${t('Axis')}><button aria-pressed=${!this.arranged.effect} @click=${() => this.arrange({ effect: false })}>${t('action')}</button><button aria-pressed=${this.arranged.effect} @click=${() => this.arrange({ effect: true })}>${t('effect on the state')}</button></span>`;
    return html`<section aria-label=${t('How much each actuator changes')}>
      <div class="caption"><h2>${t('How much each actuator changes')} <span class="muted">${t('on {0} recorded frames', count(comparison.diff.sample.row.length))}</span></h2>${toggle}</div>
      ${this.arranged.tables ? html`<ibrl-table .table=${histogramTable(rows)} .title=${t('{0}, as a table', t('How much each actuator changes'))}></ibrl-table>` : rows.map(histogram)}
    </section>`;
  }

  private renderSameStart(comparison: Comparison): TemplateResult {
    const title = html`<h2>${t('From the same start')} <span class="muted">${comparison.predicted === null ? nothing : sameStartNote(comparison.predicted)}</span></h2>`;
    const starts = comparison.predicted?.trajectories ?? [];
    if (starts.length === 0) return html`<section aria-label=${t('From the same start')}><div class="caption">${title}</div><p class="muted">${t('Not predicted: one of the policies acts within other ranges, or through other logarithms, than these models learned.')}</p></section>`;
    const start = Math.min(this.arranged.start, starts.length - 1);
    const policy = this.view?.selection.policy ?? 1;
    const rolled = this.showsAll
      ? (this.pairs ?? []).slice(0, 8).flatMap(({ policy: other, predicted }) => (predicted?.trajectories[start] === undefined ? [] : [{ policy: other, trajectory: predicted.trajectories[start] }]))
      : [{ policy, trajectory: starts[start] }];
    const { steps } = starts[start];
    const last = steps[steps.length - 1] ?? 0;
    const cursor = this.cursorIn(last);
    const rows = sameStartRows(rolled, comparison, cursor);
    const choice = html`<select aria-label=${t('Start')} @change=${(event: Event) => this.arrange({ start: Number((event.target as HTMLSelectElement).value) })}>${starts.map((_, index) => html`<option value=${index} ?selected=${index === start}>${t('start {0} of {1}', String(index + 1), String(starts.length))}</option>`)}</select>`;
    const key = this.showsAll ? nothing : html`<ul class="key muted"><li><svg width="26" height="8" aria-hidden="true"><line x1="0" x2="26" y1="4" y2="4" stroke="currentColor" stroke-width="1.6" stroke-dasharray="5 4"></line></svg>${t('before')}</li><li><svg width="26" height="8" aria-hidden="true"><line x1="0" x2="26" y1="4" y2="4" stroke=${policyColour(policy)} stroke-width="1.6"></line></svg>${policyName(policy)}</li><li>${t('right: {0} and before at the cursor', policyName(policy))}</li></ul>`;
    return html`<section aria-label=${t('From the same start')}>
      <div class="caption">${title}<span class="choices">${key}${choice}</span></div>
      ${this.arranged.tables
        ? html`<ibrl-table .table=${sameStartTable(rows)} .title=${t('{0}, as a table', t('From the same start'))}></ibrl-table>`
        : html`<ibrl-series .rows=${rows} .from=${0} .to=${Math.max(1, last)} .last=${Math.max(1, last)} .cursor=${cursor} .summary=${t('Predicted from start {0}: {1} over {2} steps.', String(start + 1), rows.map(({ name }) => name).join(', '), String(last))} .spoken=${sameStartSpoken(rows, cursor)}
          @cursor-moved=${(event: CustomEvent<number>) => (this.cursor = event.detail)} @keydown=${(event: KeyboardEvent) => this.moveCursor(event, last)}></ibrl-series>`}
    </section>`;
  }

  private cursorIn(last: number): number {
    return Math.min(last, this.cursor ?? Math.round(last / 2));
  }

  private moveCursor(event: KeyboardEvent, last: number): void {
    const cursor = this.cursorIn(last);
    const far = event.shiftKey ? 10 : 1;
    const target: Readonly<Record<string, number>> = { ArrowLeft: cursor - far, ArrowRight: cursor + far, Home: 0, End: last };
    const step = target[event.key];
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    this.cursor = Math.min(last, Math.max(0, step));
    event.preventDefault();
    event.stopPropagation();
  }

  private renderCosts(view: PolicyDiffView, comparison: Comparison): TemplateResult {
    const rows = (this.pairs ?? [{ policy: view.selection.policy, predicted: comparison.predicted }]).flatMap(({ policy, predicted }) => (predicted === null ? [] : [{ policy, before: predicted.before.cost, after: predicted.after.cost }]));
    const chart = rows.length === 0 ? html`<p class="muted">${t('Not predicted.')}</p>` : this.arranged.tables ? html`<ibrl-table .table=${costTable(rows)} .title=${t('{0}, as a table', t('Predicted cost'))}></ibrl-table>` : costChart(rows, view.selection.policy);
    return html`<section aria-label=${t('Predicted cost, bounds and support')}>
      <div class="caption"><h2>${t('Predicted cost')} <span class="muted">${t('per step, lower is better; bars: two spreads; hollow: before')}</span></h2></div>
      ${chart}${boundsAndSupport(comparison, view.selection.policy)}
    </section>`;
  }

  private renderFoot(view: PolicyDiffView): TemplateResult {
    const run = view.runs.find(({ folder }) => folder === view.selection.run);
    return html`<footer class="muted"><span>${run === undefined ? '' : runName(run)}${view.asOf === null ? '' : ` · ${t('as of {0}', day(view.asOf))}`}</span>
      <span class="push"></span>
      <span aria-hidden="true"><kbd>1</kbd>–<kbd>8</kbd> ${t('policy')} · <kbd>T</kbd> ${t('tables')} · <kbd>C</kbd> ${t('card')}</span>
      <button class="link" aria-pressed=${this.arranged.tables} @click=${() => this.arrange({ tables: !this.arranged.tables })}>${this.arranged.tables ? t('Show as charts') : t('Show as tables')}</button>
      <button class="link" @click=${() => this.host.send({ kind: 'trajectories' })}>${t('Trajectories')}</button>
      <button class="link" @click=${() => this.host.send({ kind: 'dashboard' })}>${t('Dashboard')}</button></footer>`;
  }

  protected override updated(_changed: PropertyValues): void {
    const bar = this.renderRoot.querySelector<HTMLCanvasElement>('.scaleBar canvas');
    const area = bar && prepare(bar);
    if (!area) return;
    const { context, width, height } = area;
    for (let y = 0; y < height; y++) {
      context.fillStyle = divergingColour(1 - (2 * y) / (height - 1));
      context.fillRect(0, y, width, 1);
    }
  }

  private readonly openCard = (): void => {
    const { view, comparison } = this;
    if (view === null || comparison === null) return;
    const { selection } = view;
    const paired = this.pair?.against;
    const before = selection.against.kind === 'policy' ? t('iteration {0}, {1}', String(selection.against.iteration), policyName(selection.against.policy)) : selection.against.kind === 'predecessor' && paired?.kind === 'policy' ? t('iteration {0}, {1}', String(paired.iteration), policyName(paired.policy)) : t('behaviour of iteration {0}', String(selection.iteration));
    const { before: beforeCard, after: afterCard } = comparison.sentences === undefined ? comparison.cards : { before: spoken(comparison.sentences.before), after: spoken(comparison.sentences.after) };
    this.host.send({ kind: 'card', before: beforeCard, after: afterCard, beforeName: before, afterName: t('iteration {0}, {1}', String(selection.iteration), policyName(selection.policy)) });
  };

  private decide(kind: 'approve' | 'reject'): void {
    const facts = this.facts_();
    if (facts !== null && this.view !== null) this.host.send({ kind, verdict: verdict(facts, policyName(this.view.selection.policy)) });
  }

  /** Single keys act only while no field has the focus. */
  private readonly onKey = (event: KeyboardEvent): void => {
    const { view } = this;
    const inField = event.composedPath().some((target) => target instanceof HTMLSelectElement || target instanceof HTMLInputElement);
    if (view === null || inField || event.ctrlKey || event.altKey || event.metaKey) return;
    const policies = view.runs.find(({ folder }) => folder === view.selection.run)?.iterations.find(({ iteration }) => iteration === view.selection.iteration)?.policies ?? 0;
    const number = Number(event.key);
    if (number >= 1 && number <= Math.min(8, policies)) {
      this.arrange({ all: false });
      this.select({ ...view.selection, policy: number });
    } else if (event.key === '0') this.arrange({ all: !this.arranged.all });
    else if (event.key.toLowerCase() === 't') this.arrange({ tables: !this.arranged.tables });
    else if (event.key.toLowerCase() === 'c') this.openCard();
    else return;
    event.preventDefault();
  };
}

function sameStartNote({ members, trajectories }: NonNullable<Comparison['predicted']>): string {
  const steps = trajectories.at(0)?.steps ?? [];
  const every = steps.length < 2 ? 1 : Math.round((steps[steps.length - 1] - steps[0]) / (steps.length - 1));
  return every < 2 ? t('predicted: mean and range of {0} models', String(members)) : t('predicted: mean and range of {0} models, every {1} steps', String(members), String(every));
}

/** The layout, before its numbers are there. */
function skeleton(): TemplateResult {
  return html`<div role="status" aria-busy="true" aria-label=${t('Comparing')}><div class="skeleton"></div><div class="skeleton"></div><div class="skeleton large"></div></div>`;
}
