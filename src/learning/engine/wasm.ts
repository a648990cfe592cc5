import { Arenas } from './arenas';
import type { Engine } from './engine';
import { KernelExecution } from './kernelExecution';
import type { Program } from './program';
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
   */
  constructor(kernel: Uint8Array<ArrayBuffer>, readonly threads: number, helperFile: string) {
    requireThreads(threads);
    const module = new WebAssembly.Module(kernel);
    this.pool = new ThreadPool(module, threads, helperFile);
    this.arenas = new Arenas(module, this.pool);
  }

  open(program: Program): KernelExecution {
    return new KernelExecution(program, this.arenas.panelRows, this.threads, (floats) => this.arenas.take(floats));
  }

  dispose(): void {
    this.pool.dispose();
  }
}

/** @throws RangeError */
export function requireThreads(threads: number): void {
  if (!Number.isInteger(threads) || threads < 1 || threads > 256) throw new RangeError(`Threads must be a whole number from 1 to 256, not ${threads}.`);
}
