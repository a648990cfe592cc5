import { sentence } from '../sentence/sentence';
import type { Decision, EnsembleSpread, EpisodeScores, EvaluatedPolicy, Evaluation, Predicted, PredictedPolicy, Recommendation, RunDescription, RunRequest, Versions, Violations } from './contract';
import { choiceAt, countAt, fieldsAt, formatAt, listAt, nullOr, numberAt, parseJson, recordAt, sentenceAt, sha256At, textAt } from './guards';
import { RunError } from './runError';
import { isId } from './runId';

/** More is in no experiment, and whoever shows a run goes through all of them. */
const mostIterations = 1000;
const mostPolicies = 64;

/** Readers of the JSON files of a run. Each throws RunError invalid-file, with the place of what is wrong. */

function idAt(value: unknown, where: string): string {
  const text = textAt(value, where, 100);
  if (!isId(text)) throw new RunError('invalid-file', sentence('{0} is not an id.', where));
  return text;
}

function versionsAt(value: unknown, where: string): Versions {
  const versions = recordAt(value, where, (entry, at) => textAt(entry, at, 200));
  return { ...versions, ibrl: textAt(versions['ibrl'], `${where}.ibrl`), node: textAt(versions['node'], `${where}.node`) };
}

/** run.json */
export function parseRunDescription(text: string, where = 'run.json'): RunDescription {
  const file = fieldsAt(parseJson(text, where), where);
  return {
    ...formatAt(file, 'ibrl-run', where),
    id: idAt(file['id'], `${where}: id`),
    name: textAt(file['name'], `${where}: name`),
    created: textAt(file['created'], `${where}: created`, 100),
    seed: numberAt(file['seed'], `${where}: seed`),
    iterations: countAt(file['iterations'], `${where}: iterations`, mostIterations),
    policies: countAt(file['policies'], `${where}: policies`, mostPolicies),
    source: nullOr(textAt)(file['source'], `${where}: source`),
    versions: versionsAt(file['versions'], `${where}: versions`),
    experimentSha256: sha256At(file['experimentSha256'], `${where}: experimentSha256`),
    dataSha256: recordAt(file['dataSha256'], `${where}: dataSha256`, sha256At),
  };
}

const requestKinds = ['stop-after-iteration', 'stop-now', 'approve', 'reject', 'add-data'] as const;

/** control/<id>.json */
export function parseRequest(text: string, where = 'control file'): RunRequest {
  const file = fieldsAt(parseJson(text, where), where);
  return {
    ...formatAt(file, 'ibrl-request', where),
    id: idAt(file['id'], `${where}: id`),
    kind: choiceAt(file['kind'], requestKinds, `${where}: kind`),
    created: textAt(file['created'], `${where}: created`, 100),
    ...(file['files'] === undefined ? {} : { files: listAt(file['files'], `${where}: files`, textAt, 10_000) }),
    ...(file['reason'] === undefined ? {} : { reason: textAt(file['reason'], `${where}: reason`) }),
  };
}

function violationsAt(value: unknown, where: string): Violations {
  const violations = fieldsAt(value, where);
  return {
    steps: countAt(violations['steps'], `${where}.steps`),
    share: numberAt(violations['share'], `${where}.share`),
    worst: numberAt(violations['worst'], `${where}.worst`),
  };
}

function scoresAt(value: unknown, where: string): EpisodeScores {
  const scores = fieldsAt(value, where);
  const costs = listAt(scores['costs'], `${where}.costs`, numberAt);
  const returns = listAt(scores['returns'], `${where}.returns`, numberAt);
  if (costs.length === 0 || costs.length !== returns.length) {
    throw new RunError('invalid-file', sentence('{0} needs one cost and one return for each episode, and at least one episode.', where));
  }
  const spread = scores['ensembleSpread'];
  return { costs, returns, ...(spread === undefined ? {} : { ensembleSpread: ensembleSpreadAt(spread, `${where}.ensembleSpread`) }) };
}

function policyAt(value: unknown, where: string): PredictedPolicy & EvaluatedPolicy {
  const policy = fieldsAt(value, where);
  return {
    policy: countAt(policy['policy'], `${where}.policy`),
    sha256: sha256At(policy['sha256'], `${where}.sha256`),
    ...scoresAt(policy, where),
    violations: violationsAt(policy['violations'], `${where}.violations`),
  };
}

function ensembleSpreadAt(value: unknown, where: string): EnsembleSpread {
  const spread = fieldsAt(value, where);
  return { cost: numberAt(spread['cost'], `${where}.cost`), return: numberAt(spread['return'], `${where}.return`) };
}

function policiesAt(value: unknown, where: string): (PredictedPolicy & EvaluatedPolicy)[] {
  const policies = listAt(value, where, policyAt, 10_000);
  if (policies.length === 0) throw new RunError('invalid-file', sentence('{0} holds no policy.', where));
  return policies;
}

const verdicts = ['candidate', 'predicted-violation', 'little-support', 'no-sure-improvement', 'not-a-number'] as const;

function recommendationAt(value: unknown, where: string): Recommendation {
  const recommendation = fieldsAt(value, where);
  const improvementAt = (entry: unknown, at: string) => {
    const improvement = fieldsAt(entry, at);
    return { mean: numberAt(improvement['mean'], `${at}.mean`), spread: numberAt(improvement['spread'], `${at}.spread`) };
  };
  return {
    reason: textAt(recommendation['reason'], `${where}.reason`, 1_000_000),
    ...(recommendation['sentence'] === undefined ? {} : { sentence: sentenceAt(recommendation['sentence'], `${where}.sentence`) }),
    policies: listAt(recommendation['policies'], `${where}.policies`, (entry, at) => {
      const policy = fieldsAt(entry, at);
      return {
        policy: countAt(policy['policy'], `${at}.policy`),
        improvement: nullOr(improvementAt)(policy['improvement'], `${at}.improvement`),
        sureImprovement: nullOr(numberAt)(policy['sureImprovement'], `${at}.sureImprovement`),
        supported: numberAt(policy['supported'], `${at}.supported`),
        violations: countAt(policy['violations'], `${at}.violations`),
        verdict: choiceAt(policy['verdict'], verdicts, `${at}.verdict`),
      };
    }, 10_000),
  };
}

/** iterations/NNN/predicted.json */
export function parsePredicted(text: string, where = 'predicted.json'): Predicted {
  const file = fieldsAt(parseJson(text, where), where);
  return {
    ...formatAt(file, 'ibrl-predicted', where),
    iteration: countAt(file['iteration'], `${where}: iteration`),
    steps: countAt(file['steps'], `${where}: steps`),
    policies: policiesAt(file['policies'], `${where}: policies`),
    probe: nullOr(policyAt)(file['probe'], `${where}: probe`),
    behaviour: nullOr(scoresAt)(file['behaviour'], `${where}: behaviour`),
    recommended: nullOr(countAt)(file['recommended'], `${where}: recommended`),
    recommendation: nullOr(recommendationAt)(file['recommendation'], `${where}: recommendation`),
  };
}

/** iterations/NNN/decision.json */
export function parseDecision(text: string, where = 'decision.json'): Decision {
  const file = fieldsAt(parseJson(text, where), where);
  return {
    ...formatAt(file, 'ibrl-decision', where),
    iteration: countAt(file['iteration'], `${where}: iteration`),
    decision: choiceAt(file['decision'], ['approved', 'rejected'] as const, `${where}: decision`),
    by: choiceAt(file['by'], ['automatic', 'person'] as const, `${where}: by`),
    reason: nullOr(textAt)(file['reason'], `${where}: reason`),
  };
}

/** iterations/NNN/evaluation.json */
export function parseEvaluation(text: string, where = 'evaluation.json'): Evaluation {
  const file = fieldsAt(parseJson(text, where), where);
  return {
    ...formatAt(file, 'ibrl-evaluation', where),
    iteration: countAt(file['iteration'], `${where}: iteration`),
    steps: countAt(file['steps'], `${where}: steps`),
    ...(file['by'] === undefined ? {} : { by: choiceAt(file['by'], ['models'] as const, `${where}: by`) }),
    policies: policiesAt(file['policies'], `${where}: policies`),
    probe: nullOr(policyAt)(file['probe'], `${where}: probe`),
    references: recordAt(file['references'], `${where}: references`, scoresAt),
    coverage: numberAt(file['coverage'], `${where}: coverage`),
    minLsed: numberAt(file['minLsed'], `${where}: minLsed`),
    recommended: nullOr(countAt)(file['recommended'], `${where}: recommended`),
  };
}
