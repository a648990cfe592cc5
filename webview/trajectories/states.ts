import { html, nothing, type TemplateResult } from 'lit';
import type { TrajectoriesView } from '../../src/messages/trajectories';
import { t } from '../shared/text';

/** What one should know of the run while looking at this iteration. */
export function runBanner({ state, failure, decision, recording, selection }: TrajectoriesView): TemplateResult | typeof nothing {
  if (decision === 'rejected') return html`<ibrl-banner icon="stopped" .fact=${t('Iteration {0} was rejected', String(selection.iteration))} .remedy=${t('None of its policies was deployed.')}></ibrl-banner>`;
  if (recording !== null) return nothing;
  switch (state) {
    case 'failed':
      return html`<ibrl-banner icon="error" .fact=${t('The run has failed.')} .remedy=${failure ?? ''}></ibrl-banner>`;
    case 'interrupted':
      return html`<ibrl-banner icon="stale" .fact=${t('The trainer has ended without a word')} .remedy=${t('What it had written by then is shown.')}></ibrl-banner>`;
    case 'awaiting-approval':
      return html`<ibrl-banner icon="waiting" .fact=${t('Iteration {0} waits for approval', String(selection.iteration))} .remedy=${t('Its episodes are recorded once it is approved.')}></ibrl-banner>`;
    case 'awaiting-data':
      return html`<ibrl-banner icon="waiting" .fact=${t('Iteration {0} waits for its recordings', String(selection.iteration))} .remedy=${t('Its episodes are shown once they are added.')}></ibrl-banner>`;
    case 'running':
    case 'stopped':
    case 'done':
      return nothing;
  }
}
