import type { SystemSettings } from './experiment';
import { type ExperimentFile, experimentSchemaNode } from './schema';
import { joinPath, mappingAlternative, type SchemaNode } from './schema/node';
import { systemDefaults } from './systemDefaults';
import { systemKinds } from './systems';

/** An experiment file in which every setting that has a default is present. */
export type CompleteFile = Complete<Omit<ExperimentFile, 'diversity' | 'data' | 'variables' | 'reward'>> & {
  data: Complete<Pick<NonNullable<ExperimentFile['data']>, 'generate'>>;
  diversity: Complete<Omit<NonNullable<ExperimentFile['diversity']>, 'over'>> & { over?: string[] };
};

type Complete<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]-?: Complete<Exclude<T[K], undefined>> } : T;

/** Fills in the defaults, those of the file's system included. Values that are present are never changed. */
export function withDefaults(file: ExperimentFile): CompleteFile {
  return fill(file, experimentSchemaNode, '', file.system.kind) as CompleteFile;
}

/** The default of a setting for a system, or undefined where it has none of its own. */
export function defaultOf(schema: SchemaNode, path: string, kind: SystemSettings['kind']): unknown {
  return Object.hasOwn(systemDefaults, path) ? systemDefaults[path][kind] : schema.default;
}

/** A setting's default in words: one value, or one for each system; '' where there is none. */
export function defaultWords(schema: SchemaNode, path: string): string {
  const values = systemKinds.flatMap((kind) => {
    const value = defaultOf(schema, path, kind);
    return value === undefined ? [] : [{ kind, word: inYaml(value) }];
  });
  if (values.length === 0) return '';
  const [{ word: first }] = values;
  if (values.every(({ word }) => word === first)) return `\`${first}\``;
  return [...new Set(values.map(({ word }) => word))]
    .map((word) => `\`${word}\` (${values.filter((value) => value.word === word).map(({ kind }) => kind).join(', ')})`)
    .join(', ');
}

/** A default as it would stand in a file, in one line. */
function inYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inYaml).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0 ? '{}' : `{ ${Object.entries(value).map(([key, part]) => `${key}: ${inYaml(part)}`).join(', ')} }`;
  return String(value);
}

function fill(value: unknown, schema: SchemaNode, path: string, kind: SystemSettings['kind']): unknown {
  if (value === undefined) {
    const settled = defaultOf(schema, path, kind);
    if (settled !== undefined) return structuredClone(settled);
    const section = mappingAlternative(schema, new Set(), undefined);
    return section?.properties ? fill({}, schema, path, kind) : undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const given = value as Record<string, unknown>;
  const section = mappingAlternative(schema, new Set(Object.keys(given)), given.kind);
  const result: Record<string, unknown> = { ...given };
  for (const [name, property] of Object.entries(section?.properties ?? {})) {
    const filled = fill(given[name], property, joinPath(path, name), kind);
    if (filled !== undefined) result[name] = filled;
  }
  return result;
}
