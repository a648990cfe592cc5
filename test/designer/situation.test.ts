import { expect, test } from 'vitest';
import { usualDuration } from '../../src/extension/designer/situation';
import { PlayedHost } from './playedHost';

const done = { state: 'done', attempt: 1, created: '2026-01-01T10:00:00.000Z', asOf: '2026-01-01T10:00:41.000Z', iterations: 4 } as const;
const { model } = new PlayedHost('ibrl: 1\nsystem: { kind: grid-2d }\n').state;

test('the newest run that went through by itself tells how long a run takes', () => {
  expect(usualDuration(model, [{ ...done, state: 'running' }, { ...done, attempt: 2 }, done])).toEqual({ milliseconds: 41_000, iterations: 4 });
  expect(usualDuration(model, [{ ...done, state: 'stopped' }])).toBeNull();
});

test('where people are waited for, no run tells how long one takes', () => {
  const { model: manual } = new PlayedHost('ibrl: 1\nsystem: { kind: grid-2d }\ndeployment: { approval: manual }\n').state;
  expect(usualDuration(manual, [done])).toBeNull();
});
