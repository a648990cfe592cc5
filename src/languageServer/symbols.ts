import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { OpenExperiment } from './openExperiment';

/** More are not listed, and nothing deeper: a file may be made to have millions. */
const mostSymbols = 5000;
const deepest = 4;

/** The keys of a file as a tree, of broken YAML as far as it can be made out. */
export function symbolsOf(experiment: OpenExperiment): DocumentSymbol[] {
  let left = mostSymbols;

  function inside(node: Node | null, depth: number): DocumentSymbol[] {
    if (!isMap(node) || depth > deepest) return [];
    return node.items.flatMap((pair) => {
      if (left === 0) return [];
      left--;
      return symbol(pair, depth);
    });
  }

  function symbol({ key, value }: Pair, depth: number): DocumentSymbol[] {
    if (!isScalar(key) || key.range === null || key.range === undefined || String(key.value).trim() === '') return [];
    const node = (value ?? null) as Node | null;
    const [start, keyEnd] = key.range;
    const { text } = experiment.current.source;
    const end = Math.max(keyEnd, node?.range ? start + text.slice(start, node.range[1]).trimEnd().length : keyEnd);
    return [{
      name: String(key.value),
      kind: kindOf(node),
      detail: detailOf(node, text),
      range: experiment.rangeAt(start, end),
      selectionRange: experiment.rangeAt(start, keyEnd),
      children: inside(node, depth + 1),
    }];
  }

  return inside((experiment.current.source.document?.contents ?? null) as Node | null, 1);
}

function kindOf(node: Node | null): SymbolKind {
  if (isMap(node)) return SymbolKind.Module;
  if (isSeq(node)) return SymbolKind.Array;
  if (!isScalar(node)) return SymbolKind.Key;
  switch (typeof node.value) {
    case 'number':
      return SymbolKind.Number;
    case 'boolean':
      return SymbolKind.Boolean;
    default:
      return SymbolKind.String;
  }
}

/** A value in short, where it is one. */
function detailOf(node: Node | null, text: string): string {
  if (!node?.range || isMap(node)) return '';
  if (isAlias(node)) return `*${node.source}`;
  const written = text.slice(node.range[0], node.range[1]).trim().replace(/\s+/g, ' ');
  return written.length > 60 ? `${written.slice(0, 59)}…` : written;
}
