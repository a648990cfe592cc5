const STACK_BYTES = 65536;

interface KernelExports {
  readonly task: (arena: number, phase: number, index: number, worker: number, mode: number) => void;
  readonly panelRows: () => number;
  readonly __stack_pointer: WebAssembly.Global<'i32'>;
  readonly __heap_base: WebAssembly.Global<'i32'>;
}

export type Task = (phase: number, index: number, mode: number) => void;

/**
 * One worker's instance of the kernel on a shared memory. Every instance starts with the same stack pointer, so each
 * further worker is given a stack of its own; the arena follows the stacks.
 */
export function kernelTask(module: WebAssembly.Module, memory: WebAssembly.Memory, worker: number, workers: number): Task {
  const { task, __stack_pointer, __heap_base } = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelExports;
  if (worker > 0) __stack_pointer.value = align(__heap_base.value) + worker * STACK_BYTES;
  const arena = arenaStart(__heap_base.value, workers);
  return (phase, index, mode) => task(arena, phase, index, worker, mode);
}

/** What the kernel was built with. */
export function kernelFacts(module: WebAssembly.Module): { readonly heapBase: number; readonly panelRows: number } {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
  const { panelRows, __heap_base } = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelExports;
  return { heapBase: __heap_base.value, panelRows: panelRows() };
}

/** The arena's first byte, behind the stacks of all workers but the first, whose stack is the module's own. */
export function arenaStart(heapBase: number, workers: number): number {
  return align(heapBase) + (workers - 1) * STACK_BYTES;
}

function align(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
