import type { SystemSettings } from '../experiment/experiment';
import { experimentSchemaNode } from '../experiment/schema';
import { kindOf, type SchemaNode } from '../experiment/schema/node';

/** The kind of the system that a file names, where it is known. */
export type Kind = SystemSettings['kind'] | null;

/** What the schema says of a place, by its path; empty where it knows none. A union stands there as one. */
export function schemasAt(path: readonly string[], kind: Kind): readonly SchemaNode[] {
  let here: readonly SchemaNode[] = [experimentSchemaNode];
  for (const key of path) here = below(here.flatMap((node) => alternativesOf(node, kind)), key);
  return here;
}

/** What may stand at a place: the members of a union, of systems only the chosen one. */
export function alternativesOf(node: SchemaNode, kind: Kind): readonly SchemaNode[] {
  if (!node.anyOf) return [node];
  const members = node.anyOf.flatMap((member) => alternativesOf(member, kind));
  const chosen = members.filter((member) => kindOf(member) === kind);
  return kind !== null && chosen.length > 0 ? chosen : members;
}

/** A key by name counts before one of any name, such as `percentiles` before a variable of that name. */
function below(nodes: readonly SchemaNode[], key: string): SchemaNode[] {
  const named = nodes.flatMap(({ properties }) => (properties && Object.hasOwn(properties, key) ? [properties[key]] : []));
  if (named.length > 0) return named;
  const open = nodes.flatMap(({ patternProperties }) => Object.values(patternProperties ?? {}));
  if (open.length > 0) return open;
  return nodes.flatMap(({ items }) => {
    if (items === undefined || !/^\d+$/.test(key)) return [];
    if (!Array.isArray(items)) return [items as SchemaNode];
    const item = (items as readonly SchemaNode[])[Number(key)];
    return item === undefined ? [] : [item];
  });
}
