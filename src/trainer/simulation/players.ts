import { join } from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { isShipped } from '../../experiment/systems';
import { isHeard } from '../../learning/engine/threads';
import { sentence } from '../../sentence/sentence';
import { SpokenError } from '../../sentence/spokenError';
import { type HelperData, type PlayedPiece, type Round, ROUND } from './playerMessages';
import { type Play, type Played, type PlayedSystem, playEpisodes } from './playing';
import type { Simulators } from './simulators';

/** Episodes that are played side by side: few enough that all threads have something to do, enough that a step is worth its calls. */
const LEAST_TOGETHER = 5;
/** Pieces that one play is cut into at most. */
const MOST_PIECES = 8;
/** Helpers at most: each is a thread of Node's with some ten megabytes of its own. */
const MOST_HELPERS = 15;
const LOOK_MS = 100;

export interface PlayersOptions {
  /** the calling one included */
  readonly threads: number;
  /** folder of the built scripts */
  readonly dist: string;
  /** called between pieces and while others play; may throw to leave */
  readonly whileWaiting: () => void;
}

/**
 * Plays episodes on all threads: this one and helpers, which take pieces from a counter. An episode depends on its seed
 * alone, so neither the number of threads nor who plays what changes a bit. The experiment's own simulator program has
 * this thread only.
 */
export class Players {
  private helpers: MessagePort[] = [];
  private readonly most: number;
  private rounds = 0;

  constructor(private readonly system: PlayedSystem, private readonly simulators: Pick<Simulators, 'create'>, private readonly options: PlayersOptions) {
    this.most = isShipped(system.settings.kind) ? Math.min(MOST_HELPERS, options.threads - 1) : 0;
  }

  /**
   * @param tell told of every finished piece, one after the other
   * @returns for each play its episodes in the order of their seeds
   */
  play(plays: readonly Play[], tell: (done: number, total: number) => void): Played[] {
    const cut = plays.map((play) => (isShipped(this.system.settings.kind) ? piecesOf(play) : [play]));
    const pieces = cut.flat();
    const played = this.playPieces(pieces, tell);
    let at = 0;
    return cut.map((own) => {
      const parts = played.slice(at, (at += own.length));
      return { episodes: parts.flatMap(({ episodes }) => episodes), infeasible: parts.reduce((sum, { infeasible }) => sum + infeasible, 0) };
    });
  }

  close(): void {
    for (const port of this.helpers) port.close();
    this.helpers = [];
  }

  private playPieces(pieces: readonly Play[], tell: (done: number, total: number) => void): Played[] {
    const round = this.rounds++;
    const helpers = this.helpersFor(pieces.length);
    const words = new Int32Array(new SharedArrayBuffer(4 * (ROUND.words + helpers.length)));
    helpers.forEach((port, helper) => port.postMessage({ round, pieces, words, helper } satisfies Round));
    // in this order: what a helper finished before it was through, or before its end, is counted
    const isLost = () => helpers.every((port, helper) => Atomics.load(words, ROUND.words + helper) === 1 || !isHeard(port)) && Atomics.load(words, ROUND.finished) < pieces.length;
    const played = new Array<Played | null>(pieces.length).fill(null);
    let told = 0;
    const tellAll = () => {
      const finished = Atomics.load(words, ROUND.finished);
      while (told < finished) tell(++told, pieces.length);
      this.options.whileWaiting();
    };
    try {
      for (let index = Atomics.add(words, ROUND.next, 1); index < pieces.length; index = Atomics.add(words, ROUND.next, 1)) {
        played[index] = this.playHere(pieces[index]);
        Atomics.add(words, ROUND.finished, 1);
        tellAll();
      }
      for (let seen = Atomics.load(words, ROUND.finished); seen < pieces.length; seen = Atomics.load(words, ROUND.finished)) {
        if (Atomics.wait(words, ROUND.finished, seen, LOOK_MS) === 'timed-out' && isLost()) throw new HelperEnded();
        tellAll();
      }
    } finally {
      Atomics.store(words, ROUND.next, pieces.length); // after an error the helpers begin nothing more
    }
    // what is left of a round that an error ended is passed over
    for (const piece of helpers.flatMap(received)) if (piece.round === round) played[piece.index] = piece.played;
    // what a helper could not play tells here why
    return played.map((own, index) => own ?? this.playHere(pieces[index]));
  }

  private playHere(piece: Play): Played {
    return playEpisodes(this.system, this.simulators.create(piece.seeds.length), piece);
  }

  /** Helpers for so many pieces, started when first needed: one that starts late finds less to do. One that has ended meanwhile held nothing. */
  private helpersFor(pieces: number): readonly MessagePort[] {
    const wanted = Math.min(this.most, pieces - 1);
    this.helpers = this.helpers.filter(isHeard);
    while (this.helpers.length < wanted) {
      const { port1, port2 } = new MessageChannel();
      const workerData: HelperData = { system: this.system, port: port2 };
      new Worker(join(this.options.dist, 'playerWorker.cjs'), { workerData, transferList: [port2] }).unref();
      port1.unref();
      this.helpers.push(port1);
    }
    return this.helpers.slice(0, Math.max(0, wanted));
  }
}

class HelperEnded extends SpokenError {
  override readonly name = 'HelperEnded';
  readonly code = 'out-of-memory';

  constructor() {
    super(sentence('A thread that plays episodes has ended by itself, most likely for want of memory. Give Node more (NODE_OPTIONS=--max-old-space-size=<MB>) or use fewer threads, then resume the run.'));
  }
}

function piecesOf(play: Play): Play[] {
  const { seeds } = play;
  const together = Math.max(LEAST_TOGETHER, Math.ceil(seeds.length / MOST_PIECES));
  return Array.from({ length: Math.ceil(seeds.length / together) }, (_, piece) => ({ ...play, seeds: seeds.slice(piece * together, (piece + 1) * together) }));
}

function received(port: MessagePort): PlayedPiece[] {
  const pieces: PlayedPiece[] = [];
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) pieces.push((next as { message: PlayedPiece }).message);
  return pieces;
}
