/** A place in a text: zero-based line, and zero-based column in UTF-16 units, as editors count. A leading byte order mark is not counted. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** From `start` up to, not including, `end`. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Something that is wrong or doubtful in an experiment file. */
export interface Finding {
  readonly code: FindingCode;
  /** `error`: cannot run or means nothing; `warning`: legal but doubtful */
  readonly severity: 'error' | 'warning';
  /** what is wrong and what to do, in a sentence */
  readonly message: string;
  readonly range: Range;
  /** an edit that is surely meant; absent where there is no such edit */
  readonly fix?: Fix;
}

export interface Fix {
  readonly title: string;
  /** the text to replace, which may be another than the finding's own */
  readonly range: Range;
  readonly replacement: string;
}

/** Thrown where an experiment file or one of its values cannot be used. */
export class ExperimentError extends Error {
  override readonly name = 'ExperimentError';

  constructor(
    readonly code: FindingCode,
    message: string,
    readonly findings: readonly Finding[] = [],
  ) {
    super(message);
  }
}

export type FindingCode = keyof typeof findingCodes;

/** Every code with what it stands for; the documentation lists them. */
export const findingCodes = {
  'alias-unresolved': 'An alias names an anchor that is not there or contains itself.',
  'approval-unseen': 'Nothing is left to approve or deploy.',
} as const;
