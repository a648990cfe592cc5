import { type Sentence, spoken } from '../sentence/sentence';
import type { EventOf } from './contract';

/** What a warning says, in the language of this process. */
export function warningWords({ message, sentence }: Pick<EventOf<'warning'>, 'message' | 'sentence'>): string {
  return sentence === undefined ? message : spoken(sentence);
}

/** Why something is as it is, by a file of the run, in the language of this process. */
export function reasonWords({ reason, sentence }: { readonly reason: string | null; readonly sentence?: Sentence }): string | null {
  return sentence === undefined ? reason : spoken(sentence);
}

/** What failed and its causes, outermost first, in the language of this process. */
export function failureWords({ message, causes, sentences }: Pick<EventOf<'failed'>, 'message' | 'causes' | 'sentences'>): { readonly message: string; readonly causes: string[] } {
  if (sentences === undefined || sentences.length === 0) return { message, causes: [...causes] };
  const [failed, ...spokenCauses] = sentences.map(spoken);
  return { message: failed, causes: spokenCauses };
}
