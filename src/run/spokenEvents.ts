import { spoken } from '../sentence/sentence';
import type { EventOf } from './contract';

/** What a warning says, in the language of this process. */
export function warningWords({ message, sentence }: Pick<EventOf<'warning'>, 'message' | 'sentence'>): string {
  return sentence === undefined ? message : spoken(sentence);
}

/** What failed and its causes, outermost first, in the language of this process. */
export function failureWords({ message, causes, sentences }: Pick<EventOf<'failed'>, 'message' | 'causes' | 'sentences'>): { readonly message: string; readonly causes: string[] } {
  if (sentences === undefined || sentences.length === 0) return { message, causes: [...causes] };
  const [failed, ...spokenCauses] = sentences.map(spoken);
  return { message: failed, causes: spokenCauses };
}
