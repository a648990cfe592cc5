import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTrainerArguments } from '../../src/launcher/trainerArguments';
import type { EventType, Phase, RunEvent } from '../../src/run/contract';
import { EventFollower } from '../../src/run/eventFollower';
import { RunReader } from '../../src/run/reader';
import { fingerprints } from '../trainer/processes';

/** Every phase takes long enough to be left in its middle, and all of them together take about a second. */
export const BRIEF = `ibrl: 1
name: Killed at any instant
system: { kind: grid-2d, start: far }
data: { generate: { behaviour: nearer-target, epsilon: 0.1, episodes: 30, steps: 50 } }
bounds:
  x: [0, 10]
  y: [0, 10]
diversity: { measure: min-lsed, over: [x, y], weight: 0.01 }
policies: { count: 2, hidden: [8] }
models: { members: 2, hidden: [8], updates: 150, laterUpdates: 150, batch: 32 }
search: { starts: { count: 4, from: first }, updates: 80 }
iterations: 2
deployment: { episodes: 10, steps: 100, evaluate: 200, evaluateSteps: 25 }
seed: 3
`;

/** A search of a second: a stop in it leaves a checkpoint, however busy the machine is. */
export const SEARCHING = BRIEF.replace('updates: 80 }', 'updates: 1500 }').replace('iterations: 2', 'iterations: 1');

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** When and how a running trainer is interfered with. */
export interface Interference {
  /** for IBRL_TEST_FAULT */
  readonly fault?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** told every event at once */
  readonly react?: (event: RunEvent, trainer: ChildProcess) => void;
  readonly attached?: boolean;
  /** for what the trainer is to be done to before its first event */
  readonly begun?: (trainer: ChildProcess) => void;
  readonly threads?: number;
}

/**
 * A place to kill runs in: a folder of its own, a copy of what was built, so that a build meanwhile changes no bits, and
 * one run that nobody disturbed, to compare with.
 */
export class Rig {
  readonly folder = mkdtempSync(join(tmpdir(), 'ibrl-reliability-'));
  /** sha256 of the undisturbed run's files */
  readonly whole: Readonly<Record<string, string>> = {};
  /** its events, with the milliseconds since its first one */
  readonly events: readonly { readonly event: RunEvent; readonly ms: number }[] = [];
  private readonly dist = join(this.folder, 'dist');
  private readonly experiment = join(this.folder, 'brief.ibrl.yaml');

  private constructor(built: string, text: string) {
    cpSync(built, this.dist, { recursive: true });
    writeFileSync(this.experiment, text);
  }

  /** @param built folder of the built scripts */
  static async create(built: string, text = BRIEF): Promise<Rig> {
    const rig = new Rig(built, text);
    const events: { event: RunEvent; ms: number }[] = [];
    const begin = performance.now();
    const { code, stderr } = await rig.attempt('whole', { react: (event) => events.push({ event, ms: performance.now() - begin }) });
    if (code !== 0) throw new Error(`The undisturbed run ended with ${code}: ${stderr}`);
    return Object.assign(rig, { whole: fingerprints(rig.at('whole')), events });
  }

  /** One for another experiment, with no run to compare with. */
  static of(built: string, text: string): Rig {
    return new Rig(built, text);
  }

  at(run: string): string {
    return join(this.folder, run);
  }

  /**
   * One process of the trainer: the first attempt of a run or, where there is one, the next.
   * @param place where the run is; default: in the rig's folder
   */
  attempt(run: string, { fault, env, react, attached, begun, threads }: Interference = {}, place = this.at(run)): Promise<Exit> {
    const begins = !existsSync(join(place, 'run.json'));
    const words = formatTrainerArguments({ run: place, experiment: begins ? this.experiment : null, source: null, threads: threads ?? 1, engine: null, lease: null, attached: attached ?? false });
    const log = new EventFollower(join(place, 'events.ndjson'));
    log.poll();
    const trainer = spawn(process.execPath, [join(this.dist, 'trainer.cjs'), ...words], { stdio: [attached ? 'pipe' : 'ignore', 'pipe', 'pipe'], env: { ...process.env, ...env, ...(fault !== undefined && { IBRL_TEST_FAULT: fault }) } });
    begun?.(trainer);
    const follow = (): void => {
      for (const event of log.poll()) react?.(event, trainer);
    };
    const timer = react && setInterval(follow, 1);
    return exitOf(trainer).then((exit) => {
      clearInterval(timer);
      if (react) follow();
      return exit;
    });
  }

  /** The command line, as a user has it. */
  ibrl(...words: readonly string[]): Promise<Exit> {
    return exitOf(spawn(process.execPath, [join(this.dist, 'ibrl.cjs'), ...words], { stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** Kills a trainer within a phase. @param share of the phase's time in the undisturbed run, 0 … 1 */
  killInside(run: string, iteration: number, phase: Phase, share: number): Promise<Exit> {
    const delayMs = share * this.spanMs(iteration, phase);
    return this.attempt(run, {
      react: (event, trainer) => {
        if (event.type === 'phase-started' && event.iteration === iteration && event.phase === phase) setTimeout(() => trainer.kill('SIGKILL'), delayMs);
      },
    });
  }

  /** Files that an undisturbed run has written when a phase begins, without the two that make it a run. */
  filesBefore(iteration: number, phase: Phase): number {
    const begins = this.events.findIndex(({ event }) => event.type === 'phase-started' && event.iteration === iteration && event.phase === phase);
    return this.events.slice(0, begins).filter(({ event }) => event.type === 'file-written').length;
  }

  private spanMs(iteration: number, phase: Phase): number {
    const at = (type: EventType): number => this.events.find(({ event }) => event.type === type && 'phase' in event && event.iteration === iteration && event.phase === phase)?.ms ?? 0;
    return at('phase-ended') - at('phase-started');
  }

  /**
   * Goes on with a run by `ibrl resume`, or begins it again where it was killed before it was a run, and looks at
   * everything that it leaves.
   * @returns what is wrong, in words; nothing when it is as if nobody had disturbed it
   */
  async problems(run: string, place = this.at(run)): Promise<string[]> {
    const problems: string[] = [];
    const expect = (right: boolean, otherwise: string): void => void (right || problems.push(otherwise));
    const began = existsSync(join(place, 'run.json'));
    const resumed = await this.ibrl('resume', place);
    expect(resumed.code === (began ? 0 : 2), `resume ended with ${resumed.code}: ${resumed.stderr}`);
    if (!began) expect((await this.ibrl('train', this.experiment, '--run', place, '--json')).code === 0, 'it could not be begun again');
    if (problems.length > 0) return problems;

    const files = fingerprints(place);
    for (const file of new Set([...Object.keys(files), ...Object.keys(this.whole)])) expect(files[file] === this.whole[file], `${file} has other bits, or is missing, or should not be there`);
    const lines = readFileSync(join(place, 'events.ndjson'), 'utf8').split('\n');
    expect(lines.pop() === '', 'the log ends within a line');
    const events = lines.map((line) => JSON.parse(line) as RunEvent);
    expect(events.every((event, i) => event.seq === i + 1), 'events are not numbered 1, 2, 3, …');
    expect(events.every((event, i) => i === 0 || event.attempt >= events[i - 1].attempt), 'two attempts wrote at once');
    const told = RunReader.open(place);
    const undisturbed = RunReader.open(this.at('whole'));
    expect(told.state() === 'done', `its state is ${told.state()}`);
    for (const [path, { sha256 }] of undisturbed.fold.files) expect(told.fold.files.get(path)?.sha256 === sha256, `no event tells the bits of ${path}`);
    const tellings = ({ fold }: RunReader): string => JSON.stringify(fold.toldOf('model-fitted').map(({ iteration, model, member, bestUpdate, holdoutError }) => [iteration, model, member, bestUpdate, holdoutError]));
    expect(tellings(told) === tellings(undisturbed), 'it tells of other fits than an undisturbed run');
    expect(told.fold.decisions.size === undisturbed.fold.decisions.size, 'decisions are missing');
    expect(told.summary().warnings.length === undisturbed.summary().warnings.length, 'it tells other warnings');
    const left = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.aside'));
    expect(left.length === 0, `files were left aside: ${left.join(', ')}`);
    return problems;
  }

  remove(run: string): void {
    rmSync(this.at(run), { recursive: true, force: true });
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function exitOf(child: ChildProcess): Promise<Exit> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr })));
}

/**
 * Waits until a trainer has begun its work and so listens to signals: it has lowered its priority just before. Linux
 * only.
 */
export async function listens(trainer: ChildProcess): Promise<void> {
  const nice = (): number => {
    try {
      const stat = readFileSync(`/proc/${trainer.pid}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
    } catch {
      return 0;
    }
  };
  const lives = (): boolean => trainer.exitCode === null && trainer.signalCode === null;
  while (lives() && !(nice() >= constants.priority.PRIORITY_BELOW_NORMAL)) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** The phase in which a run was left, or null between two phases. */
export function phaseLeft(folder: string): Phase | null {
  const last = new EventFollower(join(folder, 'events.ndjson')).poll().findLast((event) => event.type === 'phase-started' || event.type === 'phase-ended');
  return last?.type === 'phase-started' ? last.phase : null;
}

/** Reacts to the first event of a kind only. */
export function once(isMoment: (event: RunEvent) => boolean, react: (trainer: ChildProcess) => void): (event: RunEvent, trainer: ChildProcess) => void {
  let done = false;
  return (event, trainer) => {
    if (done || !isMoment(event)) return;
    done = true;
    react(trainer);
  };
}

/** The first progress of a phase that is at least so far. */
export function at(iteration: number, phase: Phase, done: number): (event: RunEvent) => boolean {
  return (event) => event.type === 'progress' && event.iteration === iteration && event.phase === phase && event.done >= done;
}
