import type { CompletionItem } from 'vscode-languageserver';
import type { Range } from '../experiment/findings';
import { cursorAt } from './cursor';
import { kindIn, settingsOf, systemIn } from './knownSystem';
import { keyCompletions } from './completeKeys';
import { fileCompletions, type ListFiles } from './completeFiles';
import { valueCompletions } from './completeValues';
import { isFormula } from './meanings';
import type { OpenExperiment } from './openExperiment';
import type { Cursor } from './place';
import type { Place, Proposal } from './proposal';
import { alternativesOf, type Kind, schemasAt } from './schemaAt';

/** What may stand at a place: keys with their defaults, words, names, files. */
export async function completionsAt(experiment: OpenExperiment, position: Range['start'], surroundings: { readonly snippets: boolean; readonly listFiles: ListFiles }): Promise<CompletionItem[]> {
  const offset = experiment.offsetAt(position);
  const cursor = cursorAt(experiment.text, offset);
  if (cursor === null) return [];
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
  const proposals = files ?? (place.cursor.kind === 'key' ? keyCompletions(place) : valueCompletions(place));
  return proposals.map((proposal, index) => toItem(experiment, place, proposal, index));
}

/** Where the schema has no keys, a word on a line of its own is a value. */
function settled(cursor: Cursor, kind: Kind): Cursor {
  if (cursor.kind === 'value' || cursor.colon) return cursor;
  const here = schemasAt(cursor.path, kind).flatMap((schema) => alternativesOf(schema, kind));
  const mappings = here.filter(({ type }) => type === 'object');
  return mappings.length === 0 || isFormula(cursor.path) ? { ...cursor, kind: 'value' } : cursor;
}

function takenAt(experiment: OpenExperiment, { end, kind, path, start }: Cursor): ReadonlySet<string> {
  const written = experiment.text.slice(start, end);
  const { tree } = experiment.current;
  const container = kind === 'key' ? path : path.slice(0, -1);
  const around = container.join('.');
  const inside = container.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined), tree?.value);
  const entries = Array.isArray(inside) ? inside.map(String) : [];
  const prefix = around === '' ? '' : `${around}.`;
  const keys = [...(tree?.places.keys() ?? [])].filter((one) => one !== '' && one.startsWith(prefix) && !one.slice(prefix.length).includes('.')).map((one) => one.slice(prefix.length));
  return new Set([...keys, ...entries].filter((one) => one !== written));
}

function toItem(experiment: OpenExperiment, { snippets }: Place, proposal: Proposal, index: number): CompletionItem {
  const newText = proposal.isSnippet && !snippets ? withoutStops(proposal.insert) : proposal.insert;
  return {
    label: proposal.label,
    kind: proposal.kind,
    sortText: String(index).padStart(4, '0'),
    filterText: experiment.text.slice(proposal.start - 1, proposal.start) === proposal.insert[0] ? proposal.insert : proposal.label,
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
