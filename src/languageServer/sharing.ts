import { isAlias, isMap, isScalar, isSeq, type Node, visit } from 'yaml';
import type { Range } from '../experiment/findings';
import type { YamlSource } from '../experiment/yamlSource';

/** A value that an alias repeats: the anchor's name, and where its other end stands. */
export interface Shared {
  readonly name: string;
  readonly place: Range;
}

/** Finds out, path by path, whether a value stands behind an alias, or under an anchor that some alias repeats. */
export function sharingIn(source: YamlSource): (path: readonly string[]) => Shared | null {
  const aliases = new Map<Node, Shared>();
  const root = (source.document?.contents ?? null) as Node | null;
  if (root && source.document?.errors.length === 0) {
    visit(root, {
      Alias(_key, alias) {
        const target = source.resolve(alias);
        if (target && !aliases.has(target)) aliases.set(target, { name: alias.source, place: source.rangeOf(alias) });
      },
    });
  }
  return (path) => {
    let node = root;
    for (const key of [...path, null]) {
      if (node === null) return null;
      if (isAlias(node)) {
        const anchor = source.resolve(node);
        return anchor && { name: node.source, place: source.rangeOf(anchor) };
      }
      const shared = aliases.get(node);
      if (shared) return shared;
      node = key === null ? null : childOf(node, key);
    }
    return null;
  };
}

function childOf(node: Node, key: string): Node | null {
  if (isSeq(node)) return (node.items[Number(key)] ?? null) as Node | null;
  if (!isMap(node)) return null;
  return (node.items.find((one) => isScalar(one.key) && String(one.key.value) === key)?.value ?? null) as Node | null;
}
