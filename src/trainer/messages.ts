import type { EventBody, Phase } from '../run/contract';
import type { WrittenFile } from '../run/runFold';
import type { Sentence } from '../sentence/sentence';
import type { EngineChoice } from './engines/engines';

/** What the computing worker is given. */
export interface ComputeData {
  readonly folder: string;
  readonly experimentText: string;
  /** files that exist, by their path in the run folder */
  readonly files: readonly WrittenFile[];
  /** of a plant: what add-data told, call by call */
  readonly added: readonly { readonly iteration: number; readonly episodes: number }[];
  /** decisions taken so far, by iteration */
  readonly decisions: readonly { readonly iteration: number; readonly decision: 'approved' | 'rejected'; readonly by: 'automatic' | 'person' }[];
  readonly checkpoint: Uint8Array | null;
  readonly engine: EngineChoice;
  readonly threads: number;
  /** MiB for activations; null: the engine's own limit */
  readonly memory: number | null;
  /** folder of the built scripts and of the kernel */
  readonly dist: string;
  /** one word: see STOP */
  readonly stop: Int32Array<SharedArrayBuffer>;
  /** where the experiment's simulator program starts; null: none may be started */
  readonly programFolder: string | null;
  /** one word: its process id while it runs, else 0 */
  readonly programPid: Int32Array<SharedArrayBuffer>;
}

export const STOP = { none: 0, afterIteration: 1, now: 2 } as const;

/** What the worker tells the coordinator, in the order in which it is to be written. */
export type ComputeMessage =
  | { readonly kind: 'event'; readonly body: EventBody }
  | { readonly kind: 'file'; readonly path: string; readonly content: Uint8Array | string; readonly iteration: number }
  | { readonly kind: 'progress'; readonly iteration: number; readonly phase: Phase; readonly done: number; readonly total: number; readonly metrics: Readonly<Record<string, number>> }
  | { readonly kind: 'checkpoint'; readonly content: Uint8Array; readonly iteration: number }
  | { readonly kind: 'sync' }
  | { readonly kind: 'ended'; readonly state: 'done' | 'stopped' | 'awaiting-approval' | 'awaiting-data' }
  /** what the experiment begins with cannot be used: exit code 2 */
  | { readonly kind: 'invalid'; readonly code: string; readonly said: Sentence }
  /** what failed and its causes, outermost first */
  | { readonly kind: 'failed'; readonly code: string; readonly sentences: readonly Sentence[] };
