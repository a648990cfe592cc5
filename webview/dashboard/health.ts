import { html, nothing, type TemplateResult } from 'lit';
import type { RunView } from '../../src/messages/dashboard';
import { count, difference, number, percent } from '../shared/format';
import { icon, type IconName } from '../shared/icons';
import { t } from '../shared/text';
import { costDecimals, promiseGap } from './sentences';
import { newestSigns, signText } from './signs';

interface Line {
  readonly icon: IconName;
  readonly fact: string;
  readonly remedy: string;
  readonly setting: string | null;
}

/** What is doubtful, with its remedy, before what is in order. @param show opens the line of a setting in the file */
export function health(run: RunView, show: (setting: string) => void): TemplateResult {
  const lines = [...newestSigns(run.signs).map((sign): Line => ({ icon: 'warning', ...signText(sign) })), ...promiseLine(run), ...coverageLine(run), gradientLine(run)];
  return html`<section class="health"><h2>${t('Health')}</h2><ul>${lines.map((line) => html`<li>${icon(line.icon)}<div><p>${line.fact}</p>${line.remedy === '' && line.setting === null ? nothing : html`<p class="muted">${line.remedy} ${line.setting === null || run.source === null ? nothing : html`<button class="link" @click=${() => line.setting !== null && show(line.setting)}>${t('Show in file')}</button>`}</p>`}</div></li>`)}</ul></section>`;
}

function promiseLine(run: RunView): Line[] {
  const gaps = run.scores.flatMap((scores) => {
    const gap = promiseGap(scores);
    return gap === null ? [] : [{ iteration: scores.iteration, gap }];
  });
  const [last, before] = [gaps.at(-1), gaps.at(-2)];
  if (last === undefined) return [];
  const decimals = costDecimals(run);
  const size = number(Math.abs(last.gap), decimals);
  if (!/[1-9]/.test(size)) return [{ icon: 'pass', fact: t('The last promise was right on average'), remedy: '', setting: null }];
  const fact = last.gap > 0 ? t('Models promise {0} too little cost', size) : t('Models promise {0} too much cost', size);
  const remedy = before === undefined ? '' : Math.abs(before.gap) > Math.abs(last.gap) ? t('It was {0} in iteration {1}; the gap closes.', difference(before.gap, decimals), String(before.iteration)) : t('It was {0} in iteration {1}.', difference(before.gap, decimals), String(before.iteration));
  return [{ icon: 'info', fact, remedy, setting: null }];
}

function coverageLine(run: RunView): Line[] {
  const shares = run.scores.flatMap(({ coverage }) => (coverage === null ? [] : [coverage]));
  const [last, before] = [shares.at(-1), shares.at(-2)];
  if (last === undefined || before === undefined) return [];
  return [last > before ? { icon: 'pass', fact: t('Coverage grows: {0} to {1}', percent(before), percent(last)), remedy: '', setting: null } : { icon: 'info', fact: t('Coverage stays at {0}', percent(last)), remedy: '', setting: null }];
}

function gradientLine(run: RunView): Line {
  if (run.nonFinite === 0) return { icon: 'pass', fact: t('Every gradient was finite'), remedy: '', setting: null };
  return { icon: 'warning', fact: run.nonFinite === 1 ? t('1 gradient step was not finite and is skipped') : t('{0} gradient steps were not finite and are skipped', count(run.nonFinite)), remedy: t('Three in a row end the run; lower search.learningRate if there are more.'), setting: 'search.learningRate' };
}
