import type { DesignerChange } from '../../messages/designer';
import type { DocumentRange, EditAnswer } from '../../messages/languageProtocol';
import type { ExperimentLanguage } from './language';

/** What takes the place of a stretch of the document. */
export interface TextChange {
  readonly range: DocumentRange;
  readonly newText: string;
}

export type Planned =
  | { readonly kind: 'edits'; readonly edits: readonly TextChange[] }
  | { readonly kind: 'refused'; readonly message: string; readonly place: DocumentRange | null };

/** The sentences of refusals, in the workbench's language. */
export interface RefusalWords {
  /** the document has changed meanwhile */
  readonly stale: string;
  /** the changes would touch one another */
  readonly entangled: string;
}

/**
 * The text changes for some changes of values, all for one version of the document. Nothing is planned unless all of them
 * are possible and none touches another.
 */
export async function planEdits(language: ExperimentLanguage, uri: string, version: number, changes: readonly DesignerChange[], words: RefusalWords): Promise<Planned> {
  const answers = await Promise.all(
    changes.map((change) =>
      language.edit({ uri, version, path: change.path, change: change.kind === 'set' ? { kind: 'set', value: change.value } : { kind: 'remove' } }),
    ),
  );
  const refusal = answers.find((answer): answer is Extract<EditAnswer, { kind: 'refused' }> => answer.kind === 'refused');
  if (refusal) return { kind: 'refused', message: refusal.code === 'stale' ? words.stale : refusal.message, place: refusal.place };
  const edits = answers.flatMap((answer) => (answer.kind === 'edits' ? answer.edits : [])).toSorted((a, b) => before(a.range.start, b.range.start));
  const touching = edits.some((edit, index) => index > 0 && before(edits[index - 1].range.end, edit.range.start) >= 0);
  return touching ? { kind: 'refused', message: words.entangled, place: null } : { kind: 'edits', edits };
}

/** Negative where `a` comes first. */
function before(a: DocumentRange['start'], b: DocumentRange['start']): number {
  return a.line - b.line || a.character - b.character;
}
