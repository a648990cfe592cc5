import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/run/contract';
import { EventFollower } from '../../src/run/eventFollower';
import { EventLog } from '../../src/run/eventLog';
import { temporaryFolder } from './helpers';

const now = (): Date => new Date(0);
const warning = (message: string) => ({ type: 'warning', code: 'test', message, iteration: 1 }) as const;

function messages(events: readonly RunEvent[]): string[] {
  return events.map((event) => (event.type === 'warning' ? event.message : event.type));
}

describe('the event log', () => {
  test('cut at any byte, it keeps every whole line and goes on with the next number', () => {
    const path = join(temporaryFolder(), 'events.ndjson');
    const log = EventLog.open(path, now);
    for (const message of ['eins', 'zwei – mit Umlauten äöü', 'three']) log.append(warning(message), 1);
    log.close();
    const whole = readFileSync(path);
    for (let cut = 0; cut <= whole.length; cut++) {
      writeFileSync(path, whole.subarray(0, cut));
      const lines = whole.subarray(0, cut).filter((byte) => byte === 10).length;
      const healed = EventLog.open(path, now);
      expect(healed.append(warning('after'), 2).seq).toBe(lines + 1);
      healed.close();
      const events = new EventFollower(path).poll();
      expect(events.map((event) => event.seq)).toEqual(Array.from({ length: lines + 1 }, (_, i) => i + 1));
      expect(messages(events).at(-1)).toBe('after');
    }
  });

  test('what is not an event is passed over, and its number is not used twice', () => {
    const path = join(temporaryFolder(), 'events.ndjson');
    const log = EventLog.open(path, now);
    log.append(warning('first'), 1);
    log.close();
    appendFileSync(path, `{"seq":2,"attempt":1,"time":"","type":"of-a-later-version"}\n\0\0\0\nnot json\n{"type":"warning"}\n{"seq":3,"att`);
    const reopened = EventLog.open(path, now);
    expect(reopened.append(warning('second'), 1).seq).toBe(3);
    reopened.close();
    const follower = new EventFollower(path);
    expect(messages(follower.poll())).toEqual(['first', 'second']);
    expect(follower.skipped).toBe(4);
  });

  test('a log longer than one piece is continued from its last number', () => {
    const path = join(temporaryFolder(), 'events.ndjson');
    const log = EventLog.open(path, now);
    for (let i = 0; i < 40; i++) log.append(warning('x'.repeat(9_000)), 1);
    log.close();
    appendFileSync(path, 'y'.repeat(200_000));
    const reopened = EventLog.open(path, now);
    expect(reopened.append(warning('last'), 1).seq).toBe(41);
    reopened.close();
    expect(messages(new EventFollower(path).poll())).toHaveLength(41);
  });
});

describe('a follower', () => {
  test('however the bytes arrive, it tells every event once and parses every byte once', () => {
    const text = Array.from({ length: 6 }, (_, i) => `${JSON.stringify({ seq: i + 1, attempt: 1, time: '', ...warning(`ä${i}`) })}\n`).join('');
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 }), (cuts) => {
        const path = join(temporaryFolder(), 'events.ndjson');
        const follower = new EventFollower(path);
        const seen: RunEvent[] = [];
        for (const cut of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
          writeFileSync(path, bytes.subarray(0, cut));
          seen.push(...follower.poll());
        }
        expect(seen.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6]);
        expect(follower.parsed).toBe(bytes.length);
      }),
      { numRuns: 50 },
    );
  });

  test('a torn line that is cut off and replaced by another is read as the other', () => {
    const path = join(temporaryFolder(), 'events.ndjson');
    const log = EventLog.open(path, now);
    log.append(warning('first'), 1);
    log.close();
    appendFileSync(path, '{"seq":2,"attempt":1,"ti');
    const follower = new EventFollower(path);
    expect(messages(follower.poll())).toEqual(['first']);
    const healed = EventLog.open(path, now);
    healed.append(warning('the other'), 2);
    healed.close();
    expect(messages(follower.poll())).toEqual(['the other']);
  });

  test('a line of megabytes is skipped, what follows is read', () => {
    const path = join(temporaryFolder(), 'events.ndjson');
    writeFileSync(path, `${'x'.repeat(3 << 20)}\n${JSON.stringify({ seq: 1, attempt: 1, time: '', ...warning('after') })}\n`);
    expect(messages(new EventFollower(path).poll())).toEqual(['after']);
  });

  test('no log yet is no event', () => {
    expect(new EventFollower(join(temporaryFolder(), 'events.ndjson')).poll()).toEqual([]);
  });
});
