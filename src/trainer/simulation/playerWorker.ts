/** Entry of a helper thread that plays episodes on the simulators that are part of this program. */
import { workerData } from 'node:worker_threads';
import { createSimulator } from '../../learning/system/createSimulator';
import { type HelperData, type PlayedPiece, type Round, ROUND } from './playerMessages';
import { type Play, type Played, playEpisodes } from './playing';

const { system, port } = workerData as HelperData;

port.on('message', (message: Round | null) => {
  if (message === null) return; // asked whether we are here
  const { round, pieces, words, helper } = message;
  for (let index = Atomics.add(words, ROUND.next, 1); index < pieces.length; index = Atomics.add(words, ROUND.next, 1)) {
    const played = playOrNull(pieces[index]);
    const numbers = played?.episodes.flatMap(({ states, actions, rewards }) => [states.buffer, actions.buffer, rewards.buffer] as ArrayBuffer[]) ?? [];
    port.postMessage({ round, index, played } satisfies PlayedPiece, numbers);
    Atomics.add(words, ROUND.finished, 1);
    Atomics.notify(words, ROUND.finished);
  }
  Atomics.store(words, ROUND.words + helper, 1);
});

function playOrNull(piece: Play): Played | null {
  try {
    return playEpisodes(system, createSimulator(system.settings, piece.seeds.length), piece);
  } catch {
    return null;
  }
}
