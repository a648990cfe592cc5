import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import type { RunView } from '../../src/messages/dashboard';
import { type FromSidePanel, type SidePanelAction, type SidePanelSituation, toSidePanel } from '../../src/messages/sidePanel';
import { policyLabel } from '../../src/report/chart';
import { referenceAsObject } from '../../src/report/words';
import { costChart } from '../dashboard/costChart';
import { boundsFact, costDecimals, costSummary, evaluated, phaseName, remainingText } from '../dashboard/sentences';
import { newestSigns, signText } from '../dashboard/signs';
import { silentMs, stateBanner } from '../dashboard/states';
import { hostLostBanner, untrustedBanner } from '../shared/banner';
import '../shared/chart/chart';
import { controls } from '../shared/controls';
import { decimalsFor, number } from '../shared/format';
import { FramePage } from '../shared/framePage';
import { glyph } from '../shared/glyph';
import { connect, type Host } from '../shared/host';
import { icon, type IconName } from '../shared/icons';
import { iconStyle } from '../shared/iconStyle';
import { t } from '../shared/text';
import { onThemeChange } from '../shared/theme';

/** The live view of the side panel: is something running, how good is it, what is next, and does it wait for me? */
export class SidePanelPage extends FramePage {
  static override readonly styles = [controls, iconStyle, css`
    :host { display: block; container-type: inline-size; padding: 8px 16px 16px; }
    section { border-top: 1px solid var(--ibrl-rule); padding: 8px 0; }
    section:first-of-type { border-top: 0; }
    h2 { overflow-wrap: anywhere; margin-bottom: 4px; }
    p { margin: 4px 0; text-wrap: balance; }
    .figure { display: flex; flex-wrap: wrap; gap: 0 8px; align-items: baseline; }
    .line { display: flex; justify-content: space-between; gap: 8px; }
    .bar { display: flex; gap: 3px; height: 5px; margin: 4px 0 8px; }
    .bar span { flex: 1; background: color-mix(in srgb, var(--vscode-foreground) 18%, transparent); }
    .bar i { display: block; height: 100%; background: var(--ibrl-muted); }
    .bar .now.running i { background: var(--ibrl-running); }
    .bar .now.awaiting-approval i, .bar .now.awaiting-data i { background: var(--ibrl-waiting); }
    .bar .now.failed i, .bar .now.interrupted i { background: var(--ibrl-error); }
    .glyph { vertical-align: -3px; }
    .number { font-size: 1.75em; font-weight: 600; }
    .stale { opacity: 0.65; }
    ibrl-chart { --ibrl-chart-height: 150px; }
    table { width: 100%; border-collapse: collapse; font-size: 0.92em; }
    th { font-weight: normal; text-align: right; color: var(--ibrl-muted); }
    tbody th { text-align: left; color: inherit; white-space: nowrap; }
    td { text-align: right; height: 24px; }
    .actions { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
    .actions button { flex: 1 1 auto; }
    ul { list-style: none; margin: 0; padding: 0; }
    li { display: flex; gap: 8px; align-items: center; min-height: 26px; }
    li .grow { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    li button.link { text-align: left; padding: 2px 0; color: inherit; }
    .spark { flex: none; }
    @container (max-width: 239px) { ibrl-chart { display: none; } }
  `];

  @state() private situation: SidePanelSituation | null = null;
  @state() private lost = false;
  @state() private now = Date.now();
  @state() private spoken = '';
  private host!: Host<FromSidePanel>;
  private ticking = 0;
  private stopTheme: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.host = connect<typeof toSidePanel, FromSidePanel>(toSidePanel, (situation) => this.take(situation), (lost) => (this.lost = lost));
    this.ticking = window.setInterval(() => (this.now = Date.now()), 1_000);
    this.stopTheme = onThemeChange(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.ticking);
    this.stopTheme?.();
  }

  private take(situation: SidePanelSituation): void {
    const [before, after] = [this.situation?.run, situation.run];
    if (before && after && (evaluated(before)?.iteration !== evaluated(after)?.iteration || before.state !== after.state)) this.spoken = costSummary(after);
    this.situation = situation;
    this.now = Date.now();
  }

  protected override updated(): void {
    for (const part of this.renderRoot.querySelectorAll<HTMLElement>('[data-fill]')) part.style.setProperty('width', `${part.dataset['fill'] ?? 0}%`);
  }

  override render(): TemplateResult {
    const { situation } = this;
    return html`${this.lost ? hostLostBanner() : nothing}
      ${situation === null ? html`<p class="muted" role="status">${t('Reading the runs')}</p>` : this.renderSituation(situation)}
      <div class="visually-hidden" role="status" aria-live="polite">${this.spoken}</div>`;
  }

  private renderSituation(situation: SidePanelSituation): TemplateResult {
    const { folder, trusted, run, queue, last } = situation;
    if (!folder) return html`<p>${t('Open the folder that holds your recordings.')}</p><div class="actions">${this.button('openFolder', t('Open folder'), '', true)}</div>`;
    return html`
      ${trusted ? nothing : untrustedBanner(() => this.act('manageTrust', ''))}
      ${run === null ? this.renderNothing(trusted) : this.renderRun(run, trusted)}
      ${queue.length === 0 ? nothing : html`<section><h2>${t('Queued')} <span class="muted">${String(queue.length)}</span></h2><ul>${queue.map(({ folder: place, name }) => html`<li>${icon('queued')}<span class="grow">${name}</span>${trusted ? html`<button class="link" aria-label=${t('Remove {0} from queue', name)} @click=${() => this.act('removeFromQueue', place)}>×</button>` : nothing}</li>`)}</ul></section>`}
      ${last.length === 0 ? nothing : html`<section><h2>${t('Last results')}</h2><ul>${last.map((one) => this.renderLast(one))}</ul></section>`}`;
  }

  private renderNothing(trusted: boolean): TemplateResult {
    return html`<p>${t('Nothing has run in this folder yet.')}</p>${trusted
      ? html`<div class="actions">${this.button('run', t('Run'), '', true)}${this.button('openExample', t('Open example'), '')}</div><p class="muted">${t('The example works offline and changes nothing outside this folder.')}</p>`
      : nothing}`;
  }

  private renderRun(run: RunView, trusted: boolean): TemplateResult {
    const { position } = run;
    const stale = silentMs(run, this.now) !== null || this.lost;
    const sign = newestSigns(run.signs).at(0);
    const bounds = boundsFact(run);
    return html`<section class=${stale ? 'stale' : ''}>
      <h2>${run.name}</h2>
      <div class="line"><span>${position === null ? nothing : html`<strong>${t('{0} of {1}', String(position.iteration), String(run.iterations))}</strong> ${run.state === 'done' ? t('Done') : phaseName(position.phase)}`}</span><span class="muted">${remainingText(run)}</span></div>
      ${this.renderBar(run)}
      ${stateBanner(run, trusted, this.now, { act: (action, folder) => this.actOfState(action, folder), openDiff: () => this.act('openPolicyDiff', run.folder) })}
      ${this.renderNumber(run)}
      ${run.scores.length === 0 ? nothing : html`<ibrl-chart .chart=${sideChart(run)} bare></ibrl-chart>${this.renderPolicies(run)}`}
      ${sign === undefined ? (bounds === null ? nothing : html`<p>${icon(bounds.icon)} ${bounds.text}</p>`) : html`<p>${icon('warning')} ${signText(sign).fact}</p>`}
      <div class="actions">${run.state === 'running' && trusted ? html`${run.stopping === null ? this.button('stopAfterIteration', t('Stop after this iteration'), run.folder) : html`<button disabled>${t('Stopping after iteration {0}', String(position?.iteration ?? 1))}</button>`}${this.button('stopNow', t('Stop now'), run.folder)}` : nothing}${this.button('openDashboard', t('Open dashboard'), run.folder)}</div>
    </section>`;
  }

  private renderBar(run: RunView): TemplateResult {
    const here = run.state === 'done' ? run.iterations + 1 : (run.position?.iteration ?? 1);
    const order = run.shares.map(({ phase }) => phase);
    const before = run.position === null ? 0 : run.shares.slice(0, order.indexOf(run.position.phase)).reduce((sum, { share }) => sum + share, 0);
    const current = run.position === null ? 0 : before + (run.shares.find(({ phase }) => phase === run.position?.phase)?.share ?? 0) * (run.position.done / Math.max(1, run.position.total));
    return html`<div class="bar" role="img" aria-label=${t('{0} of {1} iterations', String(Math.min(here, run.iterations)), String(run.iterations))}>${Array.from({ length: run.iterations }, (_, index) => {
      const share = index + 1 < here ? 1 : index + 1 === here ? current : 0;
      return html`<span class=${index + 1 === here ? `now ${run.state}` : ''}><i data-fill=${share * 100}></i></span>`;
    })}</div>`;
  }

  private renderNumber(run: RunView): TemplateResult | typeof nothing {
    const latest = evaluated(run);
    if (latest === null || latest.mean === null) return nothing;
    const decimals = costDecimals(run);
    const first = run.scores.find(({ mean }) => mean !== null);
    const change = first && first !== latest && first.mean ? latest.mean.mean - first.mean.mean : null;
    const behaviour = latest.references.find(({ name }) => name === 'behaviour' || name === 'behaviourByModels');
    const against = behaviour === undefined ? '' : latest.mean.mean < behaviour.cost ? t('{0} below {1}', number(behaviour.cost - latest.mean.mean, decimals), referenceAsObject(behaviour.name)) : t('{0} above {1}', number(latest.mean.mean - behaviour.cost, decimals), referenceAsObject(behaviour.name));
    const since = change === null || first === undefined ? '' : change < 0 ? t('↓ {0} since iteration {1}', number(-change, decimals), String(first.iteration)) : t('↑ {0} since iteration {1}', number(change, decimals), String(first.iteration));
    return html`<p class="figure"><span class="number">${number(latest.mean.mean, decimals)}</span> <span class="muted">${t('per step, mean, iteration {0}', String(latest.iteration))}</span></p><p>${[since, against].filter((text) => text !== '').join('; ')}</p>`;
  }

  private renderPolicies(run: RunView): TemplateResult {
    const decimals = costDecimals(run);
    const real = evaluated(run);
    const next = run.scores.findLast(({ promisedMean }) => promisedMean !== null);
    const recommended = run.scores.at(-1)?.recommended;
    return html`<table><thead><tr><th scope="col"><span class="visually-hidden">${t('policy')}</span></th><th scope="col">${real ? (real.by === 'models' ? t('by models, it {0}', String(real.iteration)) : t('real, it {0}', String(real.iteration))) : t('real')}</th><th scope="col">${next ? t('promise, it {0}', String(next.iteration)) : t('promise')}</th></tr></thead>
      <tbody>${Array.from({ length: Math.min(8, run.policies) }, (_, index) => index + 1).map((policy) => {
        const find = (from: typeof real | undefined) => from?.policies.find((one) => one.policy === policy);
        return html`<tr><th scope="row">${glyph(policy)} ${policyLabel(policy)}${policy === recommended ? html` ${icon('star')}<span class="visually-hidden">${t('recommended')}</span>` : nothing}</th><td><strong>${number(find(real)?.real?.mean, decimals)}</strong></td><td class="muted">${number(find(next)?.promised?.mean, decimals)}</td></tr>`;
      })}</tbody></table>`;
  }

  private renderLast({ folder, name, state: runState, iteration, costs }: SidePanelSituation['last'][number]): TemplateResult {
    const icons: Readonly<Record<string, IconName>> = { done: 'pass', failed: 'error', interrupted: 'error', stopped: 'stopped', running: 'running', 'awaiting-approval': 'waiting', 'awaiting-data': 'waiting' };
    const last = costs.at(-1);
    const result = runState === 'failed' ? t('failed, it {0}', String(iteration ?? 1)) : last === undefined ? '–' : number(last, decimalsFor(costs));
    return html`<li>${icon(icons[runState] ?? 'info')}<button class="link grow" @click=${() => this.act('openDashboard', folder)}>${name}</button>${spark(costs)}<strong>${result}</strong></li>`;
  }

  private button(action: SidePanelAction, label: string, folder: string, primary = false): TemplateResult {
    return html`<button class=${primary ? 'primary' : ''} @click=${() => this.act(action, folder)}>${label}</button>`;
  }

  private readonly act = (action: SidePanelAction, folder: string): void => this.host.send({ kind: 'do', action, folder });

  /** Of the states that this view shares with the dashboard, those it can act on itself; else the dashboard opens. */
  private actOfState(action: string, folder: string): void {
    this.act(action === 'resume' || action === 'showLog' || action === 'addData' ? action : 'openDashboard', folder);
  }
}

/** The dashboard's chart without what there is no room for. */
function sideChart(run: RunView): ReturnType<typeof costChart> {
  const chart = costChart(run, 'narrow');
  const names = Object.fromEntries(Object.keys(chart.x.names ?? {}).map((iteration) => [iteration, iteration]));
  return { ...chart, shape: 'strip', x: { ...chart.x, names }, marks: chart.marks.filter(({ kind }) => kind !== 'text') };
}

/** Costs by iteration as a small line; the number beside it says the last. */
function spark(costs: readonly number[]): TemplateResult | typeof nothing {
  if (costs.length < 2) return nothing;
  const [least, most] = [Math.min(...costs), Math.max(...costs)];
  const points = costs.map((cost, index) => `${2 + (36 * index) / (costs.length - 1)},${2 + (12 * (most - cost)) / Math.max(1e-12, most - least)}`);
  return html`<svg class="spark" viewBox="0 0 40 16" width="40" height="16" aria-hidden="true">${svg`<polyline points=${points.join(' ')} fill="none" stroke="currentColor" stroke-width="1.5" />`}</svg>`;
}
