import { isMap, isScalar, parseDocument } from 'yaml';

/**
 * Where a setting stands in an experiment's text: of the deepest part of its path that the file has.
 * @param path such as `diversity.weight`
 * @returns offsets of its key; null when the file has nothing of it
 */
export function settingPlace(text: string, path: string): { readonly start: number; readonly end: number } | null {
  let node: unknown = parseDocument(text).contents;
  let found: { readonly start: number; readonly end: number } | null = null;
  for (const name of path.split('.')) {
    if (!isMap(node)) break;
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === name);
    if (pair === undefined || !isScalar(pair.key) || !pair.key.range) break;
    found = { start: pair.key.range[0], end: pair.key.range[1] };
    node = pair.value;
  }
  return found;
}
