import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { DesignerState, FromDesigner, ToDesigner } from '../../src/messages/designer';
import { hostLostBanner } from '../shared/banner';
import type { Host } from '../shared/host';
import { icon } from '../shared/icons';
import { t } from '../shared/text';
import { boundsOf } from './boundValues';
import { EditQueue } from './editQueue';
import { findingLine, sectionMark } from './findings';
import { type Actions, fieldId, Form } from './form';
import { boundHints, type Hint, hintKey } from './hints';
import { sectionOf, sectionPart, sections } from './sections';
import { banners, skeleton, templateChoice } from './states';
import { summaryPart } from './summary';

/** What the user arranged, found again after a reload. */
export interface Kept {
  readonly section: string;
  /** rare sections that are open */
  readonly open: readonly string[];
  /** hints that were dealt with by keeping the value */
  readonly keptHints: readonly string[];
  /** variables whose whole physical range is shown */
  readonly widened: readonly string[];
  readonly table: boolean;
}

const nothingArranged: Kept = { section: 'system', open: [], keptHints: [], widened: [], table: false };

/** The page of the Experiment Designer. It shows the host's last snapshot and sends edits; it knows no text of its own. */
export class DesignerPage extends LitElement {
  /** the host does not answer */
  @property({ type: Boolean }) lost = false;
  @state() private current: DesignerState | null = null;
  @state() private unavailable = '';
  @state() private refusal: Extract<ToDesigner, { kind: 'answer' }>['refused'] = null;
  @state() private kept: Kept = nothingArranged;
  private host: Host<FromDesigner> | null = null;
  private readonly queue = new EditQueue((id, changes) => {
    this.host?.send({ kind: 'edit', id, version: this.version, changes: [...changes] });
  });
  private readonly actions: Actions = {
    change: (...changes) => {
      this.refusal = null;
      this.queue.push(changes);
      this.requestUpdate();
    },
    fix: (finding) => this.host?.send({ kind: 'fix', id: this.queue.newId(), version: this.version, finding }),
    reveal: (range) => this.host?.send({ kind: 'reveal', range }),
    command: (command) => this.host?.send({ kind: 'command', command }),
    keepAsIs: (hint) => this.keep({ keptHints: [...this.kept.keptHints, hintKey(hint)].slice(-200) }),
    widen: (variable) => this.keep({ widened: toggled(this.kept.widened, variable) }),
    showTable: (table) => this.keep({ table }),
  };

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.goOn);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.goOn);
  }

  /** Before the first drawing. */
  begin(host: Host<FromDesigner>, kept: Kept | null): void {
    this.host = host;
    this.kept = kept ?? nothingArranged;
  }

  receive(message: ToDesigner): void {
    switch (message.kind) {
      case 'state':
        this.unavailable = '';
        this.current = message;
        return;
      case 'unavailable':
        this.unavailable = message.message;
        return;
      case 'answer':
        this.queue.answered(message.id, message.refused !== null);
        this.refusal = message.refused;
        this.requestUpdate();
    }
  }

  override render(): TemplateResult {
    const { current } = this;
    if (current === null) return this.unavailable === '' ? skeleton() : html`${this.unavailablePart()}`;
    if (current.model.state === 'empty') {
      return html`${this.lost ? hostLostBanner() : nothing}${banners(current, this.actions)}${this.notices()}${templateChoice(!current.writable, (system) => this.host?.send({ kind: 'template', id: this.queue.newId(), version: this.version, system }))}`;
    }
    const form = this.formOf(current);
    return html`<div class="designer">
      ${this.header(form)}
      <div class="notices">${this.lost ? hostLostBanner() : nothing}${this.unavailable === '' ? nothing : this.unavailablePart()}${banners(current, this.actions)}${this.notices()}</div>
      ${this.navigation(form)}
      <main>${this.wholeFile(form)}${sections.map((section) => sectionPart(form, section, this.kept.open.includes(section.id), (open) => this.setOpen(section.id, open)))}</main>
      ${summaryPart(form, (path) => this.goTo(path))}
    </div>`;
  }

  private get version(): number {
    return this.current?.model.version ?? 0;
  }

  private formOf(current: DesignerState): Form {
    const locked = current.model.state === 'broken' || !current.writable || this.lost;
    const wanted = this.queue.wanted();
    const arrangement = { widened: new Set(this.kept.widened), table: this.kept.table };
    const without = new Form(current, wanted, [], locked, arrangement, this.actions);
    return new Form(current, wanted, this.hints(without), locked, arrangement, this.actions);
  }

  private hints(form: Form): Hint[] {
    const bounds = boundsOf(form);
    if (bounds.kind === 'percentiles' || form.recorded === null) return [];
    const { run, variables } = form.recorded;
    return bounds.values
      .flatMap(({ bound, variable: { name, range, unit } }) => (Object.hasOwn(variables, name) ? boundHints(name, unit, range, bound, variables[name], run !== null) : []))
      .filter((hint) => !this.kept.keptHints.includes(hintKey(hint)));
  }

  private header(form: Form): TemplateResult {
    const { edited, trusted, virtual, model } = form.state;
    const name = form.value('name');
    const runnable = trusted && !virtual && model.state === 'sound' && !this.lost;
    const command = this.actions.command;
    return html`<header>
      <h1>${typeof name === 'string' ? name : t('Experiment')}</h1>${edited ? html`<span class="tag">${t('edited')}</span>` : nothing}
      <div class="buttons">
        <button class="link" @click=${() => command('openAsText')}>${t('Open as text')}</button>
        <button class="button" @click=${() => command('validate')}>${t('Validate')}</button>
        <button class="button" ?disabled=${!runnable} @click=${() => command('queue')}>${t('Queue')}</button>
        <button class="button primary" ?disabled=${!runnable} @click=${() => command('run')}>${t('Run')}</button>
      </div>
    </header>`;
  }

  /** What was not done, for screen readers at once. */
  private notices(): TemplateResult {
    const { refusal } = this;
    const place = refusal?.place;
    return html`<div role="status">${refusal === null ? nothing : html`<p class="refusal">${icon('info')}<span>${refusal.message}</span>
      ${place ? html`<button class="link" @click=${() => this.actions.reveal(place)}>${t('Line {0}', place.start.line + 1)}</button>` : nothing}
      <button class="link" @click=${() => { this.refusal = null; }}>${t('Close')}</button></p>`}</div>`;
  }

  private unavailablePart(): TemplateResult {
    return html`<ibrl-banner role="alert" icon="error" .fact=${t('The experiment cannot be read at present.')} .remedy=${this.unavailable}><button class="button" @click=${() => this.actions.command('showLog')}>${t('Show the log')}</button></ibrl-banner>`;
  }

  /** Sections with their marks; in a narrow page, one list to choose from. */
  private navigation(form: Form): TemplateResult {
    return html`<nav aria-label=${t('Sections')}>
      <ul>${sections.map(({ id, owns, title }) => html`<li><button class=${id === this.kept.section ? 'current' : ''} aria-current=${id === this.kept.section ? 'true' : 'false'} @click=${() => this.showSection(id)}><span>${title}</span>${owns.map((path) => sectionMark(form, path))}</button></li>`)}</ul>
      <label class="inline"><span>${t('Section')}</span> <select @change=${(event: Event) => this.showSection((event.target as HTMLSelectElement).value)}>
        ${sections.map(({ id, owns, title }) => html`<option value=${id} ?selected=${id === this.kept.section}>${owns.some((path) => form.findingsOf(path).length > 0) ? `${title} !` : title}</option>`)}</select></label>
    </nav>`;
  }

  /** Findings that belong to no section. */
  private wholeFile(form: Form): TemplateResult | typeof nothing {
    const left = form.findings.filter(({ finding }) => sectionOf(finding.path) === null);
    if (left.length === 0 || form.state.model.state === 'broken') return nothing;
    return html`<div class="findings whole">${left.map((one) => findingLine(form, one))}</div>`;
  }

  private keep(change: Partial<Kept>): void {
    this.kept = { ...this.kept, ...change };
    this.host?.keep(this.kept);
  }

  private setOpen(id: string, open: boolean): void {
    if (this.kept.open.includes(id) !== open) this.keep({ open: toggled(this.kept.open, id) });
  }

  private showSection(id: string): void {
    this.keep({ section: id, open: this.kept.open.includes(id) ? this.kept.open : [...this.kept.open, id] });
    const section = this.querySelector(`#section-${id}`);
    section?.scrollIntoView({ block: 'start' });
    section?.querySelector<HTMLElement>('.head')?.focus({ preventScroll: true });
  }

  /** To the field of a setting, or the closest place that there is. */
  private goTo(path: string): void {
    for (let part = path; part !== ''; part = part.slice(0, Math.max(0, part.lastIndexOf('.')))) {
      const place = this.querySelector<HTMLElement>(`[data-path="${CSS.escape(part)}"]`) ?? this.querySelector<HTMLElement>(`#${CSS.escape(fieldId(part))}`);
      if (place) return this.focusOn(place.querySelector<HTMLElement>(focusable) ?? place);
    }
    const section = sectionOf(path);
    if (section) this.showSection(section.id);
  }

  private focusOn(element: HTMLElement): void {
    for (let closed = element.closest('details:not([open])'); closed; closed = closed.parentElement?.closest('details:not([open])') ?? null) closed.setAttribute('open', '');
    element.focus();
    element.scrollIntoView({ block: 'nearest' });
  }

  /** F8 goes to the next finding, in the order of the page. Undo and redo are the workbench's: the page leaves their keys alone. */
  private readonly goOn = (event: KeyboardEvent): void => {
    if (event.key !== 'F8') return;
    event.preventDefault();
    const findings = [...this.querySelectorAll<HTMLElement>('main [data-finding]')];
    if (findings.length === 0) return;
    const from = document.activeElement;
    const own = findings.indexOf(from as HTMLElement);
    const after = own >= 0 ? own : from === null ? -1 : findings.findLastIndex((finding) => (from.compareDocumentPosition(finding) & Node.DOCUMENT_POSITION_PRECEDING) !== 0);
    const next = findings[(after + (event.shiftKey ? -1 : 1) + findings.length) % findings.length];
    this.focusOn(next);
  };
}
customElements.define('ibrl-designer', DesignerPage);

const focusable = 'input:not([disabled]), select:not([disabled]), button';

function toggled(list: readonly string[], entry: string): string[] {
  return list.includes(entry) ? list.filter((one) => one !== entry) : [...list, entry];
}
