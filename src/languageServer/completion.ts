import type { CompletionItem } from 'vscode-languageserver';
import { isMap, isScalar, isSeq } from 'yaml';
import type { Range } from '../experiment/findings';
import { cursorAt } from './cursor';
import { kindIn, settingsOf, systemIn } from './knownSystem';
import { keyCompletions } from './completeKeys';
import { fileCompletions, type ListFiles } from './completeFiles';
import { valueCompletions } from './completeValues';
import { wholeCompletions } from './completeWhole';
import { isFormula } from './meanings';
import type { OpenExperiment } from './openExperiment';
import type { Cursor } from './place';
import type { Place, Proposal } from './proposal';
import { alternativesOf, type Kind, schemasAt } from './schemaAt';

/** What may stand at a place: keys with their defaults, words, names, files. */
export async function completionsAt(experiment: OpenExperiment, position: Range['start'], surroundings: { readonly snippets: boolean; readonly listFiles: ListFiles }): Promise<CompletionItem[]> {
  const offset = experiment.offsetAt(position);
  const cursor = cursorAt(experiment.text, offset);
  if (cursor === null || (offset > cursor.end && !isFormula(cursor.path))) return [];
  const reading = experiment.readable;
  const place: Place = {
    cursor: settled(cursor, kindIn(reading)),
    text: experiment.text,
    offset,
    kind: kindIn(reading),
    system: systemIn(reading),
    declared: Object.keys(settingsOf(reading.tree).variables ?? {}),
    taken: takenAt(experiment, cursor),
    snippets: surroundings.snippets,
  };
  const files = await fileCompletions(place, (folder) => surroundings.listFiles(folder));
  const proposals = files ?? (place.cursor.kind === 'key' ? [...wholeCompletions(place), ...keyCompletions(place)] : valueCompletions(place));
  return proposals.map((proposal, index) => toItem(experiment, place, proposal, index));
}

/** Where the schema has no keys, a word on a line of its own is a value. */
function settled(cursor: Cursor, kind: Kind): Cursor {
  if (cursor.kind === 'value' || cursor.colon) return cursor;
  const here = schemasAt(cursor.path, kind).flatMap((schema) => alternativesOf(schema, kind));
  const mappings = here.filter(({ type }) => type === 'object');
  return mappings.length === 0 || isFormula(cursor.path) ? { ...cursor, kind: 'value' } : cursor;
}

/** The keys of the mapping around the cursor, or the entries of the list, but for what is written at the cursor itself. */
function takenAt({ current, text }: OpenExperiment, { end, kind, path, start }: Cursor): ReadonlySet<string> {
  const container = current.source.document?.getIn(kind === 'key' ? path : path.slice(0, -1), true);
  const nodes = isMap(container) ? container.items.map(({ key }) => key) : isSeq(container) ? container.items : [];
  const words = nodes.flatMap((node) => (isScalar(node) && node.value !== null ? [String(node.value)] : []));
  const written = text.slice(start, end);
  return new Set(words.filter((word) => word !== written));
}

function toItem(experiment: OpenExperiment, { snippets }: Place, proposal: Proposal, index: number): CompletionItem {
  const newText = proposal.isSnippet && !snippets ? withoutStops(proposal.insert) : proposal.insert;
  return {
    label: proposal.label,
    kind: proposal.kind,
    sortText: String(index).padStart(4, '0'),
    textEdit: { range: experiment.rangeAt(proposal.start, proposal.end), newText },
    ...(proposal.isSnippet && snippets && { insertTextFormat: 2 as const }),
    ...(proposal.detail && { detail: proposal.detail }),
    ...(proposal.documentation && { documentation: { kind: 'markdown' as const, value: proposal.documentation } }),
  };
}

/** A snippet's text where the editor has no snippets. */
function withoutStops(snippet: string): string {
  return snippet.replace(/\$\{\d+:([^}]*)\}|\$\{\d+\|([^,|]*)[^}]*\|\}|\$\d+/g, '$1$2').replace(/\\([$}\\])/g, '$1');
}
