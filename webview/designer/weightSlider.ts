import { html, LitElement, svg, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { t } from '../shared/text';
import type { Interval } from './axis';
import { keyStep } from './boundSlider';
import { lastPosition, positionOf, weightAt, weightTicks } from './weightScale';

/** A logarithmic slider for a weight, with the usual range marked. Tells `weight` once a drag or a key press has ended. */
export class WeightSlider extends LitElement {
  /** read out */
  @property() name = '';
  @property({ attribute: false }) weight = 0;
  @property({ attribute: false }) usual: Interval | null = null;
  @property({ type: Boolean }) locked = false;
  /** while it is moved */
  @state() private draft: number | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    const position = this.draft ?? positionOf(this.weight);
    const weight = this.draft === null ? this.weight : weightAt(this.draft);
    const at = (value: number): string => `${((positionOf(value) / lastPosition) * 100).toFixed(2)}%`;
    const width = (from: number, to: number): string => `${(((positionOf(to) - positionOf(from)) / lastPosition) * 100).toFixed(2)}%`;
    return html`
      <svg class="bars" aria-hidden="true">
        <rect class="rail" x="0" width="100%" y="10" height="3"></rect>
        ${this.usual ? svg`<rect class="usual" x=${at(this.usual[0])} width=${width(this.usual[0], this.usual[1])} y="9" height="5"></rect>` : ''}
      </svg>
      <div class="thumbs"><input type="range" class="thumb" min="0" max=${lastPosition} step="1" .value=${String(position)} ?disabled=${this.locked}
        aria-label=${this.name} aria-valuetext=${weight === 0 ? t('0, off') : String(weight)} @input=${this.drag} @change=${this.commit} @keydown=${this.key} @keyup=${this.commit} @blur=${this.commit}></div>
      <div class="ticks"><svg aria-hidden="true"><text x="0%" y="11" text-anchor="middle">0</text>${weightTicks.slice(1).map((tick) => svg`<text x=${at(tick)} y="11" text-anchor="middle">${tick}</text>`)}</svg></div>`;
  }

  private drag(event: Event): void {
    this.draft = (event.target as HTMLInputElement).valueAsNumber;
  }

  private key(event: KeyboardEvent): void {
    const by = keyStep(event, 1, lastPosition);
    if (by === null) return;
    event.preventDefault();
    const from = this.draft ?? positionOf(this.weight);
    this.draft = Math.min(lastPosition, Math.max(0, from + Math.round(by)));
  }

  private commit(): void {
    const { draft } = this;
    if (draft === null) return;
    this.draft = null;
    if (draft !== positionOf(this.weight)) this.dispatchEvent(new CustomEvent('weight', { detail: weightAt(draft) }));
  }
}
customElements.define('ibrl-weight-slider', WeightSlider);

/** The weight that a slider has told. */
export function toldWeight(event: Event): number {
  return (event as CustomEvent<number>).detail;
}
