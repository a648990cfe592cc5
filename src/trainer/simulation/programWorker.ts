/**
 * Entry of the thread that owns a simulator program: its pipes, its time limit and its end. The computing thread, which
 * sleeps until there is an answer, cannot listen to a process itself.
 */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { workerData } from 'node:worker_threads';
import { type Sentence, sentence, verbatim } from '../../sentence/sentence';
import { endProcesses } from './endProcesses';
import { LineSplitter, Tail } from './programStreams';
import type { ProgramThreadAnswer, ProgramThreadData, ProgramThreadRequest } from './programMessages';

/** How long a program whose stdin has ended may take to end, before it is killed. */
const CLOSING_MS = 500;
/** After a program has ended, its last words may still be on their way. */
const DRAINING_MS = 200;

class ProgramHost {
  private readonly stderr = new Tail(4096);
  private readonly child: ChildProcessWithoutNullStreams;
  /** the program, in sentences: its command and what it was last asked for */
  private name: Sentence;
  private readonly command: string;
  /** somebody waits for a line */
  private waiting = false;
  private limit: NodeJS.Timeout | undefined;
  private unasked: string | null = null;
  private failed: ProgramThreadAnswer | null = null;
  private closing = false;
  private ended = false;

  constructor(private readonly data: ProgramThreadData) {
    const [file, ...words] = data.command;
    this.command = data.command.join(' ').slice(0, 200);
    this.name = verbatim(this.command);
    // detached: it leads a process group, with which all that it starts can be ended
    this.child = spawn(file, words, { cwd: data.folder, env: data.environment, shell: false, windowsHide: true, detached: process.platform !== 'win32', stdio: ['pipe', 'pipe', 'pipe'] });
    Atomics.store(data.pid, 0, this.child.pid ?? 0);
    const lines = new LineSplitter((line) => this.hear(line), () => this.fail('program-nonsense', sentence('{0} wrote more than 64 MB to stdout without an end of line: answer each request with one line.', this.name)));
    this.child.stdout.on('data', (chunk: Buffer) => lines.add(chunk));
    this.child.stderr.on('data', (chunk: Buffer) => this.stderr.add(chunk));
    // a program that ended closes its pipe: its end is the news
    for (const stream of [this.child.stdin, this.child.stdout, this.child.stderr]) stream.on('error', () => undefined);
    this.child.once('error', (error) => {
      if (this.child.pid === undefined) this.notStarted(error);
    });
    this.child.once('exit', (code, signal) => {
      Atomics.store(data.pid, 0, 0);
      if (this.child.pid !== undefined) endProcesses(this.child.pid);
      setTimeout(() => this.end(code, signal), DRAINING_MS);
    });
    this.child.once('close', (code, signal) => this.end(code, signal));
    data.port.on('message', (request: ProgramThreadRequest) => this.take(request));
  }

  private take(request: ProgramThreadRequest): void {
    if (request.kind === 'close') return this.close();
    if (this.unasked !== null) this.fail('program-nonsense', sentence('{0} wrote a line to stdout that nobody asked for: {1}. Only answers belong on stdout; print anything else to stderr.', this.name, this.unasked.slice(0, 200)));
    this.waiting = true;
    this.name = sentence('{0}, asked to {1},', this.command, request.what);
    if (this.failed !== null) return this.answer(this.failed);
    this.limit = setTimeout(() => this.fail('program-silent', sentence('{0} did not answer within {1} s and was ended. Answer each line with one line and flush stdout, or give it more time with system.timeout.', this.name, request.limitMs / 1000)), request.limitMs);
    this.child.stdin.write(`${request.line}\n`);
  }

  private hear(line: string): void {
    if (this.waiting) this.answer({ kind: 'line', line, stderr: this.stderr.text() });
    else this.unasked ??= line;
  }

  private notStarted(error: Error): void {
    this.ended = true;
    const missing = 'code' in error && error.code === 'ENOENT';
    this.fail('program-not-started', sentence('{0} could not be started in {1}: {2}. Look at system.command, and that the program is installed.', this.command, this.data.folder, missing ? sentence('there is no such program or folder') : error.message));
    if (this.closing) this.answer({ kind: 'closed' });
  }

  private end(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.ended) return;
    this.ended = true;
    this.fail('program-ended', sentence('{0} ended by itself ({1}): it must answer until its stdin ends.', this.name, signal ?? sentence('exit code {0}', String(code))));
    if (this.closing) this.answer({ kind: 'closed' });
  }

  /** The first failure counts; a program that failed is ended. */
  private fail(code: Extract<ProgramThreadAnswer, { kind: 'failed' }>['code'], said: Sentence): void {
    if (this.failed === null) {
      this.failed = { kind: 'failed', code, said, stderr: this.stderr.text() };
      this.kill();
    }
    if (this.waiting) this.answer(this.failed);
  }

  private close(): void {
    this.waiting = false;
    clearTimeout(this.limit);
    this.closing = true;
    if (this.ended) return this.answer({ kind: 'closed' });
    this.child.stdin.end();
    setTimeout(() => this.kill(), CLOSING_MS);
  }

  private kill(): void {
    if (!this.ended && this.child.exitCode === null && this.child.signalCode === null && this.child.pid !== undefined) endProcesses(this.child.pid);
  }

  private answer(answer: ProgramThreadAnswer): void {
    this.waiting = false;
    clearTimeout(this.limit);
    this.data.port.postMessage(answer);
    Atomics.add(this.data.signal, 0, 1);
    Atomics.notify(this.data.signal, 0);
    if (answer.kind === 'closed') this.data.port.close();
  }
}

void new ProgramHost(workerData as ProgramThreadData);
