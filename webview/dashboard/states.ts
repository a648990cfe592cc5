import { html, nothing, type TemplateResult } from 'lit';
import type { DashboardAction, DashboardSnapshot, IterationScores, RunView } from '../../src/messages/dashboard';
import { clock, count, day, duration, number } from '../shared/format';
import { icon, type IconName } from '../shared/icons';
import { t } from '../shared/text';
import { costDecimals, evaluated, failedWhile } from './sentences';

/** A run that says it is at work is stale after this long without a sign of life, ms. */
const staleAfterMs = 60_000;

export interface StateActions {
  readonly act: (action: DashboardAction, folder: string) => void;
  readonly openDiff: (iteration: number) => void;
}

/** How long the run has been silent although it says that it works; null: it has not, or not for long. */
export function silentMs(run: RunView, now: number): number | null {
  if (run.state !== 'running' || run.asOf === null) return null;
  const silent = now - Date.parse(run.asOf);
  return silent > staleAfterMs ? silent : null;
}

/** What is kept of a run that did not end, in one sentence. */
function kept(run: RunView): string {
  const last = evaluated(run)?.iteration ?? 0;
  if (last === 0) return t('What was recorded so far is kept.');
  return last === 1 ? t('Iteration 1 is kept.') : t('Iterations 1 to {0} are kept.', String(last));
}

/** What a person should know or do now; nothing where the run just works or is done. */
export function stateBanner(run: RunView, trusted: boolean, now: number, { act, openDiff }: StateActions): TemplateResult | typeof nothing {
  const button = (action: DashboardAction, label: string, primary = false): TemplateResult => html`<button class=${primary ? 'primary' : ''} @click=${() => act(action, run.folder)}>${label}</button>`;
  const log = html`<button class="link" @click=${() => act('showLog', run.folder)}>${t('Show log')}</button>`;
  const add = trusted && run.takesRecordings ? button('addData', t('Add recordings…'), run.state === 'awaiting-data') : nothing;
  const resume = trusted ? html`${button('resume', t('Resume'), true)}${add}` : nothing;
  const banner = (name: IconName, fact: string, remedy: string, buttons: unknown): TemplateResult => html`<ibrl-banner .icon=${name} .fact=${fact} .remedy=${remedy}>${buttons}</ibrl-banner>`;
  const silent = silentMs(run, now);
  if (silent !== null) return banner('stale', t('No sign of life for {0}', duration(silent)), t('Shown as of {0}. The host may have gone to sleep.', clock(run.asOf ?? '')), html`${button('checkAgain', t('Check again'))}${log}`);
  const since = run.asOf === null ? '' : day(run.asOf);
  switch (run.state) {
    case 'failed':
      return banner('error', failedFact(run), `${run.failure?.message ?? ''} ${kept(run)}`.trim(), html`${resume}${log}`);
    case 'interrupted':
      return banner('error', t('{0}: the trainer has ended without a word', failedFact(run)), `${t('Last sign of life: {0}.', since)} ${kept(run)}`, html`${resume}${log}`);
    case 'stopped':
      return run.takesRecordings ? banner('stopped', t('Recordings of iteration {0} are added', String(run.position?.iteration ?? 1)), t('More can be added until the run is resumed.'), resume) : banner('stopped', stoppedFact(run), kept(run), resume);
    case 'awaiting-approval': {
      const waiting = run.scores.at(-1);
      const iteration = waiting?.iteration ?? run.position?.iteration ?? 1;
      const promised = waiting?.promisedMean ?? null;
      const promise = promised === null ? '' : t('Predicted {0} per step.', number(promised, costDecimals(run)));
      return banner('waiting', t('Iteration {0} waits for approval', String(iteration)), [promise, keptInModels(run, waiting), t('Waiting since {0}; nothing is running meanwhile.', since)].filter((text) => text !== '').join(' '), html`<button class="primary" @click=${() => openDiff(iteration)}>${t('Review policy diff')}</button>`);
    }
    case 'awaiting-data':
      return banner('waiting', t('Iteration {0} waits for its recordings', String(run.position?.iteration ?? 1)), t('Waiting since {0}; nothing is running meanwhile.', since), add);
    case 'running':
    case 'done':
      return nothing;
  }
}

/** Whether the promise keeps the bounds; empty where there are none. */
function keptInModels({ bounded }: RunView, waiting: IterationScores | undefined): string {
  if (!bounded || waiting === undefined) return '';
  const outside = waiting.policies.reduce((all, { violations }) => all + violations, 0);
  return outside === 0 ? t('Bounds are kept in the models.') : t('Bounds are left in {0} predicted steps.', count(outside));
}

function failedFact(run: RunView): string {
  return run.position === null ? t('Failed') : failedWhile(run.position.phase);
}

function stoppedFact(run: RunView): string {
  const last = evaluated(run)?.iteration;
  return last === undefined ? t('Stopped') : t('Stopped after iteration {0}', String(last));
}

/** The card of a run that is not there: queued, or never begun. */
export function missingCard(missing: DashboardSnapshot['missing'][number], trusted: boolean, act: StateActions['act']): TemplateResult {
  const { folder, place, name, after } = missing;
  if (place !== null) {
    return html`<section class="card"><h1>${icon('queued')} ${t('Queued, number {0} in line', String(place))}</h1>
      <p class="muted">${after === null ? t('{0} starts next.', name) : t('{0} starts after {1}.', name, after)}</p>
      <div class="actions">${trusted ? html`<button @click=${() => act('removeFromQueue', folder)}>${t('Remove from queue')}</button>` : nothing}</div></section>`;
  }
  return html`<section class="card"><h1>${icon('empty')} ${t('Nothing has run in this folder yet.')}</h1>
    <p class="muted">${t('Training runs in a background process; this page follows it.')}</p>
    <div class="actions">${trusted ? html`<button class="primary" @click=${() => act('run', folder)}>${t('Run')}</button><button @click=${() => act('queue', folder)}>${t('Queue')}</button>` : nothing}</div></section>`;
}
