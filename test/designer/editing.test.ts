import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { DesignerChange } from '../../src/messages/designer';
import { PlayedHost } from './playedHost';

const examples = ['grid-2d.ibrl.yaml', 'industrial-benchmark.ibrl.yaml', 'own-simulator/tank.ibrl.yaml', 'plant-csv/tank.ibrl.yaml'].map((name) => readFileSync(join(import.meta.dirname, '../../examples', name), 'utf8'));
const edit = (changes: DesignerChange[], version = 1) => ({ kind: 'edit' as const, id: 1, version, changes });
const at = (text: string, path: string): unknown => path.split('.').reduce((tree, key) => (tree as Record<string, unknown>)[key], parse(text) as unknown);

test('several values change in one step, and every other byte stays: line ends, comments, flow style', async () => {
  const bounds = fc.record({ low: fc.integer({ min: 0, max: 40 }), high: fc.integer({ min: 41, max: 99 }) });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...examples), fc.boolean(), fc.infiniteStream(bounds), async (example, windows, stream) => {
      const host = new PlayedHost(windows ? example.replaceAll('\n', '\r\n') : example);
      const before = host.text;
      const changes = Object.keys(at(before, 'bounds') as object).map((name): DesignerChange => {
        const { high, low } = stream.next().value;
        return { kind: 'set', path: `bounds.${name}`, value: [low, high] };
      });
      await host.answer(edit(changes));
      for (const change of changes) expect(at(host.text, change.path)).toEqual(change.kind === 'set' ? change.value : undefined);
      // digits of bounds are all that may differ
      const shape = (text: string): string => changes.reduce((left, { path }) => left.replace(new RegExp(`(\\b${path.slice('bounds.'.length)}: )\\[[^\\]]*\\]`), '$1[]'), text);
      expect(shape(host.text)).toBe(shape(before));
      const lines = before.split('\n');
      const differing = host.text.split('\n').filter((line, index) => line !== lines[index]);
      expect(differing.length).toBeLessThanOrEqual(changes.length);
    }),
    { numRuns: 100 },
  );
});

test('an edit for an earlier version is refused and changes nothing', async () => {
  const host = new PlayedHost('ibrl: 1\nsystem: { kind: grid-2d }\nseed: 1\n');
  host.replace('ibrl: 1\nsystem: { kind: grid-2d }\nseed: 2\n');
  const [, answer] = await host.answer(edit([{ kind: 'set', path: 'seed', value: 3 }]));
  expect(answer).toMatchObject({ kind: 'answer', refused: { message: 'stale' } });
  expect(host.text).toContain('seed: 2');
});

test('a value behind an alias is refused with the place of its anchor', async () => {
  const host = new PlayedHost('ibrl: 1\nsystem: { kind: grid-2d }\nbounds:\n  x: &b [0, 10]\n  y: *b\n');
  const [, answer] = await host.answer(edit([{ kind: 'set', path: 'bounds.x', value: [1, 9] }]));
  expect(answer).toMatchObject({ refused: { place: { start: { line: expect.any(Number) as number } } } });
  expect(host.text).toBe(host.saved);
});

test('changes that would touch one another are refused together', async () => {
  const host = new PlayedHost('ibrl: 1\nsystem: { kind: grid-2d }\n');
  const [, answer] = await host.answer(edit([{ kind: 'set', path: 'search.updates', value: 9 }, { kind: 'set', path: 'search.clip', value: 2 }]));
  expect(answer).toMatchObject({ refused: { message: 'entangled' } });
  expect(host.text).toBe(host.saved);
});
