import type { MessagePort } from 'node:worker_threads';
import type { SimulatorProgramCode } from '../../learning/system/simulatorProgramError';
import type { Sentence } from '../../sentence/sentence';

/** What the thread that owns a simulator program is given. */
export interface ProgramThreadData {
  readonly command: readonly string[];
  /** where the program starts */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly port: MessagePort;
  /** grows by one with every answer, so that who waits for it can sleep */
  readonly signal: Int32Array<SharedArrayBuffer>;
  /** the program's process id while it runs, else 0 */
  readonly pid: Int32Array<SharedArrayBuffer>;
}

export type ProgramThreadRequest =
  /** one line without its end; the answer is due within `limitMs` */
  | { readonly kind: 'line'; readonly line: string; readonly what: string; readonly limitMs: number }
  | { readonly kind: 'close' };

export type ProgramThreadAnswer =
  | { readonly kind: 'line'; readonly line: string; readonly stderr: string }
  | { readonly kind: 'failed'; readonly code: SimulatorProgramCode; readonly said: Sentence; readonly stderr: string }
  | { readonly kind: 'closed' };
