/** Phases of a run, as the kernel numbers them; the tasks of one phase may run side by side. */
export const PHASE = { pack: 0, forward: 1, distances: 2, terms: 3, spread: 4, backward: 5, optimise: 6, gather: 7 } as const;

/** The phases of one run in their order, three words for each: phase, mode, number of tasks. */
export class Plan {
  readonly words = new Int32Array(32);
  phases = 0;

  clear(): void {
    this.phases = 0;
  }

  add(phase: number, mode: number, tasks: number): void {
    const at = 3 * this.phases++;
    this.words[at] = phase;
    this.words[at + 1] = mode;
    this.words[at + 2] = tasks;
  }
}

/** The memory of one execution, and the kernel on it. Offsets are in floats; contents are copied in and out. */
export interface KernelArena {
  /** @param count of the values, from the first on; all when left out */
  write(offset: number, values: Float32Array | Int32Array, count?: number): void;
  read(offset: number, into: Float32Array | Float64Array): void;
  /** Carries out all phases, on all threads of the engine. @throws EngineError `unavailable` */
  run(plan: Plan): void;
  /** Gives the memory back; nothing may be called afterwards. */
  close(): void;
}
