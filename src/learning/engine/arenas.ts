import { sentence } from '../../sentence/sentence';
import { EngineError } from './engineError';
import type { KernelArena, Plan } from './kernelArena';
import { arenaStart, kernelFacts, kernelTask, type Task } from './kernelInstance';
import type { ThreadPool } from './threads';

const PAGE_BYTES = 65536;
const MAXIMUM_PAGES = 65535;

/** A part of a memory, for one execution. */
class WasmArena implements KernelArena {
  private readonly floats: Float32Array;
  private readonly doubles: Float64Array;
  private readonly words: Int32Array;
  private task: Task;

  constructor(private readonly memory: Memory, start: number, floats: number, private readonly pool: ThreadPool, private readonly giveBack: () => void) {
    const { buffer } = memory.memory;
    this.floats = new Float32Array(buffer, start, floats);
    this.doubles = new Float64Array(buffer, start, Math.floor(floats / 2));
    this.words = new Int32Array(buffer, start, floats);
    this.task = memory.task;
  }

  write(offset: number, values: Float32Array | Int32Array, count = values.length): void {
    const target = values instanceof Int32Array ? this.words : this.floats;
    if (count === values.length) target.set(values, offset);
    else for (let i = 0; i < count; i++) target[offset + i] = values[i]; // a view would be garbage in every step
  }

  read(offset: number, into: Float32Array | Float64Array): void {
    if (into instanceof Float64Array) for (let i = 0; i < into.length; i++) into[i] = this.doubles[offset / 2 + i];
    else into.set(this.floats.subarray(offset, offset + into.length));
  }

  run({ words, phases }: Plan): void {
    for (let at = 0; at < 3 * phases; at += 3) this.pool.run(this.memory.number, this.task, words[at], words[at + 1], words[at + 2]);
  }

  close(): void {
    this.giveBack();
  }
}

interface Memory {
  readonly memory: WebAssembly.Memory;
  readonly task: Task;
  readonly number: number;
}

/**
 * Memories that executions use one after the other. They are kept and grown, not dropped: a helper thread allocates next
 * to nothing, so its garbage collector never comes to free a memory that it has seen.
 */
export class Arenas {
  /** outputs in a panel of packed weights, as the kernel was built */
  readonly panelRows: number;
  /** bytes of the largest arena */
  readonly most: number;
  private readonly start: number;
  private readonly free: Memory[] = [];

  constructor(private readonly module: WebAssembly.Module, private readonly pool: ThreadPool) {
    const { heapBase, panelRows } = kernelFacts(module);
    this.panelRows = panelRows;
    this.start = arenaStart(heapBase, pool.threads);
    this.most = MAXIMUM_PAGES * PAGE_BYTES - this.start;
  }

  /** An arena of zeros for an execution of its own, until it is closed. @throws EngineError `out-of-memory` */
  take(floats: number): KernelArena {
    const bytes = this.start + 4 * floats;
    if (bytes > MAXIMUM_PAGES * PAGE_BYTES) throw new EngineError('out-of-memory', sentence("This search needs {0} MiB, more than the engine's {1}: lower the horizon, the starts or the policies.", mebibytes(bytes), mebibytes(MAXIMUM_PAGES * PAGE_BYTES) - 1));
    const pages = Math.ceil(bytes / PAGE_BYTES);
    const memory = this.takeFree(pages) ?? this.make(pages);
    return new WasmArena(memory, this.start, floats, this.pool, () => this.free.push(memory));
  }

  /** The smallest free memory that is large enough, or the largest one, grown; cleared. */
  private takeFree(pages: number): Memory | null {
    this.free.sort((a, b) => pagesOf(a) - pagesOf(b));
    const fitting = this.free.findIndex((memory) => pagesOf(memory) >= pages);
    const index = fitting >= 0 ? fitting : this.free.length - 1;
    const memory = this.free[index];
    if (memory === undefined) return null;
    const used = pagesOf(memory);
    if (used < pages && !grow(memory.memory, pages - used)) return null;
    this.free.splice(index, 1);
    new Float64Array(memory.memory.buffer, this.start, Math.floor((Math.min(used, pages) * PAGE_BYTES - this.start) / 8)).fill(0);
    return memory;
  }

  private make(pages: number): Memory {
    const memory = reserve(pages);
    return { memory, task: kernelTask(this.module, memory, 0, this.pool.threads), number: this.pool.open(memory) };
  }
}

function pagesOf({ memory }: Memory): number {
  return memory.buffer.byteLength / PAGE_BYTES;
}

/** A shared memory that can grow later where addresses suffice for that, else one that cannot. */
function reserve(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: MAXIMUM_PAGES, shared: true });
  } catch {
    try {
      return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    } catch (cause) {
      throw new EngineError('out-of-memory', sentence('This computer has no {0} MiB left for the search: lower the horizon, the starts or the policies.', mebibytes(pages * PAGE_BYTES)), { cause });
    }
  }
}

/** @returns whether it could */
function grow(memory: WebAssembly.Memory, pages: number): boolean {
  try {
    memory.grow(pages);
    return true;
  } catch {
    return false;
  }
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}
