import { Arenas } from './arenas';
import { ACTIVATION_BYTES, type Engine } from './engine';
import { KernelExecution } from './kernelExecution';
import type { Program } from './program';
import type { InputTables } from './rowTable';
import { ThreadPool } from './threads';

/** The kernel in WebAssembly, on one thread or several. Runs block the calling thread. */
export class WasmEngine implements Engine {
  readonly name = 'wasm';
  readonly arithmetic = 'portable';
  private readonly pool: ThreadPool;
  private readonly arenas: Arenas;

  /**
   * @param kernel the bytes of kernel.wasm
   * @param threads including the calling one
   * @param helperFile the script of a helper thread; needed for more than one thread
   * @param activations bytes that a program's activations may take; those beyond are computed again
   */
  constructor(kernel: Uint8Array<ArrayBuffer>, readonly threads: number, helperFile: string, private readonly activations = ACTIVATION_BYTES) {
    requireThreads(threads);
    const module = new WebAssembly.Module(kernel);
    this.pool = new ThreadPool(module, threads, helperFile);
    this.arenas = new Arenas(module, this.pool);
  }

  open(program: Program, tables?: InputTables): KernelExecution {
    const { panelRows, most } = this.arenas;
    return new KernelExecution(program, { panelRows, threads: this.threads, memory: { activations: this.activations, arena: most }, take: (floats) => this.arenas.take(floats) }, tables);
  }

  dispose(): void {
    this.pool.dispose();
  }
}

/** @throws RangeError */
export function requireThreads(threads: number): void {
  if (!Number.isInteger(threads) || threads < 1 || threads > 256) throw new RangeError(`Threads must be a whole number from 1 to 256, not ${threads}.`);
}
