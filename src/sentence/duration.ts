import { type Sentence, sentence } from './sentence';

/** Shorter than so many seconds, and minutes, is said in those: rounded to whole ones it is off by less than a hundredth. */
const mostSeconds = 120;
const mostMinutes = 120;

/** How long something takes, rounded to what matters: 8 s, 64 s, 3 min, 2 h 10 min. @param ms not negative; what is not nothing is a second at least */
export function duration(ms: number): Sentence {
  const seconds = ms > 0 ? Math.max(1, Math.round(ms / 1000)) : 0;
  if (seconds < mostSeconds) return sentence('{0} s', seconds);
  const minutes = Math.round(ms / 60_000);
  if (minutes < mostMinutes) return sentence('{0} min', minutes);
  const rest = minutes % 60;
  return rest === 0 ? sentence('{0} h', minutes / 60) : sentence('{0} h {1} min', Math.floor(minutes / 60), rest);
}
