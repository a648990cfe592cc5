import { execFileSync, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { KernelArena, Plan } from '../../../../src/learning/engine/kernelArena';
import { KernelExecution } from '../../../../src/learning/engine/kernelExecution';
import type { Program } from '../../../../src/learning/engine/program';
import type { InputTables } from '../../../../src/learning/engine/rowTable';
import { verifyWords } from '../../../../src/learning/engine/verifyWords';

const engine = resolve(import.meta.dirname, '../../../../src/learning/engine');
/** outputs in a panel of packed weights */
const PANEL_ROWS = 4;
const sanitizers = '-fsanitize=address,undefined';

/**
 * Compiles the kernel with both sanitizers into a program that carries out runs.
 * @param vector floats in a vector
 * @param arithmetic of its multiply-adds; fused ones are the C library's here, the same bits as a processor's
 * @returns the program, or why there is none
 */
export function buildSanitized(folder: string, vector: number, arithmetic: 'portable' | 'fused'): { readonly program: string } | { readonly reason: string } {
  const program = join(folder, `carryOut-${vector}-${arithmetic}`);
  const words = [sanitizers, '-fno-sanitize-recover=all', '-g', '-O1', '-std=gnu11', '-ffp-contract=off', '-fno-math-errno', '-Wno-psabi', `-DVW=${vector}`, `-DRB=${PANEL_ROWS}`, '-DCB=2', ...(arithmetic === 'fused' ? ['-DFUSED'] : []), `-I${join(engine, 'native')}`, '-pthread'];
  try {
    execFileSync(process.env['CC'] ?? 'cc', [...words, join(engine, 'kernel/kernel.c'), join(import.meta.dirname, 'carryOut.c'), '-lm', '-o', program], { stdio: 'pipe' });
    const { status, stderr } = spawnSync(program, { input: '', encoding: 'utf8' });
    return status === 0 ? { program } : { reason: `a program under the sanitizers does not start: ${stderr}` };
  } catch (error) {
    return { reason: `no C compiler with ${sanitizers}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}` };
  }
}

/** What an execution may be given to be tried: less memory than it asks for, other words than were written for it. */
interface Tried {
  /** part of its arena that the kernel is given */
  readonly part?: number;
  /** changes the kernel's words before they are verified once more */
  readonly damage?: (words: Int32Array) => Int32Array;
  readonly tables?: InputTables;
}

/**
 * An execution whose runs are carried out by that program. Its `run` throws what a sanitizer reports.
 * @param activations bytes that they may take; those beyond are computed again
 * @throws EngineError when damaged words are refused
 */
export function sanitizedExecution(program: Program, sanitized: string, threads: number, activations: number, { part = 1, damage, tables }: Tried = {}): KernelExecution {
  const take = (floats: number) => {
    const verified = (words: Int32Array) => {
      if (damage === undefined) return words;
      const damaged = damage(words);
      verifyWords(damaged, { program, floats, threads, panelRows: PANEL_ROWS });
      return damaged;
    };
    return new SanitizedArena(sanitized, new Float32Array(floats), threads, Math.floor(part * floats), verified);
  };
  return new KernelExecution(program, { panelRows: PANEL_ROWS, threads, memory: { activations, arena: 2 ** 31 }, take }, tables);
}

class SanitizedArena implements KernelArena {
  private words: Int32Array = new Int32Array();

  constructor(private readonly program: string, private readonly floats: Float32Array<ArrayBuffer>, private readonly threads: number, private readonly given: number, private readonly verified: (words: Int32Array) => Int32Array) {}

  write(offset: number, values: Float32Array | Int32Array, count = values.length): void {
    if (values instanceof Int32Array) new Int32Array(this.floats.buffer).set(offset === 0 ? (this.words = this.verified(values)) : values, offset);
    else this.floats.set(values.subarray(0, count), offset);
  }

  read(offset: number, into: Float32Array | Float64Array): void {
    if (into instanceof Float64Array) into.set(new Float64Array(this.floats.buffer, 4 * offset, into.length));
    else into.set(this.floats.subarray(offset, offset + into.length));
  }

  run({ words: plan, phases }: Plan): void {
    const head = Int32Array.of(this.given, this.threads, phases, ...plan.subarray(0, 3 * phases));
    const input = Buffer.concat([new Uint8Array(head.buffer), new Uint8Array(this.floats.buffer, 0, 4 * this.given)]);
    const { status, stdout, stderr } = spawnSync(this.program, { input, maxBuffer: input.length });
    if (status !== 0 || stderr.length > 0) throw new Error(`The kernel ended with ${status}: ${stderr.toString()}`);
    new Uint8Array(this.floats.buffer).set(stdout);
    const { words } = this;
    if (!new Int32Array(this.floats.buffer, 0, words.length).every((word, index) => word === words[index])) throw new Error('The kernel wrote over its words.');
  }

  close(): void {
    // memory of this process
  }
}
