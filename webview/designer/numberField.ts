import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { t } from '../shared/text';
import { parsedNumber } from './numbers';

/**
 * A field for one number. Tells `number` once the user is done with it: on Enter, on leaving it, or by the arrow keys.
 * What is no number stays where it is and is said, and nothing is told.
 */
export class NumberField extends LitElement {
  /** of the input, for its label */
  @property() inputId = '';
  @property({ attribute: false }) value: number | null = null;
  /** by which arrow keys change it; Shift: ten times as much */
  @property({ attribute: false }) step = 1;
  @property({ type: Boolean }) locked = false;
  /** ids of what describes it */
  @property() describedBy = '';
  /** for a field without a label element */
  @property() name = '';
  @property() invalid: 'error' | 'warning' | '' = '';
  @property({ attribute: false }) placeholder = '';
  @state() private unreadable = false;

  /** In the page's own tree, so that labels and descriptions reach it. */
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    const wrongId = `${this.inputId}-wrong`;
    const described = [this.unreadable ? wrongId : '', this.describedBy].filter((id) => id !== '').join(' ');
    return html`<input id=${this.inputId} class="number ${this.unreadable ? 'error' : this.invalid}" type="text" inputmode="decimal" autocomplete="off" spellcheck="false"
        .value=${this.value === null ? '' : String(this.value)} placeholder=${this.placeholder} ?readonly=${this.locked}
        aria-label=${this.name === '' ? nothing : this.name} aria-describedby=${described === '' ? nothing : described} aria-invalid=${this.unreadable || this.invalid === 'error' ? 'true' : 'false'}
        @change=${this.commit} @keydown=${this.key}>
      ${this.unreadable ? html`<p class="finding error" id=${wrongId}>${t('Write a number, such as 0.5.')}</p>` : nothing}`;
  }

  private get input(): HTMLInputElement | null {
    return this.querySelector('input');
  }

  private commit(): void {
    const text = this.input?.value ?? '';
    const number = parsedNumber(text);
    if (text.trim() === '' && this.input) this.input.value = this.value === null ? '' : String(this.value);
    this.unreadable = number === null && text.trim() !== '';
    if (number === null || number === this.value) return;
    this.tell(number);
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Enter') return this.commit();
    if (this.locked || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') || event.ctrlKey || event.metaKey || event.altKey) return;
    const from = parsedNumber(this.input?.value ?? '');
    if (from === null) return;
    event.preventDefault();
    const moved = from + (event.key === 'ArrowUp' ? 1 : -1) * this.step * (event.shiftKey ? 10 : 1);
    this.tell(Number(moved.toPrecision(12)));
  }

  private tell(number: number): void {
    this.unreadable = false;
    this.dispatchEvent(new CustomEvent('number', { detail: number }));
  }
}
customElements.define('ibrl-number-field', NumberField);

/** The number that a field has told. */
export function toldNumber(event: Event): number {
  return (event as CustomEvent<number>).detail;
}
