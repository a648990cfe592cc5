import type { MessagePort } from 'node:worker_threads';
import type { Play, Played, PlayedSystem } from './playing';

/**
 * Words that the threads of a round share: the next piece that nobody has taken, and how many are finished. Behind them one for
 * each helper, which it sets when it takes no more pieces.
 */
export const ROUND = { next: 0, finished: 1, words: 2 } as const;

/** What a helper thread is given when it starts. */
export interface HelperData {
  readonly system: PlayedSystem;
  readonly port: MessagePort;
}

/** What is to be played by all threads together. */
export interface Round {
  readonly round: number;
  readonly pieces: readonly Play[];
  readonly words: Int32Array<SharedArrayBuffer>;
  /** which helper this is, from 0 */
  readonly helper: number;
}

/** One piece that a helper has played. */
export interface PlayedPiece {
  readonly round: number;
  readonly index: number;
  /** null: it could not, and whoever asked finds out why by trying */
  readonly played: Played | null;
}
