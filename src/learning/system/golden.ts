import { Deviation } from './golden/deviation';
import type { GoldenFile, GoldenKind } from './golden/goldenFile';
import { GoldenError } from './golden/goldenFile';
import { checkSeeded } from './golden/seeded';
import { checkSingleTransitions } from './golden/singleTransitions';
import { checkStatistics } from './golden/statistics';
import { checkEffectiveActions, checkGoldstoneTransitions, checkGoldstoneValues } from './golden/tables';
import { checkTrajectory } from './golden/trajectory';

/** What one file of reference data says about our simulator. */
export interface GoldenResult {
  readonly file: string;
  readonly kind: GoldenKind;
  /** numbers that were compared */
  readonly compared: number;
  /**
   * Largest |x − reference| / max(1, |reference|); the largest number there is when a draw was made too often or not
   * at all. Null for statistics, which agree by chance only.
   */
  readonly worstRelativeError: number | null;
  /** largest standardised difference of a mean; null for all but statistics */
  readonly worstZScore: number | null;
  /** where the worst number is, and draws that differ, in words */
  readonly notes: readonly string[];
}

/** All files together. */
export interface GoldenReport {
  /** number of files that were checked */
  readonly files: number;
  readonly worstRelativeError: number;
  /** null when there are no statistics */
  readonly worstZScore: number | null;
  readonly results: readonly GoldenResult[];
}

/** Own episodes in each cell of the statistics, where nothing else is asked for. */
const statisticsEpisodes = 40;

const exactChecks: Readonly<Record<Exclude<GoldenKind, 'policy-statistics'>, (file: GoldenFile, deviation: Deviation) => void>> = {
  trajectory: checkTrajectory,
  'single-transitions': checkSingleTransitions,
  'goldstone-transition': checkGoldstoneTransitions,
  'goldstone-value': checkGoldstoneValues,
  'effective-action': checkEffectiveActions,
  'seeded-numpy': checkSeeded,
};

/**
 * Compares the Industrial Benchmark with reference data of a folder that has an index (`readGoldenIndex`).
 *
 * @param files the index's entries with their texts
 * @param episodes own episodes in each cell of the statistics
 * @throws GoldenError when the data cannot be used
 */
export function verifyGolden(files: readonly GoldenFile[], episodes = statisticsEpisodes): GoldenReport {
  const results = files.map((file) => verifyFile(file, episodes));
  const errors = results.flatMap((result) => result.worstRelativeError ?? []);
  const scores = results.flatMap((result) => result.worstZScore ?? []);
  if (errors.length === 0) throw new GoldenError('index.json', 'names no file with numbers to compare.');
  return {
    files: files.length,
    worstRelativeError: Math.max(...errors),
    worstZScore: scores.length === 0 ? null : Math.max(...scores),
    results,
  };
}

function verifyFile(file: GoldenFile, episodes: number): GoldenResult {
  const { file: name, kind } = file.entry;
  if (kind === 'policy-statistics') {
    const checks = checkStatistics(file, episodes);
    const worst = checks.reduce((a, b) => (b.zScore > a.zScore ? b : a));
    const notes = [`worst: ${worst.measure} of ${worst.cell}`];
    return { file: name, kind, compared: checks.length, worstRelativeError: null, worstZScore: worst.zScore, notes };
  }
  const deviation = new Deviation();
  exactChecks[kind](file, deviation);
  const notes = deviation.worstAt === '' ? deviation.problems : [`worst: ${deviation.worstAt}`, ...deviation.problems];
  return { file: name, kind, compared: deviation.compared, worstRelativeError: deviation.worst, worstZScore: null, notes };
}
