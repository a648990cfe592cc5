import { html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { RecordedVariable } from '../../src/messages/designer';
import { t } from '../shared/text';
import { type Axis, axisOf, type Interval, roundTo, shareOf } from './axis';
import type { Hint } from './hints';
import { inUnit, measured } from './numbers';

type End = 'low' | 'high';

/**
 * A double slider over the bars of what was recorded. Tells `interval` once a drag or a key press has ended, and
 * `widen` when the rest of the physical range is asked for.
 */
export class BoundSlider extends LitElement {
  @property() variable = '';
  @property() unit = '';
  @property({ attribute: false }) physical: Interval = [0, 1];
  @property({ attribute: false }) bound: Interval = [0, 1];
  @property({ attribute: false }) recorded: RecordedVariable | null = null;
  @property({ attribute: false }) hints: readonly Hint[] = [];
  @property({ type: Boolean }) wide = false;
  @property({ type: Boolean }) locked = false;
  /** while it is moved */
  @state() private draft: Interval | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    const axis = this.axis;
    const [low, high] = this.draft ?? this.bound;
    return html`
      ${this.bars(axis, [low, high])}
      <div class="thumbs">
        ${this.thumb('low', axis, low)}
        ${this.thumb('high', axis, high)}
      </div>
      <div class="ticks">
        ${axis.cutLow ? this.widener(`‹\u202f${measured(Math.min(this.physical[0], this.bound[0]))}`) : nothing}
        <svg aria-hidden="true">${axis.ticks.filter((tick) => !this.hidesTick(axis, tick)).map((tick) => svg`<text x=${percent(shareOf(axis, tick))} y="11" text-anchor="middle">${measured(tick)}</text>`)}</svg>
        ${axis.cutHigh ? this.widener(`${measured(Math.max(this.physical[1], this.bound[1]))}\u202f›`) : nothing}
      </div>`;
  }

  private get axis(): Axis {
    return axisOf(this.physical, this.bound, this.recorded && [this.recorded.minimum, this.recorded.maximum], this.wide);
  }

  /** Where a button stands for the rest of the range, no number does. */
  private hidesTick(axis: Axis, tick: number): boolean {
    const share = shareOf(axis, tick);
    return (axis.cutLow && share < 0.1) || (axis.cutHigh && share > 0.9);
  }

  private widener(text: string): TemplateResult {
    const [low, high] = this.physical;
    return html`<button class="widen" @click=${() => this.dispatchEvent(new CustomEvent('widen'))}>
      <span aria-hidden="true">${text}</span><span class="visually-hidden">${t('{0}: show the whole range from {1} to {2}', this.variable, measured(low), measured(high))}</span>
    </button>`;
  }

  /** Bars of the recordings, the chosen stretch, and hatched what lies in it but beyond the recordings. */
  private bars(axis: Axis, [low, high]: Interval): TemplateResult {
    const at = (value: number): number => shareOf(axis, value);
    const stretch = (kind: string, from: number, to: number): TemplateResult | typeof nothing =>
      to > from ? svg`<rect class=${kind} x=${percent(at(from))} width=${percent(at(to) - at(from))} y=${kind === 'guessed' ? '0' : '36'} height=${kind === 'guessed' ? '36' : '3'}></rect>` : nothing;
    const { recorded } = this;
    const edge = (value: number, end: End): TemplateResult => {
      const doubtful = this.hints.some((hint) => hint.end === end);
      return svg`<line class="edge ${doubtful ? 'doubtful' : ''}" x1=${percent(at(value))} x2=${percent(at(value))} y1="2" y2="36"></line>`;
    };
    const pattern = `guess-${this.variable}`;
    return html`<svg class="bars" aria-hidden="true">
      <defs><pattern id=${pattern} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="6"></line></pattern></defs>
      ${recorded ? this.histogram(axis, recorded, [low, high]) : nothing}
      <rect class="rail" x="0" width="100%" y="36" height="3"></rect>
      ${stretch('chosen', low, high)}
      ${recorded ? [stretch('guessed', low, Math.min(high, recorded.minimum)), stretch('guessed', Math.max(low, recorded.maximum), high)].map((part) => (part === nothing ? nothing : svg`<g fill="url(#${pattern})">${part}</g>`)) : nothing}
      ${recorded ? [stretch('beyond', low, Math.min(high, recorded.minimum)), stretch('beyond', Math.max(low, recorded.maximum), high)] : nothing}
      ${edge(low, 'low')}${edge(high, 'high')}
    </svg>`;
  }

  private histogram(axis: Axis, { counts, maximum, minimum }: RecordedVariable, [from, to]: Interval): TemplateResult[] {
    const most = Math.max(...counts, 1);
    const width = (maximum - minimum) / counts.length;
    return counts.flatMap((count, bin) => {
      const start = minimum + bin * width;
      const end = start + width;
      if (count === 0 || end <= axis.low || start >= axis.high) return [];
      const height = Math.max(1, (count / most) * 32);
      const share = width > 0 ? shareOf(axis, end) - shareOf(axis, start) : 0.005;
      const outside = end <= from || start >= to;
      return [svg`<rect class="bar ${outside ? 'outside' : ''}" x=${percent(shareOf(axis, start))} width=${percent(Math.max(0.002, share * 0.86))} y=${36 - height} height=${height}></rect>`];
    });
  }

  private thumb(end: End, axis: Axis, value: number): TemplateResult {
    const name = end === 'low' ? t('{0}, lower bound', this.variable) : t('{0}, upper bound', this.variable);
    const warnings = this.hints.filter((hint) => hint.end === end).map(({ message }) => message);
    const number = inUnit(measured(value), this.unit);
    const spoken = warnings.length > 0 ? t('{0}. Warning: {1}', number, warnings.join(' ')) : number;
    return html`<input type="range" class="thumb ${end} ${warnings.length > 0 ? 'doubtful' : ''}" data-end=${end} min=${axis.low} max=${axis.high} step="any" .value=${String(value)} ?disabled=${this.locked}
      aria-label=${name} aria-valuetext=${spoken} @input=${this.drag} @change=${this.commit} @keydown=${this.key} @keyup=${this.commit} @blur=${this.commit}>`;
  }

  private drag(event: Event): void {
    const { dataset, valueAsNumber } = event.target as HTMLInputElement;
    this.move(dataset['end'] as End, roundTo(valueAsNumber, this.axis.step));
  }

  private key(event: KeyboardEvent): void {
    const axis = this.axis;
    const input = event.target as HTMLInputElement;
    const end = input.dataset['end'] as End;
    const value = (this.draft ?? this.bound)[end === 'low' ? 0 : 1];
    const by = keyStep(event, axis.step, axis.high - axis.low);
    if (by === null) return;
    event.preventDefault();
    this.move(end, roundTo(Math.min(axis.high, Math.max(axis.low, value + by)), axis.step));
  }

  /** The two ends keep a step's distance. */
  private move(end: End, value: number): void {
    const { step } = this.axis;
    const [low, high] = this.draft ?? this.bound;
    this.draft = end === 'low' ? [Math.min(value, roundTo(high - step, step)), high] : [low, Math.max(value, roundTo(low + step, step))];
  }

  private commit(): void {
    const { draft } = this;
    if (draft === null) return;
    this.draft = null;
    if (draft[0] !== this.bound[0] || draft[1] !== this.bound[1]) this.dispatchEvent(new CustomEvent('interval', { detail: draft }));
  }
}
customElements.define('ibrl-bound-slider', BoundSlider);

/** The interval that a slider has told. */
export function toldInterval(event: Event): Interval {
  return (event as CustomEvent<Interval>).detail;
}

/** By how much a key moves a slider: arrows one step, with Shift ten, pages 5 % of the range, Home and End all of it. Null for other keys. */
export function keyStep({ altKey, ctrlKey, key, metaKey, shiftKey }: KeyboardEvent, step: number, range: number): number | null {
  if (altKey || ctrlKey || metaKey) return null;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return shiftKey ? 10 * step : step;
    case 'ArrowLeft':
    case 'ArrowDown':
      return shiftKey ? -10 * step : -step;
    case 'PageUp':
      return range / 20;
    case 'PageDown':
      return -range / 20;
    case 'Home':
      return -range;
    case 'End':
      return range;
    default:
      return null;
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}
