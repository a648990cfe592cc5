import type { CompletionItemKind } from 'vscode-languageserver';
import type { SystemDescription } from '../experiment/experiment';
import type { Cursor } from './place';
import type { Kind } from './schemaAt';

/** Where something is to be completed, and what is known there. */
export interface Place {
  readonly cursor: Cursor;
  readonly text: string;
  readonly offset: number;
  readonly kind: Kind;
  readonly system: SystemDescription | null;
  /** names that the file declares, complete or not */
  readonly declared: readonly string[];
  /** keys that the same mapping has already, or entries of the same list */
  readonly taken: ReadonlySet<string>;
  /** whether the editor fills in snippets */
  readonly snippets: boolean;
}

/** One proposal; it replaces the text from `start` to `end`. */
export interface Proposal {
  readonly label: string;
  readonly kind: CompletionItemKind;
  readonly insert: string;
  readonly isSnippet?: boolean;
  readonly detail?: string;
  readonly documentation?: string;
  readonly start: number;
  readonly end: number;
}
