import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Range } from '../experiment/findings';
import { type Reading, validateExperiment } from '../experiment/validate';
import type { DataFindings } from '../messages/languageProtocol';

/** One version of an open experiment file. It is parsed once, when it is first looked at; every feature feeds on that. */
export class OpenExperiment {
  readonly version: number;
  readonly uri: string;
  /** without byte order mark */
  readonly text: string;
  /** the mark counts as a character in documents, but not in readings */
  private readonly mark: number;
  private reading: Reading | null = null;
  private said: DataFindings | null = null;

  /** @param earlier the last reading of valid YAML before this version */
  constructor(
    document: TextDocument,
    private readonly earlier: Reading | null,
  ) {
    this.version = document.version;
    this.uri = document.uri;
    const whole = document.getText();
    this.mark = whole.startsWith('\uFEFF') ? 1 : 0;
    this.text = whole.slice(this.mark);
  }

  get current(): Reading {
    this.reading ??= validateExperiment(this.text);
    return this.reading;
  }

  /** The present reading, or while the YAML is broken, the last one that was not; else the present one all the same. */
  get readable(): Reading {
    return isReadable(this.current) ? this.current : (this.earlier ?? this.current);
  }

  /** What the next version may fall back on. Parses nothing. */
  get lastReadable(): Reading | null {
    return this.reading !== null && isReadable(this.reading) ? this.reading : this.earlier;
  }

  /** Findings that rest on recordings, as long as they are of this version. */
  get ofData(): DataFindings | null {
    return this.said;
  }

  /** @returns whether they are of this version, and so are kept */
  tell(findings: DataFindings): boolean {
    if (findings.version !== this.version) return false;
    this.said = findings;
    return true;
  }

  /** A range of the reading as one of the document. */
  toDocument({ start, end }: Range): Range {
    return { start: this.shifted(start, this.mark), end: this.shifted(end, this.mark) };
  }

  /** The offset in `text` of a position in the document. */
  offsetAt(position: Range['start']): number {
    const { line, character } = this.shifted(position, -this.mark);
    let start = 0;
    for (let before = 0; before < line; before++) {
      const end = this.text.indexOf('\n', start);
      if (end < 0) return this.text.length;
      start = end + 1;
    }
    const end = this.text.indexOf('\n', start);
    return Math.min(start + character, end < 0 ? this.text.length : end);
  }

  /** The range in the document between two offsets of `text`. */
  rangeAt(start: number, end: number): Range {
    return this.toDocument(this.current.source.range(start, end));
  }

  private shifted(position: Range['start'], by: number): Range['start'] {
    return position.line === 0 && by !== 0 ? { line: 0, character: Math.max(0, position.character + by) } : position;
  }
}

export function isReadable({ source }: Reading): boolean {
  return source.document !== null && source.findings.every((finding) => finding.severity !== 'error');
}
