import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { sentence } from '../../sentence/sentence';
import { EngineError } from './engineError';
import { kernelTask, type Task } from './kernelInstance';

/** Words of the block that the threads share. */
const WORD = { generation: 0, command: 1, memory: 2, phase: 3, mode: 4, count: 5, next: 6, finished: 7, failed: 8, started: 9 } as const;
const COMMAND = { run: 0, open: 1, exit: 2 } as const;
/** Looks at a word this often before going to sleep on it: phases follow one another within microseconds. */
const SPINS = 4000;
/** Whoever waits for helpers looks so often whether they are still there: a thread's end is an event that a blocked caller never sees. */
const LOOK_MS = 500;
/** A helper that says nothing in so many looks, a minute, will not start, whatever Node says of its channel. */
const START_LOOKS = 120;

export interface HelperData {
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly port: MessagePort;
  readonly module: WebAssembly.Module;
  readonly worker: number;
  readonly workers: number;
}

interface OpenMessage {
  readonly number: number;
  readonly memory: WebAssembly.Memory;
}

interface FailureMessage {
  readonly failure: unknown;
}

/**
 * Threads that run the tasks of a phase side by side: the calling thread and helpers. Tasks are claimed from a counter;
 * which thread runs which task changes no bit, since every task writes memory of its own. The caller blocks while it
 * waits, so this belongs in a worker, never in a thread that must answer.
 */
export class ThreadPool {
  private readonly control = new Int32Array(new SharedArrayBuffer(64));
  private readonly helpers: { readonly thread: Worker; readonly port: MessagePort }[] = [];
  private memories = 0;
  /** why a helper has ended by itself */
  private lost: Error | null = null;

  constructor(module: WebAssembly.Module, readonly threads: number, helperFile: string) {
    for (let worker = 1; worker < threads; worker++) {
      const { port1, port2 } = new MessageChannel();
      const workerData: HelperData = { control: this.control, port: port2, module, worker, workers: threads };
      const thread = new Worker(helperFile, { workerData, transferList: [port2] });
      thread.on('error', (error) => (this.lost = error));
      thread.unref();
      port1.unref();
      this.helpers.push({ thread, port: port1 });
    }
  }

  /** Makes a memory known to the helpers, for as long as they live. @returns its number for `run` @throws EngineError `unavailable` */
  open(memory: WebAssembly.Memory): number {
    this.awaitStart();
    const number = this.memories++;
    for (const { port } of this.helpers) port.postMessage({ number, memory } satisfies OpenMessage);
    if (this.helpers.length === 0) return number;
    this.announce(COMMAND.open, number);
    this.awaitHelpers();
    this.requireSuccess();
    return number;
  }

  /** Runs tasks 0 … count − 1 of a phase on all threads. @throws EngineError `unavailable` */
  run(memory: number, task: Task, phase: number, mode: number, count: number): void {
    const { control } = this;
    if (this.helpers.length === 0 || count === 1) {
      for (let index = 0; index < count; index++) task(phase, index, mode);
      return;
    }
    control[WORD.phase] = phase;
    control[WORD.mode] = mode;
    control[WORD.count] = count;
    Atomics.store(control, WORD.next, 0);
    this.announce(COMMAND.run, memory);
    try {
      for (let index = Atomics.add(control, WORD.next, 1); index < count; index = Atomics.add(control, WORD.next, 1)) task(phase, index, mode);
    } finally {
      this.awaitHelpers(); // also after an error: the next command may not meet a helper that is still at this one
    }
    this.requireSuccess();
  }

  dispose(): void {
    if (this.helpers.length > 0) this.announce(COMMAND.exit, 0);
    for (const { port } of this.helpers) port.close();
    this.helpers.length = 0;
  }

  private announce(command: number, memory: number): void {
    const { control } = this;
    control[WORD.command] = command;
    control[WORD.memory] = memory;
    Atomics.store(control, WORD.finished, 0);
    Atomics.add(control, WORD.generation, 1);
    Atomics.notify(control, WORD.generation);
  }

  private awaitHelpers(): void {
    const { control, helpers } = this;
    for (let seen = Atomics.load(control, WORD.finished); seen < helpers.length; seen = Atomics.load(control, WORD.finished))
      if (!changes(control, WORD.finished, seen)) this.requireHelpers();
  }

  private requireHelpers(): void {
    if (this.lost === null && this.helpers.every(({ port }) => isHeard(port))) return;
    throw new EngineError('unavailable', sentence('A thread of the engine has ended by itself, most likely for want of memory: run with fewer threads, or give Node more memory (NODE_OPTIONS=--max-old-space-size=<MB>).'), { cause: this.lost ?? undefined });
  }

  private requireSuccess(): void {
    if (Atomics.exchange(this.control, WORD.failed, 0) === 0) return;
    const failures = this.helpers.flatMap(({ port }) => receiveMessageOnPort(port) ?? []).map(({ message }) => (message as FailureMessage).failure);
    throw new EngineError('unavailable', sentence('A thread of the engine failed; try fewer threads, so that less memory is needed.'), { cause: failures[0] });
  }

  private awaitStart(): void {
    const { control, helpers } = this;
    let looks = 0;
    for (let seen = Atomics.load(control, WORD.started); seen < helpers.length; seen = Atomics.load(control, WORD.started))
      if (!changes(control, WORD.started, seen) && (++looks > START_LOOKS || !helpers.every(({ port }) => isHeard(port))))
        throw new EngineError('unavailable', sentence("Of the engine's {0} helper threads only {1} started: run with fewer threads, or install the program again if there are none.", helpers.length, seen));
  }
}

/**
 * Whether a thread that was given the other end of a channel still has it: with the thread its end goes, and Node (20) says of a
 * message that nobody can get it. The other end must pass over a message of null.
 */
export function isHeard(port: MessagePort): boolean {
  return (port.postMessage(null) as unknown) !== false;
}

/** What a helper thread does until it is told to exit. */
export function help({ control, port, module, worker, workers }: HelperData): void {
  const tasks = new Map<number, Task>();
  Atomics.add(control, WORD.started, 1);
  Atomics.notify(control, WORD.started);
  for (let generation = 0; ; ) {
    if (!changes(control, WORD.generation, generation, Infinity)) continue;
    generation = Atomics.load(control, WORD.generation);
    const number = control[WORD.memory];
    try {
      switch (control[WORD.command]) {
        case COMMAND.exit: port.close(); return;
        case COMMAND.open: {
          tasks.set(number, kernelTask(module, nextMemory(port), worker, workers));
          break;
        }
        default: {
          const task = tasks.get(number) as Task;
          const phase = control[WORD.phase];
          const mode = control[WORD.mode];
          const count = control[WORD.count];
          for (let index = Atomics.add(control, WORD.next, 1); index < count; index = Atomics.add(control, WORD.next, 1)) task(phase, index, mode);
        }
      }
    } catch (failure) {
      port.postMessage({ failure } satisfies FailureMessage);
      Atomics.store(control, WORD.failed, 1);
    }
    Atomics.add(control, WORD.finished, 1);
    Atomics.notify(control, WORD.finished);
  }
}

function nextMemory(port: MessagePort): WebAssembly.Memory {
  let message: OpenMessage | null = null;
  while (message === null) ({ message } = receiveMessageOnPort(port) as { message: OpenMessage | null });
  return message.memory;
}

/** Waits for another value than was seen. @returns whether there is one */
function changes(control: Int32Array<SharedArrayBuffer>, word: number, seen: number, limitMs = LOOK_MS): boolean {
  for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(control, word) !== seen) return true;
  Atomics.wait(control, word, seen, limitMs);
  return Atomics.load(control, word) !== seen;
}
