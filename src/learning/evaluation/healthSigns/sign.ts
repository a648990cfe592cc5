import { type Sentence, sentence } from '../../../sentence/sentence';

/** What may be wrong with a run although it runs. */
export const signCodes = [
  'terms-in-conflict', 'diversity-dominates', 'coverage-stalls', 'bounds-bind', 'recordings-redundant', 'policies-vary',
  'models-vary', 'promise-missed', 'models-unstable', 'behaviour-without-support', 'actions-without-support',
] as const;
export type SignCode = (typeof signCodes)[number];

/** One sign, measured; raised: beyond its threshold. */
export interface HealthSign {
  readonly code: SignCode;
  readonly raised: boolean;
  /** what was measured; every number is finite */
  readonly metrics: Readonly<Record<string, number>>;
  /** cause and remedy in plain words, for a sign that is raised */
  readonly said: Sentence;
}

/** A sign, or null where something of it is no finite number: then nothing is known. */
export function signOf(code: SignCode, raised: boolean, metrics: Readonly<Record<string, number>>, said: Sentence): HealthSign | null {
  return Object.values(metrics).every(Number.isFinite) ? { code, raised, metrics, said } : null;
}

/** A share as people read it: 0.034 → “3.4 %”. */
export function percent(share: number): Sentence {
  return sentence('{0} %', short(100 * share));
}

/** A number with two digits: 0.12345 → “0.12”. */
export function short(value: number): number {
  return Number(value.toPrecision(2));
}
