import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Execution } from '../../../../src/learning/engine/engine';
import { EngineError } from '../../../../src/learning/engine/engineError';
import { parameterCountOf, unitsOf } from '../../../../src/learning/engine/layout';
import { type Program, ProgramBuilder } from '../../../../src/learning/engine/program';
import { nativeEngine, variants, wasmEngine } from '../engines';
import { randomProgram } from '../randomProgram';
import { buildSanitized, sanitizedExecution } from './sanitizedEngine';

const folder = mkdtempSync(join(tmpdir(), 'ibrl-sanitized-'));
/** the engines whose bits are to come out; none for fused arithmetic where no native kernel has it */
const fusedVariant = variants.find(({ arithmetic }) => arithmetic === 'fused');
const engines = { portable: wasmEngine(), fused: fusedVariant === undefined ? null : nativeEngine(fusedVariant) };
afterAll(() => {
  engines.portable.dispose();
  engines.fused?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const adam = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 1, clip: 0.5 };
const seeds = fc.integer({ min: 0, max: 1e6 });
/** Numbers that a search should never see. */
const HOSTILE = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1e-45, -1e-40, 3.4e38, -3.4e38, 88.5, -104, 1, -1, 12582912, 2 ** 31];

/** What becomes of one word, wherever it is. */
const damages = fc.record({
  at: fc.nat(),
  become: fc.oneof(
    fc.integer().map((value) => () => value),
    fc.constantFrom(0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 30, 0xffff).map((value) => () => value),
    fc.nat(31).map((bit) => (word: number) => word ^ (1 << bit)),
    fc.integer({ min: -64, max: 64 }).map((distance) => (word: number) => word + distance),
    fc.nat(12).map((value) => () => value),
  ),
});

/** Fills everything that can be written with hostile numbers. */
function loadHostile(execution: Execution, program: Program, choices: readonly number[]): void {
  let next = 0;
  const numbers = (count: number) => Float32Array.from({ length: count }, () => HOSTILE[choices[next++ % choices.length]]);
  for (const { id, operation } of program.values) {
    if (operation.kind !== 'input') continue;
    const { rows, extent, perStep } = program.inputs[operation.input];
    execution.write(id, numbers((extent === 'member' ? program.members : 1) * (perStep ? program.steps : 1) * rows * program.starts));
  }
  for (const { name, sizes, extent } of program.parameters) execution.writeParameters(name, numbers(unitsOf(program, extent) * parameterCountOf(sizes)));
  execution.writeTermWeights(numbers(program.terms.length));
}

describe.each([[8, 'portable'], [16, 'portable'], [8, 'fused'], [16, 'fused']] as const)('under the address and undefined-behaviour sanitizers, vectors of %i, %s', (vector, arithmetic) => {
  let built: ReturnType<typeof buildSanitized>;
  beforeAll(() => {
    built = buildSanitized(folder, vector, arithmetic);
  }, 300_000);
  const sanitized = (context: { skip: (note: string) => never }): string => ('program' in built ? built.program : context.skip(built.reason));

  test('random programs: no report, and the bits of the engine', (context) => {
    const kernel = sanitized(context);
    fc.assert(
      fc.property(seeds, fc.boolean(), fc.integer({ min: 1, max: 3 }), fc.constantFrom(0, 2 ** 16, 2 ** 30), (seed, smooth, threads, activations) => {
        const { program, load } = randomProgram(seed, smooth);
        const [expected, actual] = [engines[arithmetic]?.open(program), sanitizedExecution(program, kernel, threads, activations)];
        for (const execution of [expected, actual]) {
          if (execution === undefined) continue;
          load(execution);
          execution.run('update', adam);
        }
        if (expected === undefined) return;
        expect(actual.readTerms()).toEqual(expected.readTerms());
        for (const { name } of program.parameters) expect(actual.readParameters(name)).toEqual(expected.readParameters(name));
        expected.dispose();
      }),
      { numRuns: 15, seed: vector },
    );
  }, 300_000);

  test('rows gathered from the very ends of their tables: no report, and what they hold', (context) => {
    const kernel = sanitized(context);
    for (const [width, starts] of [[1, 1], [5, 40], [8, 33], [66, 70]] as const) {
      const builder = new ProgramBuilder({ policies: 1, members: 3, starts, steps: 0 });
      const input = builder.input('rows', width, 'member');
      const read = builder.apply('square', input);
      const table = { numbers: Float32Array.from({ length: width + 3 }, (_, i) => i), firsts: Int32Array.of(0, 3, 1), width };
      const execution = sanitizedExecution(builder.build(), kernel, 2, 0, { tables: new Map([[input, [table]]]) });
      const rows = Int32Array.from({ length: 3 * starts }, (_, i) => i % 3);
      execution.gather(rows);
      execution.run('forward');
      const start = (i: number) => Math.floor(i / (width * starts)) * starts + (i % starts);
      expect([...execution.readValue(read)]).toEqual(Array.from({ length: 3 * width * starts }, (_, i) => (table.firsts[rows[start(i)]] + (Math.floor(i / starts) % width)) ** 2));
      execution.dispose();
    }
  }, 300_000);

  test('hostile numbers in every input and network: no report', (context) => {
    const kernel = sanitized(context);
    fc.assert(
      fc.property(seeds, fc.array(fc.nat(HOSTILE.length - 1), { minLength: 1, maxLength: 40 }), (seed, choices) => {
        const { program } = randomProgram(seed, false);
        const execution = sanitizedExecution(program, kernel, 2, 2 ** 30);
        loadHostile(execution, program, choices);
        for (const step of [1, 2]) execution.run('update', { ...adam, step });
      }),
      { numRuns: 15, seed: vector },
    );
  }, 300_000);

  test('words of which some are others: refused, or no report', (context) => {
    const kernel = sanitized(context);
    const ran = { refused: 0, accepted: 0 };
    const runs = fc.property(seeds, fc.integer({ min: 1, max: 3 }), fc.constantFrom(0, 2 ** 16, 2 ** 30), fc.array(damages, { minLength: 1, maxLength: 8 }), (seed, threads, activations, changes) => {
      const { program, load } = randomProgram(seed, false);
      const damage = (words: Int32Array) => {
        const damaged = words.slice();
        for (const { at, become } of changes) damaged[at % words.length] = become(damaged[at % words.length]);
        return damaged;
      };
      let execution;
      try {
        execution = sanitizedExecution(program, kernel, threads, activations, { damage });
      } catch (error) {
        expect(error).toBeInstanceOf(EngineError);
        ran.refused++;
        return;
      }
      load(execution);
      execution.run('update', adam);
      ran.accepted++;
    });
    fc.assert(runs, { numRuns: 60, seed: vector });
    expect(Math.min(ran.refused, ran.accepted)).toBeGreaterThan(5);
  }, 300_000);

  test('a kernel that reaches beyond its arena would be reported', (context) => {
    const { program, load } = randomProgram(1, true);
    const execution = sanitizedExecution(program, sanitized(context), 1, 2 ** 30, { part: 0.5 });
    load(execution);
    expect(() => execution.run('gradient')).toThrowError('AddressSanitizer');
  }, 300_000);
});
