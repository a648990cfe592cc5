import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { isAlive } from '../../scripts/processes.mjs';
import { soon } from '../../test/workbench/driver/runs';

/** A stretch in which the event loop of the host did not turn. */
interface Stretch {
  readonly ms: number;
  /** that its thread had the processor: less than `ms` where the machine had other things to do */
  readonly processorMs: number;
  /** of `ms`, with the extension's code on the stack */
  readonly ownMs: number;
  /** the extension's functions that were on top longest, with their time */
  readonly functions: readonly string[];
}

interface Profile {
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number; readonly columnNumber: number }; readonly children?: readonly number[] }[];
}

const ownFolder = '/ibrl-studio.ibrl-studio-';

/** The bench's probe in the extension host of the newest window. */
export class HostProbe {
  private constructor(private readonly port: number) {}

  /** Waits for the host of a window that was opened or reloaded just now. @param earlier ids of hosts that are not meant */
  static async connect(earlier: ReadonlySet<string>): Promise<HostProbe> {
    const file = await soon(() => HostProbe.hosts().find((name) => !earlier.has(name)), 'the probe in the extension host');
    const { port } = await soon(() => readPort(join(inject('probes'), file)), 'the port of the probe');
    return new HostProbe(port);
  }

  /** Hosts that have told where their probe listens. */
  static hosts(): string[] {
    const folder = inject('probes');
    return existsSync(folder) ? readdirSync(folder).filter((name) => isAlive(Number.parseInt(name, 10))) : [];
  }

  async command(...words: readonly unknown[]): Promise<void> {
    await this.ask('/command', words);
  }

  /** Heap of the host after garbage was collected, bytes. */
  async heap(): Promise<number> {
    return ((await this.ask('/heap')) as { bytes: number }).bytes;
  }

  /** What kept the host busy while something was done, the longest first. */
  async during(work: () => Promise<void>): Promise<Stretch[]> {
    await this.ask('/begin');
    await work();
    const { late, profile } = (await this.ask('/end')) as { readonly late: readonly (readonly [number, number, number])[]; readonly profile: Profile };
    return stretchesOf(late, profile);
  }

  private async ask(path: string, body: readonly unknown[] = []): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`The probe refused ${path}: ${await response.text()}`);
    return response.json();
  }
}

function readPort(path: string): { readonly port: number } | null {
  const text = readFileSync(path, 'utf8');
  return text === '' ? null : (JSON.parse(text) as { port: number });
}

function stretchesOf(late: readonly (readonly [number, number, number])[], { startTime, samples, timeDeltas, nodes }: Profile): Stretch[] {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const owner = (node: number): string | null => {
    for (let id: number | undefined = node; id !== undefined; id = parents.get(id)) {
      const frame = frames.get(id);
      if (frame?.url.includes(ownFolder)) return `${frame.functionName || '(anonymous)'} ${frame.url.split('/').at(-1)}:${frame.lineNumber + 1}:${frame.columnNumber + 1}`;
    }
    return null;
  };
  const owners = new Map(nodes.map(({ id }) => [id, owner(id)]));
  let time = startTime;
  const ends = timeDeltas.map((delta) => (time += delta));
  return late
    .map(([from, to, used]): Stretch => {
      const functions = new Map<string, number>();
      let own = 0;
      for (let index = 0; index < samples.length; index++) {
        // a sample stands for the time until the next one
        const [start, end] = [Math.max(from, ends[index]), Math.min(to, ends[index + 1] ?? ends[index])];
        const name = owners.get(samples[index]) ?? null;
        if (end <= start || name === null) continue;
        own += end - start;
        functions.set(name, (functions.get(name) ?? 0) + end - start);
      }
      const longest = [...functions].sort(([, a], [, b]) => b - a).slice(0, 4);
      return { ms: (to - from) / 1_000, processorMs: used / 1_000, ownMs: own / 1_000, functions: longest.map(([name, us]) => `${name} ${(us / 1_000).toFixed(1)} ms`) };
    })
    .sort((a, b) => b.ms - a.ms);
}
