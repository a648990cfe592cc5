/** Weights and limits beyond it mean nothing, and overflow where they meet other numbers in float32. */
export const largestWeight = 1e9;

/** One schema in the terms of JSON Schema that the experiment file uses, with our own `unit` and `effect`. */
export interface SchemaNode {
  readonly title?: string;
  readonly description?: string;
  readonly effect?: string;
  readonly unit?: string;
  readonly default?: unknown;
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';
  readonly const?: string | number;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly maxProperties?: number;
  readonly items?: SchemaNode | readonly SchemaNode[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** The schema of the value under a key, or null where the key is unknown. */
export function propertyOf(node: SchemaNode, key: string): SchemaNode | null {
  if (node.properties && Object.hasOwn(node.properties, key)) return node.properties[key];
  return node.patternProperties ? Object.values(node.patternProperties)[0] : null;
}

/** The literal that tells an alternative of a union from its siblings: the constant of its `kind`. */
export function kindOf(alternative: SchemaNode): string | null {
  const constant = alternative.properties?.kind?.const;
  return constant === undefined ? null : String(constant);
}

/**
 * The alternative of a union that a mapping with these keys is meant to be: by its kind, else the first that has all
 * its required keys, else the last one.
 */
export function mappingAlternative(node: SchemaNode, keys: ReadonlySet<string>, kind: unknown): SchemaNode | null {
  if (!node.anyOf) return node.type === 'object' ? node : null;
  const mappings = node.anyOf.filter((alternative) => alternative.type === 'object');
  if (mappings.some((alternative) => kindOf(alternative) !== null)) {
    return mappings.find((alternative) => kindOf(alternative) === kind) ?? null;
  }
  const complete = mappings.find(({ required = [] }) => required.length > 0 && required.every((key) => keys.has(key)));
  return complete ?? mappings.at(-1) ?? null;
}

/** Appends a key or index to a dotted path. */
export function joinPath(path: string, key: string | number): string {
  return path === '' ? String(key) : `${path}.${key}`;
}
