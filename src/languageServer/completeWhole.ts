import * as l10n from '@vscode/l10n';
import { CompletionItemKind } from 'vscode-languageserver';
import { kindOf } from '../experiment/schema/node';
import { systemKinds } from '../experiment/systems';
import { templates } from '../experiment/templates';
import type { Place, Proposal } from './proposal';
import { alternativesOf, schemasAt } from './schemaAt';

/** Whole experiments, one for each kind of system, where nothing but comments is written yet; [] elsewhere. */
export function wholeCompletions({ cursor, text }: Place): Proposal[] {
  const written = text.slice(0, cursor.start) + text.slice(cursor.end);
  if (cursor.path.length > 0 || /^[^\S\n]*[^\s#]/m.test(written)) return [];
  const kinds = schemasAt(['system'], null).flatMap((schema) => alternativesOf(schema, null));
  return systemKinds.map((kind) => {
    const { title = kind, description = '' } = kinds.find((one) => kindOf(one) === kind) ?? {};
    return { label: l10n.t(title), kind: CompletionItemKind.Snippet, detail: l10n.t('Whole experiment'), documentation: l10n.t(description), insert: templates[kind], start: cursor.start, end: cursor.end };
  });
}
