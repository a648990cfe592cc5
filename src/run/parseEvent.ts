import type { EventType, RunEvent } from './contract';
import { phases } from './contract';
import { choiceAt, countAt, fieldsAt, isFields, listAt, numberAt, recordAt, sentenceAt, sha256At, textAt } from './guards';
import { checkedPath } from './paths';

type Check = (value: unknown, where: string) => unknown;

const states = ['running', 'stopped', 'awaiting-approval', 'awaiting-data', 'done', 'failed'] as const;
const requestKinds = ['stop-after-iteration', 'stop-now', 'approve', 'reject', 'add-data'] as const;
const phaseAt: Check = (value, where) => choiceAt(value, phases, where);
const stateAt: Check = (value, where) => choiceAt(value, states, where);
const numbersAt: Check = (value, where) => recordAt(value, where, numberAt);
const textsAt: Check = (value, where) => recordAt(value, where, textAt);
const orAbsent = (check: Check): Check => (value, where) => (value === undefined ? undefined : check(value, where));
const pathAt: Check = (value, where) => checkedPath(textAt(value, where));

function fromAt(value: unknown, where: string): void {
  const from = fieldsAt(value, where);
  countAt(from['seq'], `${where}.seq`);
  countAt(from['iteration'], `${where}.iteration`);
  phaseAt(from['phase'], `${where}.phase`);
  countAt(from['done'], `${where}.done`);
}

function warningAt(value: unknown, where: string): void {
  const warning = fieldsAt(value, where);
  textAt(warning['code'], `${where}.code`);
  textAt(warning['message'], `${where}.message`);
  if (warning['sentence'] !== undefined) sentenceAt(warning['sentence'], `${where}.sentence`);
}

/** What each kind of event must hold. */
const checks: Readonly<Record<EventType, Readonly<Record<string, Check>>>> = {
  'run-created': { id: textAt },
  'attempt-started': { engine: textAt, arithmetic: textAt, threads: countAt, versions: textsAt },
  resumed: { from: fromAt },
  'phase-started': { iteration: countAt, phase: phaseAt },
  'phase-ended': { iteration: countAt, phase: phaseAt },
  'file-written': { path: pathAt, sha256: sha256At, bytes: countAt, iteration: countAt },
  progress: { iteration: countAt, phase: phaseAt, done: countAt, total: countAt, metrics: numbersAt },
  'model-fitted': {
    iteration: countAt,
    model: (value, where) => choiceAt(value, ['transition', 'reward', 'behaviour'], where),
    member: countAt,
    updates: countAt,
    bestUpdate: countAt,
    trainingError: numberAt,
    holdoutError: numberAt,
    residualSpread: numbersAt,
  },
  decision: {
    iteration: countAt,
    decision: (value, where) => choiceAt(value, ['approved', 'rejected'], where),
    by: (value, where) => choiceAt(value, ['automatic', 'person'], where),
  },
  'data-added': { iteration: countAt, episodes: countAt, transitions: countAt, files: (value, where) => recordAt(value, where, sha256At), warnings: (value, where) => listAt(value, where, warningAt, 1000) },
  'request-handled': {
    id: textAt,
    kind: (value, where) => choiceAt(value, requestKinds, where),
    outcome: (value, where) => choiceAt(value, ['done', 'refused', 'expired'], where),
  },
  warning: { code: textAt, message: textAt, iteration: countAt, metrics: orAbsent(numbersAt), sentence: orAbsent(sentenceAt) },
  'health-measured': { iteration: countAt, sign: textAt, raised: (value, where) => choiceAt(typeof value, ['boolean'], where), metrics: numbersAt },
  'non-finite': { iteration: countAt, phase: phaseAt, policy: countAt, update: countAt, count: countAt },
  'state-changed': { state: stateAt },
  'attempt-ended': { state: stateAt, exitCode: countAt },
  'run-finished': {},
  failed: { code: textAt, message: textAt, causes: (value, where) => listAt(value, where, textAt, 100), sentences: orAbsent((value, where) => listAt(value, where, sentenceAt, 100)) },
};

/**
 * One line of events.ndjson.
 * @returns null for what is to be skipped: no JSON, no event, a kind of a later version, or fields that do not fit
 */
export function parseEvent(line: string): RunEvent | null {
  try {
    const event: unknown = JSON.parse(line);
    if (!isFields(event)) return null;
    const type = event['type'];
    if (typeof type !== 'string' || !Object.hasOwn(checks, type)) return null;
    countAt(event['seq'], 'seq');
    countAt(event['attempt'], 'attempt');
    textAt(event['time'], 'time', 100);
    for (const [field, check] of Object.entries(checks[type as EventType])) check(event[field], field);
    // every field that the type names was checked above
    return event as unknown as RunEvent;
  } catch {
    return null;
  }
}

/** The number of a line that is an event of any kind, known or not; null for what is none. */
export function sequenceNumber(line: string): number | null {
  try {
    const event: unknown = JSON.parse(line);
    if (!isFields(event) || typeof event['type'] !== 'string') return null;
    return countAt(event['seq'], 'seq');
  } catch {
    return null;
  }
}
