import type { Experiment, SystemDescription } from '../experiment';
import type { Finding, FindingCode, Fix, Range } from '../findings';
import type { ExperimentFile } from '../schema';

/** One rule about how settings fit one another, or the system. */
export interface Rule {
  /** Dotted paths that the rule looks at; it is skipped where one of them is wrong by itself, so that no error causes a second one. */
  readonly reads: readonly string[];
  check(context: RuleContext): void;
}

/** What a rule may look at. */
export interface RuleContext {
  /** as written, without what is wrong */
  readonly file: ExperimentFile;
  /** complete with defaults */
  readonly experiment: Experiment;
  readonly description: SystemDescription;
  /** Whether the setting stands in the file, rather than being a default. */
  written(path: string): boolean;
  /** Whether the setting, a section around it or a part of it is wrong. */
  isBroken(path: string): boolean;
  /** Where the setting's value stands; for a default, the closest section around it. */
  range(path: string): Range;
  /** Where a part of a text stands, by offsets in the text; all of it where its way of quoting hides the place. */
  rangeWithin(path: string, text: string, start: number, end: number): Range;
  /** Where the setting's key stands, or else its value. */
  keyRange(path: string): Range;
  report(severity: Finding['severity'], code: FindingCode, message: string, range: Range, fix?: Fix): void;
}
