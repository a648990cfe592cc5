import { type CodeAction, CodeActionKind } from 'vscode-languageserver';
import type { Range } from '../experiment/findings';
import { findingsOf, toDiagnostic } from './diagnostics';
import type { OpenExperiment } from './openExperiment';

/** The edits that findings in a range bring with them. */
export function quickFixesIn(experiment: OpenExperiment, range: Range, locale: string): CodeAction[] {
  return findingsOf(experiment).flatMap((dated): CodeAction[] => {
    const { fix } = dated.finding;
    if (!fix || !touches(dated.finding.range, range)) return [];
    const edit = { range: fix.range, newText: fix.replacement };
    return [{
      title: fix.title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [toDiagnostic(dated, locale)],
      isPreferred: true,
      edit: { documentChanges: [{ textDocument: { uri: experiment.uri, version: experiment.version }, edits: [edit] }] },
    }];
  });
}

function touches(a: Range, b: Range): boolean {
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}

function isBefore(a: Range['start'], b: Range['start']): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
