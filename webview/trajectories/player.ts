import { html, nothing, svg, type TemplateResult } from 'lit';
import { count } from '../shared/format';
import { t } from '../shared/text';

/** Steps per second that can be chosen. */
export const speeds = [1, 2, 5, 10, 25, 50, 100, 250, 1_000] as const;
/** Marks on the scrubber: more would be one red bar. */
const mostMarks = 400;

export interface PlayerView {
  readonly step: number;
  readonly last: number;
  readonly window: readonly [number, number];
  readonly playing: boolean;
  readonly speed: number;
  /** stretches outside of the bounds, rising */
  readonly violations: readonly (readonly [number, number])[];
  readonly spoken: string;
  readonly policies: number;
  /** empty: not known */
  readonly asOf: string;
}

export interface PlayerActions {
  readonly to: (step: number) => void;
  readonly play: () => void;
  readonly speed: (speed: number) => void;
  readonly violation: (direction: 1 | -1) => void;
  readonly zoom: (factor: number) => void;
}

/** The scrubber with its violations, and the buttons below. */
export function player(view: PlayerView, actions: PlayerActions): TemplateResult {
  const { step, last, playing, violations } = view;
  const percent = (at: number): string => `${(100 * at) / Math.max(1, last)}%`;
  const marks = [...new Set(violations.map(([from]) => Math.round((mostMarks * from) / Math.max(1, last))))];
  const zoomed = view.window[0] > 0 || view.window[1] < last;
  return html`<div class="player" role="group" aria-label=${t('Player')}>
    <div class="track">
      <svg aria-hidden="true">${zoomed ? svg`<rect class="window" x=${percent(view.window[0])} width=${percent(view.window[1] - view.window[0])} y="0" height="10"></rect>` : nothing}${marks.map((mark) => svg`<line class="violation" x1="${(100 * mark) / mostMarks}%" x2="${(100 * mark) / mostMarks}%" y1="0" y2="10"></line>`)}</svg>
      <input type="range" min="0" max=${last} .value=${String(step)} aria-label=${t('Step')} aria-valuetext=${view.spoken} @input=${(event: Event) => actions.to(Number((event.target as HTMLInputElement).value))}>
    </div>
    <div class="buttons">
      <button class="icon-button" aria-label=${t('To the beginning')} @click=${() => actions.to(0)}><svg width="16" height="16" aria-hidden="true"><path d="M3 3h1.5v10H3zM13 3v10L5.5 8z"></path></svg></button>
      <button class="icon-button" aria-label=${t('One step back')} @click=${() => actions.to(step - 1)}><svg width="16" height="16" aria-hidden="true"><path d="M11 3v10L4 8z"></path></svg></button>
      <button class="primary icon-button" aria-label=${playing ? t('Pause') : t('Play')} @click=${actions.play}><svg width="16" height="16" aria-hidden="true">${playing ? svg`<path d="M4 3h3v10H4zM9 3h3v10H9z"></path>` : svg`<path d="M4 2.5v11L13 8z"></path>`}</svg></button>
      <button class="icon-button" aria-label=${t('One step on')} @click=${() => actions.to(step + 1)}><svg width="16" height="16" aria-hidden="true"><path d="M5 3v10l7-5z"></path></svg></button>
      <select aria-label=${t('Speed')} @change=${(event: Event) => actions.speed(Number((event.target as HTMLSelectElement).value))}>${speeds.map((speed) => html`<option value=${speed} ?selected=${speed === view.speed}>${t('{0} steps/s', count(speed))}</option>`)}</select>
      <span>${t('step {0} of {1}', count(step), count(last))}</span>
      <button class="icon-button" aria-label=${t('Zoom in')} ?disabled=${view.window[1] - view.window[0] <= 10} @click=${() => actions.zoom(0.5)}>+</button>
      <button class="icon-button" aria-label=${t('Zoom out')} ?disabled=${!zoomed} @click=${() => actions.zoom(2)}>−</button>
      ${violations.length === 0 ? nothing : html`<button @click=${() => actions.violation(-1)}>${t('Previous violation')}</button><button @click=${() => actions.violation(1)}>${t('Next violation')}</button>`}
      <span class="push"></span>
      <span class="keys muted">${view.asOf}</span>
      <span class="keys muted" aria-hidden="true"><kbd>${t('Space')}</kbd> ${t('play')} · <kbd>←</kbd> <kbd>→</kbd> ${t('step')}${violations.length === 0 ? nothing : html` · <kbd>N</kbd> ${t('next violation')}`}${view.policies > 1 ? html` · <kbd>1</kbd>–<kbd>${Math.min(8, view.policies)}</kbd> ${t('policy')} · <kbd>0</kbd> ${t('all')}` : nothing}</span>
    </div>
  </div>`;
}
