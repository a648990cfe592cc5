import type { StateVariable } from '../../src/experiment/experiment';
import type { DesignerChange, DesignerCommand, DesignerState, KnownRecordings } from '../../src/messages/designer';
import type { DocumentRange, ModelFinding, Setting } from '../../src/messages/languageProtocol';
import type { Hint } from './hints';

/** A finding with its place in the model's list, by which its fix is asked for. */
export interface PlacedFinding {
  readonly finding: ModelFinding;
  readonly index: number;
}

/** What the user does with the page. */
export interface Actions {
  /** all at once, one step to undo */
  change(...changes: readonly DesignerChange[]): void;
  fix(finding: number): void;
  reveal(range: DocumentRange): void;
  command(command: DesignerCommand): void;
  /** the value stays as it is, and the hint goes */
  keepAsIs(hint: Hint): void;
  /** shows a variable's whole physical range, or what was recorded of it */
  widen(variable: string): void;
  showTable(shown: boolean): void;
}

/** What the user arranged. */
export interface Arrangement {
  readonly widened: ReadonlySet<string>;
  readonly table: boolean;
}

/** What all parts of the form draw from. Made anew for each drawing. */
export class Form {
  private readonly byPath: ReadonlyMap<string, Setting>;
  /** findings that stand beside a field already */
  private readonly beside = new Set<number>();

  /**
   * @param wanted values that were set and are not in the document yet
   * @param locked nothing can be edited at present
   */
  constructor(
    readonly state: DesignerState,
    wanted: ReadonlyMap<string, unknown>,
    readonly hints: readonly Hint[],
    readonly locked: boolean,
    readonly arrangement: Arrangement,
    readonly actions: Actions,
  ) {
    this.byPath = new Map(state.model.settings.map((setting) => [setting.path, wanted.has(setting.path) ? { ...setting, value: wanted.get(setting.path), written: true } : setting]));
  }

  setting(path: string): Setting | undefined {
    return this.byPath.get(path);
  }

  value(path: string): unknown {
    return this.byPath.get(path)?.value;
  }

  /** A number, or what stands for one that is missing or wrong. */
  number(path: string, otherwise = 0): number {
    const value = this.value(path);
    return typeof value === 'number' ? value : otherwise;
  }

  /** Settings below a section, in the order of the schema, without the sections among them. */
  below(section: string): Setting[] {
    return [...this.byPath.values()].filter(({ path, type }) => type !== 'section' && (path === section || path.startsWith(`${section}.`)));
  }

  get states(): readonly StateVariable[] {
    return this.state.model.system?.states ?? [];
  }

  get recorded(): KnownRecordings | null {
    return this.state.recordings.kind === 'known' ? this.state.recordings : null;
  }

  /** Findings of a setting and of what is inside it, which now stand beside it. */
  findingsAt(path: string): PlacedFinding[] {
    const found = this.findings.filter(({ finding }) => finding.path === path || finding.path.startsWith(`${path}.`));
    for (const { index } of found) this.beside.add(index);
    return found;
  }

  /** Findings of a section that stand beside none of its fields; ask when these are drawn. */
  leftOver(section: string): PlacedFinding[] {
    return this.findingsOf(section).filter(({ index }) => !this.beside.has(index));
  }

  findingsOf(section: string): PlacedFinding[] {
    return this.findings.filter(({ finding: { path } }) => path === section || path.startsWith(`${section}.`));
  }

  get findings(): readonly PlacedFinding[] {
    return this.state.model.findings.map((finding, index) => ({ finding, index }));
  }

  hintsAt(path: string): readonly Hint[] {
    return this.hints.filter((hint) => hint.path === path);
  }
}

/** The id of a setting's field. */
export function fieldId(path: string): string {
  return `field-${path.replaceAll('.', '-')}`;
}
