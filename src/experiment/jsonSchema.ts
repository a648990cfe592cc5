import { defaultWords } from './defaults';
import { experimentSchemaNode } from './schema';
import { joinPath, type SchemaNode } from './schema/node';
import { systemDefaults } from './systemDefaults';

/**
 * The experiment file as JSON Schema (draft 7), for editors and other tools. Descriptions carry unit, effect and the
 * defaults of each system, since JSON Schema has no words for them.
 */
export function experimentJsonSchema(): Record<string, unknown> {
  const plain = JSON.parse(JSON.stringify(experimentSchemaNode)) as SchemaNode;
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...explained(plain, '') };
}

/** Defaults that differ by system; others stand under JSON Schema's own `default`. */
function bySystem(path: string): string {
  return Object.hasOwn(systemDefaults, path) ? `Default: ${defaultWords({}, path)}.` : '';
}

function explained(schema: SchemaNode, path: string): Record<string, unknown> {
  const { effect, unit, ...rest } = schema;
  const description = [schema.description, effect, unit && unit !== '1' ? `Unit: ${unit}.` : '', bySystem(path)]
    .filter((part) => part)
    .join(' ');
  return {
    ...rest,
    ...(description === '' ? {} : { description }),
    ...(schema.items === undefined ? {} : { items: Array.isArray(schema.items) ? schema.items.map((item: SchemaNode) => explained(item, '')) : explained(schema.items as SchemaNode, '') }),
    ...(schema.patternProperties
      ? { patternProperties: Object.fromEntries(Object.entries(schema.patternProperties).map(([pattern, property]) => [pattern, explained(property, '')])) }
      : {}),
    ...(schema.anyOf ? { anyOf: schema.anyOf.map((alternative) => explained(alternative, path)) } : {}),
    ...(schema.properties
      ? { properties: Object.fromEntries(Object.entries(schema.properties).map(([key, property]) => [key, explained(property, joinPath(path, key))])) }
      : {}),
  };
}
