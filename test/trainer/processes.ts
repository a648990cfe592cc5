import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { formatTrainerArguments, type TrainerArguments } from '../../src/launcher/trainerArguments';
import type { RunEvent } from '../../src/run/contract';
import { EventFollower } from '../../src/run/eventFollower';

const ibrl = fileURLToPath(new URL('../../dist/ibrl.cjs', import.meta.url));

/** A folder of one test, removed by `clean`. */
export class TestFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'ibrl-trainer-'));

  /** Writes an experiment file. @returns its path */
  experiment(text: string, name = 'small.ibrl.yaml'): string {
    const path = join(this.path, name);
    writeFileSync(path, text);
    return path;
  }

  at(name: string): string {
    return join(this.path, name);
  }

  clean(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The 2D world, small enough for tests: all phases, two iterations, both kinds of file in every phase. */
export const SMALL = `ibrl: 1
name: Small world
system: { kind: grid-2d, start: far }
data: { generate: { behaviour: nearer-target, epsilon: 0.1, episodes: 6, steps: 25 } }
bounds:
  x: [0, 10]
  y: [0, 10]
diversity: { measure: min-lsed, over: [x, y], weight: 0.01 }
policies: { count: 2, hidden: [8] }
models: { members: 2, hidden: [8], updates: 120, laterUpdates: 120, batch: 32 }
search: { starts: { count: 4, from: first }, updates: 60 }
iterations: 2
deployment: { episodes: 1, steps: 25, evaluate: 20, evaluateSteps: 25 }
seed: 3
`;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** but for the lines of `takenOver` */
  readonly stderr: string;
  /** lines that say that WebAssembly computes in place of a native kernel that cannot be used */
  readonly takenOver: readonly string[];
  readonly events: readonly RunEvent[];
}

/**
 * Runs `ibrl … --json` and reads its events as they come.
 * @param react is told each event, with the running process
 * @param program the script of the command
 */
export function run(words: readonly string[], react: (event: RunEvent, child: ChildProcess) => unknown = () => undefined, program = ibrl): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...words, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const events: RunEvent[] = [];
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as RunEvent;
    events.push(event);
    react(event, child);
  });
  return new Promise((resolve) => child.once('close', (code, signal) => {
      const lines = stderr.split(/(?<=\n)/);
      const tells = (line: string) => line.startsWith('The native kernel is not used');
      resolve({ code, signal, stderr: lines.filter((line) => !tells(line)).join(''), takenOver: lines.filter(tells).map((line) => line.trimEnd()), events });
    }),
  );
}

const trainer = fileURLToPath(new URL('../../dist/trainer.cjs', import.meta.url));

/**
 * Runs the trainer itself and watches its log closely, so that a test can act in the middle of a phase.
 * @param on what it computes with; one thread and the fastest engine when left out
 * @returns how it ended
 */
export function trainAndReact(folder: TestFolder, experiment: string, name: string, react: (event: RunEvent, child: ChildProcess) => void, on: Partial<Pick<TrainerArguments, 'engine' | 'arithmetic'>> = {}): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> {
  const child = spawn(process.execPath, [trainer, ...formatTrainerArguments({ run: folder.at(name), experiment: folder.experiment(experiment, `${name}.ibrl.yaml`), source: null, threads: 1, engine: null, lease: null, attached: false, ...on })], { stdio: 'inherit' });
  const log = new EventFollower(join(folder.at(name), 'events.ndjson'));
  const follow = (): void => {
    for (const event of log.poll()) react(event, child);
  };
  const timer = setInterval(follow, 2);
  return new Promise((resolve) =>
    child.once('exit', (code, signal) => {
      clearInterval(timer);
      follow();
      resolve({ code, signal });
    }),
  );
}

/** sha256 of every file of all iterations, by path. */
export function fingerprints(folder: string): Record<string, string> {
  const iterations = join(folder, 'iterations');
  const files = (readdirSync(iterations, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((path) => [path.slice(iterations.length + 1), createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );
}
