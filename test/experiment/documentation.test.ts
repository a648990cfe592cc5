import { join } from 'node:path';
import { expect, test } from 'vitest';
import { experimentFileDocumentation } from '../../src/experiment/documentation';
import { experimentJsonSchema } from '../../src/experiment/jsonSchema';
import { experimentSchemaNode } from '../../src/experiment/schema';
import type { SchemaNode } from '../../src/experiment/schema/node';
import { systemDefaults } from '../../src/experiment/systemDefaults';

/** Every property of the schema with its dotted path; those of a union's alternatives have the union's path. */
function settings(schema: SchemaNode, path = ''): [string, SchemaNode][] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, property]): [string, SchemaNode][] => {
    const at = path === '' ? key : `${path}.${key}`;
    return [[at, property], ...settings(property, at)];
  });
  return [...own, ...(schema.anyOf ?? []).flatMap((alternative) => settings(alternative, path))];
}

test('docs/experiment-file.md is what the schema says (update it with: npx vitest run test/experiment/documentation.test.ts -u)', async () => {
  await expect(experimentFileDocumentation()).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/experiment-file.md'));
});

test('every setting has a title, and every one but the kinds a description', () => {
  const undescribed = settings(experimentSchemaNode).filter(([path, schema]) => !schema.title || (!schema.description && path !== 'system.kind'));
  expect(undescribed.map(([path]) => path)).toEqual([]);
});

test('every optional setting has a default, of its own or by system, but for what follows from the bounds and what only plants and programs have', () => {
  const without = settings(experimentSchemaNode).filter(
    ([path, schema]) => schema.default === undefined && !Object.hasOwn(systemDefaults, path) && !schema.properties && !schema.anyOf?.some((one) => one.properties),
  );
  expect(without.map(([path]) => path)).toEqual([
    'ibrl', 'system.kind', 'system.kind', 'system.kind', 'system.kind', 'system.command', 'variables', 'data.files', 'data.columns', 'data.time', 'data.samplingTime',
    'data.episodes.column', 'data.episodes.gap', 'data.where', 'reward.column', 'bounds.percentiles', 'diversity.over',
  ]);
});

test('the table of system defaults names only settings that exist and have no other default', () => {
  const known = new Map(settings(experimentSchemaNode));
  for (const path of Object.keys(systemDefaults)) {
    expect(known.has(path), path).toBe(true);
    expect(known.get(path)?.default, path).toBeUndefined();
  }
});

test('the JSON Schema is plain JSON, closed, and tells the defaults of each system', () => {
  const schema = experimentJsonSchema() as unknown as SchemaNode;
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  expect(schema).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', required: ['ibrl', 'system'], additionalProperties: false });
  expect(schema.properties?.search.properties?.horizon.description).toContain('`25` (grid-2d), `50` (industrial-benchmark, plant, program)');
});
