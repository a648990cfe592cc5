import { sentence } from '../../sentence/sentence';
import { ACTIVATION_BYTES, type Engine } from './engine';
import { EngineError } from './engineError';
import type { KernelArena, Plan } from './kernelArena';
import { KernelExecution } from './kernelExecution';
import type { Program } from './program';
import type { InputTables } from './rowTable';
import { requireThreads } from './wasm';

declare const handle: unique symbol;
/** Threads of the addon's own. */
type NativePool = { readonly [handle]: 'pool' };
/** Memory of the addon's own. */
type NativeMemory = { readonly [handle]: 'memory' };

/** What native/addon.c exports. It checks its arguments and throws errors whose code is one of EngineError's. */
export interface NativeAddon {
  /** kernels that this processor can run, the best first: processor, arithmetic, processor, … */
  variants(): string[];
  panelRows(processor: string, arithmetic: string): number;
  /** @param threads including the calling one */
  open(processor: string, arithmetic: string, threads: number): NativePool;
  close(pool: NativePool): void;
  /** so many floats, all zero */
  take(floats: number): NativeMemory;
  giveBack(memory: NativeMemory): void;
  write(memory: NativeMemory, offset: number, values: Float32Array | Int32Array, count: number): void;
  read(memory: NativeMemory, offset: number, into: Float32Array | Float64Array, count: number): void;
  run(pool: NativePool, memory: NativeMemory, plan: Int32Array, phases: number): void;
}

/** A kernel as it was compiled. */
export interface NativeVariant {
  /** avx512, avx2 or neon */
  readonly processor: string;
  /** two roundings in each multiply-add, which gives the bits of WebAssembly, or one, which is faster */
  readonly arithmetic: 'portable' | 'fused';
}

/** Kernels that this processor can run, the best of each arithmetic first. */
export function nativeVariants(addon: NativeAddon): NativeVariant[] {
  const words = addon.variants();
  return words.flatMap((processor, index) => {
    const arithmetic = words[index + 1];
    return index % 2 === 0 && (arithmetic === 'portable' || arithmetic === 'fused') ? [{ processor, arithmetic }] : [];
  });
}

/** Floats that the kernel can address. */
const MAXIMUM_FLOATS = 2 ** 31 - 1;

/** The kernel compiled for this processor. A run is one call, on threads of its own; it blocks the calling thread. */
export class NativeEngine implements Engine {
  readonly name = 'native';
  readonly arithmetic: NativeVariant['arithmetic'];
  private readonly pool: NativePool;
  private readonly panelRows: number;
  private readonly arenas = new Set<NativeArena>();

  /**
   * @param activations bytes that a program's activations may take; those beyond are computed again
   * @throws EngineError `unavailable`: the processor cannot, or there are no threads
   */
  constructor(private readonly addon: NativeAddon, { processor, arithmetic }: NativeVariant, readonly threads: number, private readonly activations = ACTIVATION_BYTES) {
    requireThreads(threads);
    this.arithmetic = arithmetic;
    this.panelRows = translated(() => addon.panelRows(processor, arithmetic));
    this.pool = translated(() => addon.open(processor, arithmetic, threads));
  }

  open(program: Program, tables?: InputTables): KernelExecution {
    const take = (floats: number) => {
      const arena = new NativeArena(this.addon, this.pool, floats, () => this.arenas.delete(arena));
      this.arenas.add(arena);
      return arena;
    };
    return new KernelExecution(program, { panelRows: this.panelRows, threads: this.threads, memory: { activations: this.activations, arena: 4 * MAXIMUM_FLOATS }, take }, tables);
  }

  dispose(): void {
    for (const arena of this.arenas) arena.close();
    this.addon.close(this.pool);
  }
}

class NativeArena implements KernelArena {
  private readonly memory: NativeMemory;

  constructor(private readonly addon: NativeAddon, private readonly pool: NativePool, floats: number, private readonly onClose: () => void) {
    const mebibytes = Math.ceil((4 * floats) / 2 ** 20);
    if (floats > MAXIMUM_FLOATS) throw new EngineError('out-of-memory', sentence("This search needs {0} MiB, more than the engine's {1}: lower the horizon, the starts or the policies.", mebibytes, Math.floor(MAXIMUM_FLOATS / 2 ** 18)));
    try {
      this.memory = addon.take(floats);
    } catch (cause) {
      throw new EngineError('out-of-memory', sentence('This computer has no {0} MiB left for the search: lower the horizon, the starts or the policies.', mebibytes), { cause });
    }
  }

  write(offset: number, values: Float32Array | Int32Array, count = values.length): void {
    this.addon.write(this.memory, offset, values, count);
  }

  read(offset: number, into: Float32Array | Float64Array): void {
    this.addon.read(this.memory, offset, into, into.length);
  }

  run(plan: Plan): void {
    try {
      this.addon.run(this.pool, this.memory, plan.words, plan.phases);
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  close(): void {
    this.addon.giveBack(this.memory);
    this.onClose();
  }
}

function translated<T>(call: () => T): T {
  try {
    return call();
  } catch (cause) {
    throw unavailable(cause);
  }
}

function unavailable(cause: unknown): EngineError {
  return new EngineError('unavailable', sentence('The native engine cannot go on ({0}): use --engine wasm.', cause instanceof Error ? cause.message : String(cause)), { cause });
}
