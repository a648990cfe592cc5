import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { SystemSettings } from '../../src/experiment/experiment';
import { describeSystem } from '../../src/experiment/systems';
import { createSimulator } from '../../src/learning/system/createSimulator';
import { UnknownPolicyError } from '../../src/learning/system/scripted/createScripted';
import { type Play, type Player, playEpisodes } from '../../src/trainer/simulation/playing';
import { Players } from '../../src/trainer/simulation/players';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const benchmark: SystemSettings = { kind: 'industrial-benchmark', setpoint: 70, setpointProcess: 'fixed' };
const system = { settings: benchmark, description: describeSystem(benchmark) };
const simulators = { create: (episodes: number) => createSimulator(benchmark, episodes) };
const opened: Players[] = [];
afterAll(() => opened.forEach((players) => players.close()));

function players(threads: number, whileWaiting: () => void = () => undefined): Players {
  const made = new Players(system, simulators, { threads, dist, whileWaiting });
  opened.push(made);
  return made;
}

const play = (player: Player, episodes: number): Play => ({ player, seeds: Int32Array.from({ length: episodes }, (_, i) => 77 * i - 100), steps: 40, iteration: 2, policy: 1 });
const scripted = (name: string, epsilon: number): Player => ({ kind: 'scripted', name, epsilon });
const plays = [play(scripted('optimized', 0.4), 13), play(scripted('random', 0), 1), play(scripted('shift-oscillator', 0), 60)];

test('any number of threads plays the bits of all episodes side by side, in the order of their seeds', () => {
  const expected = plays.map((one) => playEpisodes(system, simulators.create(one.seeds.length), one));
  for (const threads of [1, 2, 4]) {
    const all = players(threads);
    // the second time the helpers are there from the start
    for (let round = 0; round < 2; round++) expect(all.play(plays, () => undefined)).toEqual(expected);
  }
});

test('finished pieces are told one by one, whoever played them', () => {
  for (const threads of [1, 3]) {
    const told: string[] = [];
    players(threads).play(plays, (done, total) => told.push(`${done}/${total}`));
    expect(told).toEqual(told.map((_, index) => `${index + 1}/${told.length}`));
    expect(told.length).toBeGreaterThan(plays.length);
  }
});

test('what cannot be played fails with its own error on any thread', () => {
  for (const threads of [1, 2]) expect(() => players(threads).play([...plays, play(scripted('nobody', 0), 60)], () => undefined)).toThrow(UnknownPolicyError);
});

test('playing is left between pieces, and what is played next is whole', () => {
  let leave = true;
  const all = players(2, () => {
    if (leave) throw new Error('asked to stop');
  });
  expect(() => all.play(plays, () => undefined)).toThrow('asked to stop');
  leave = false;
  const next = plays.toReversed();
  expect(all.play(next, () => undefined)).toEqual(next.map((one) => playEpisodes(system, simulators.create(one.seeds.length), one)));
});

test('a helper that ends in the middle of a piece is an error with a remedy, not a wait without end', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ibrl-players-'));
  try {
    writeFileSync(join(folder, 'playerWorker.cjs'), `
      const { workerData: { port } } = require('node:worker_threads');
      port.on('message', ({ words }) => { Atomics.add(words, 0, 1); process.exit(1); });
    `);
    const all = new Players(system, simulators, { threads: 2, dist: folder, whileWaiting: () => undefined });
    const many = Array.from({ length: 40 }, () => play(scripted('optimized', 0), 60));
    expect(() => { for (;;) all.play(many, () => undefined); }).toThrowError(expect.objectContaining({ code: 'out-of-memory', message: expect.stringContaining('fewer threads') }));
    all.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a helper that ends with no piece in its hands changes nothing, also while another one is waited for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ibrl-players-'));
  const go = join(folder, 'go');
  try {
    // the first one that there is keeps a piece until it was looked for several times; all others end at once
    writeFileSync(join(folder, 'playerWorker.cjs'), `
      const { existsSync, mkdirSync } = require('node:fs');
      const { workerData: { port } } = require('node:worker_threads');
      try { mkdirSync(${JSON.stringify(join(folder, 'first'))}); } catch { process.exit(1); }
      port.on('message', (message) => {
        if (message === null) return;
        const { round, pieces, words, helper } = message;
        const index = Atomics.add(words, 0, 1);
        if (index < pieces.length) {
          while (!existsSync(${JSON.stringify(go)}));
          port.postMessage({ round, index, played: null });
          Atomics.add(words, 1, 1);
          Atomics.notify(words, 1);
        }
        Atomics.store(words, 2 + helper, 1);
      });
    `);
    const expected = plays.map((one) => playEpisodes(system, simulators.create(one.seeds.length), one));
    // it looks once behind each of its pieces, of which there are at most 12, and then only where it waits
    let looks = 0;
    const all = new Players(system, simulators, { threads: 4, dist: folder, whileWaiting: () => {
      if (++looks === 16) writeFileSync(go, '');
    } });
    for (let held = false; !held; held = existsSync(go)) {
      looks = 0;
      expect(all.play(plays, () => undefined)).toEqual(expected);
    }
    all.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
