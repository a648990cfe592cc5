import { type Sentence, spoken } from '../sentence/sentence';
import { describeExperiment } from './describeExperiment';
import type { Finding } from './findings';
import { type BatchSummary, dataRules } from './rules/withData';
import type { Validation } from './validate';

/** One of the second stage, which a run keeps. */
export interface DataFinding extends Finding {
  /** the message, to be said in any language */
  readonly said: Sentence;
}

/**
 * The second stage of validation: how the experiment fits its first batch. Pure, and in time proportional to the number
 * of variables.
 *
 * @param batch every state and action of the system has its column there
 * @returns in the order of the text; empty where the first stage found an error
 */
export function validateWithData({ experiment, places }: Pick<Validation, 'experiment' | 'places'>, batch: BatchSummary): readonly DataFinding[] {
  if (experiment === null) return [];
  const findings: DataFinding[] = [];
  const context = {
    ...places, experiment, description: describeExperiment(experiment), batch,
    report: (severity: Finding['severity'], code: Finding['code'], said: Sentence, range: Finding['range']) => findings.push({ code, severity, message: spoken(said), said, range }),
  };
  for (const check of dataRules) check(context);
  return findings.sort((a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character);
}
