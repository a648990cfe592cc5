import { join } from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { LineChannel } from '../../learning/system/programProtocol';
import { SimulatorProgramError } from '../../learning/system/simulatorProgramError';
import { sentence } from '../../sentence/sentence';
import { endProcesses } from './endProcesses';
import type { ProgramThreadAnswer, ProgramThreadData, ProgramThreadRequest } from './programMessages';

/** A program has to start before its first answer: interpreters and their libraries take their time. */
const STARTING_MS = 30_000;
/** Its thread keeps the time; only when that is late by so much do we give up on the thread. */
const THREAD_LATE_MS = 10_000;
const LOOK_MS = 50;
const CLOSE_MS = 2_000;

/** What a simulator program may know of the environment: where programs, libraries and its user's files are. No more. */
const passedOn = /^(PATH|PATHEXT|SYSTEMROOT|WINDIR|COMSPEC|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|TMPDIR|TEMP|TMP|LANG|LC_\w+|TZ|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|VIRTUAL_ENV|CONDA_PREFIX|PYTHONPATH|PYTHONHOME|JULIA_\w+|OMP_NUM_THREADS|MKL_NUM_THREADS)$/i;

export interface ProgramOptions {
  readonly command: readonly string[];
  readonly folder: string;
  /** for each answer */
  readonly timeoutSeconds: number;
  /** folder of the built scripts */
  readonly dist: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** receives the process id while the program runs, else 0: whoever outlives us can end it */
  readonly pid: Int32Array<SharedArrayBuffer>;
  /** called now and then while the program makes us wait; may throw to leave */
  readonly whileWaiting: () => void;
}

/** The environment of a simulator program. Python's output is unbuffered, so that a forgotten flush does not hang. */
export function programEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const passed = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined && passedOn.test(entry[0]));
  return { ...Object.fromEntries(passed), PYTHONUNBUFFERED: '1' };
}

/**
 * A simulator program, running: a child process without a shell, whose pipes belong to a thread of their own. `exchange`
 * blocks the calling thread, which must not be a main thread.
 */
export class ProgramProcess implements LineChannel {
  private readonly signal = new Int32Array(new SharedArrayBuffer(4));
  private readonly port: MessagePort;
  private readonly worker: Worker;
  private stderr = '';
  private answered = false;

  constructor(private readonly options: ProgramOptions) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const data: ProgramThreadData = {
      command: options.command, folder: options.folder, environment: programEnvironment(options.environment), port: port2, signal: this.signal, pid: options.pid,
    };
    this.worker = new Worker(join(options.dist, 'programWorker.cjs'), { workerData: data, transferList: [port2] });
    this.worker.unref();
  }

  /** @throws SimulatorProgramError, and whatever `whileWaiting` throws */
  exchange(line: string, what: string): string {
    const limitMs = Math.max(this.answered ? 0 : STARTING_MS, this.options.timeoutSeconds * 1000);
    this.send({ kind: 'line', line, what, limitMs });
    const answer = this.wait(limitMs + THREAD_LATE_MS, this.options.whileWaiting);
    if (answer === null || answer.kind === 'closed') throw new SimulatorProgramError('program-silent', sentence('The thread that talks to {0} does not answer. Resume the run.', this.options.command[0]));
    this.stderr = answer.stderr;
    if (answer.kind === 'failed') throw new SimulatorProgramError(answer.code, answer.said, answer.stderr);
    this.answered = true;
    return answer.line;
  }

  lastWords(): string {
    return this.stderr;
  }

  /** Ends the program: its stdin first, which it should notice; half a second later the process. */
  close(): void {
    this.send({ kind: 'close' });
    const deadline = performance.now() + CLOSE_MS;
    for (let left = CLOSE_MS; left > 0; left = deadline - performance.now()) if (this.wait(left, () => undefined)?.kind === 'closed') break;
    this.port.close();
    void this.worker.terminate();
    endProgram(this.options.pid);
  }

  private send(request: ProgramThreadRequest): void {
    this.port.postMessage(request);
  }

  /** @returns null when there is no answer in time */
  private wait(limitMs: number, whileWaiting: () => void): ProgramThreadAnswer | null {
    const deadline = performance.now() + limitMs;
    for (;;) {
      const seen = Atomics.load(this.signal, 0);
      const received = receiveMessageOnPort(this.port) as { readonly message: ProgramThreadAnswer } | undefined;
      if (received !== undefined) return received.message;
      if (performance.now() > deadline) return null;
      whileWaiting();
      Atomics.wait(this.signal, 0, seen, LOOK_MS);
    }
  }
}

/** Kills a program that is still there when all else has ended. @param pid its id, or 0 */
export function endProgram(pid: Int32Array<SharedArrayBuffer>): void {
  const id = Atomics.exchange(pid, 0, 0);
  if (id > 0) endProcesses(id);
}
