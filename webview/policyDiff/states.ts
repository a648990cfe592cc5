import { html, nothing, type TemplateResult } from 'lit';
import type { PolicyDiffView } from '../../src/messages/policyDiff';
import { t } from '../shared/text';
import { absenceWords } from './words';

interface StateActions {
  readonly trust: () => void;
  readonly retry: () => void;
}

/** Why there is no comparison, or not yet; nothing where there is one. */
export function comparisonBanner({ comparison }: PolicyDiffView, { trust, retry }: StateActions): TemplateResult | typeof nothing {
  switch (comparison.status) {
    case 'ready':
      return nothing;
    case 'computing':
      return html`<ibrl-banner icon="running" .fact=${t('Comparing on recorded frames and through the models')} .remedy=${t('A process does that in the background. The result is kept for the next time.')}></ibrl-banner>`;
    case 'untrusted':
      return html`<ibrl-banner icon="info" .fact=${t('This pair has not been compared yet.')} .remedy=${t('Comparing starts a process, which needs trust. What the run itself compared can be looked at.')}><button @click=${trust}>${t('Manage trust')}</button></ibrl-banner>`;
    case 'failed':
      return html`<ibrl-banner icon="error" .fact=${t('The two could not be compared.')} .remedy=${comparison.message}><button @click=${retry}>${t('Try again')}</button></ibrl-banner>`;
    case 'absent': {
      const { fact, remedy } = absenceWords(comparison.reason);
      return html`<ibrl-banner icon="empty" .fact=${fact} .remedy=${remedy}></ibrl-banner>`;
    }
  }
}

/** What one should know of the run while looking at this iteration. */
export function runBanner({ state, failure, awaiting, decision, newest, selection }: PolicyDiffView): TemplateResult | typeof nothing {
  if (awaiting) return html`<ibrl-banner icon="waiting" .fact=${t('Iteration {0} waits for approval', String(selection.iteration))} .remedy=${t('Nothing is running meanwhile. Approval is for the whole iteration.')}></ibrl-banner>`;
  if (decision === 'rejected') return html`<ibrl-banner icon="stopped" .fact=${t('Iteration {0} was rejected', String(selection.iteration))} .remedy=${t('None of its policies was deployed.')}></ibrl-banner>`;
  if (decision === 'approved' && state === 'awaiting-data' && newest === selection.iteration) return html`<ibrl-banner icon="waiting" .fact=${t('Iteration {0} is approved and waits for its recordings', String(selection.iteration))} .remedy=${t('Deploy one of its policies, then add what was recorded.')}></ibrl-banner>`;
  if (state === 'failed') return html`<ibrl-banner icon="error" .fact=${t('The run has failed.')} .remedy=${failure ?? ''}></ibrl-banner>`;
  if (state === 'interrupted') return html`<ibrl-banner icon="stale" .fact=${t('The trainer has ended without a word')} .remedy=${t('What it had written by then is shown.')}></ibrl-banner>`;
  if (newest !== null && newest > selection.iteration && state === 'running') return html`<ibrl-banner icon="info" .fact=${t('Iteration {0} is there by now.', String(newest))} .remedy=${t('Choose it above.')}></ibrl-banner>`;
  return nothing;
}
