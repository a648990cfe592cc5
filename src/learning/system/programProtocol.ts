import type { SystemDescription } from '../../experiment/experiment';
import type { SimulatorProgramCode } from './simulatorProgramError';
import { SimulatorProgramError } from './simulatorProgramError';

/** The other end of a program: one line of text to it, one line back. */
export interface LineChannel {
  /** @throws SimulatorProgramError when there is no answer */
  exchange(line: string): string;
  /** what the program last wrote to stderr */
  lastWords(): string;
}

/** What a program is asked. Every request has a number, which its answer repeats. */
export type ProgramRequest =
  | { readonly do: 'describe'; readonly ibrl: 1 }
  | { readonly do: 'reset'; readonly seeds: readonly number[] }
  | { readonly do: 'step'; readonly actions: readonly (readonly number[])[] };

export type Answer = Readonly<Record<string, unknown>>;

/** Columns of the program's states and actions by the experiment's order of variables. */
export interface ProgramColumns {
  /** [states], where the program has each state */
  readonly states: Int32Array;
  /** [actions], where the program has each action */
  readonly actions: Int32Array;
}

const SHOWN = 200;

/** Numbers requests and checks that answers are what was asked for. */
export class ProgramConversation {
  private asked = 0;

  constructor(private readonly channel: LineChannel) {}

  /** @throws SimulatorProgramError, `program-nonsense` when the answer is not an object that repeats the number, `program-refused` when it tells an error */
  ask(request: ProgramRequest): Answer {
    const id = ++this.asked;
    const line = this.channel.exchange(JSON.stringify({ id, ...request }));
    const answer = this.parse(line, request.do);
    if (typeof answer['error'] === 'string') throw this.failure('program-refused', `The simulator program refused to ${request.do}: ${shorten(answer['error'])}`);
    if (answer['id'] !== id) {
      throw this.failure('program-nonsense', `The simulator program answered ${request.do} with "id": ${JSON.stringify(answer['id']) ?? 'nothing'} instead of ${id}: repeat the request's id, and answer each line with exactly one.`);
    }
    return answer;
  }

  failure(code: SimulatorProgramCode, message: string): SimulatorProgramError {
    return new SimulatorProgramError(code, message, this.channel.lastWords());
  }

  private parse(line: string, request: string): Answer {
    let answer: unknown;
    try {
      answer = JSON.parse(line);
    } catch {
      const why = /\b(NaN|-?Infinity)\b/.exec(line);
      throw this.failure('program-nonsense', why === null
        ? `The simulator program answered ${request} with something that is not JSON: ${shorten(line)}. Only answers belong on stdout; print anything else to stderr.`
        : `The simulator program answered ${request} with ${why[0]}: every state and reward must be a finite number.`);
    }
    if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) throw this.failure('program-nonsense', `The simulator program answered ${request} with ${shorten(line)} instead of a JSON object.`);
    return answer as Answer;
  }
}

/**
 * Holds a program's own description against the experiment's variables. The order may differ.
 * @throws SimulatorProgramError `program-disagrees`, `program-nonsense`
 */
export function agreeOnColumns(description: SystemDescription, answer: Answer, conversation: ProgramConversation): ProgramColumns {
  const columns = (kind: 'states' | 'actions'): Int32Array => {
    const told = answer[kind];
    if (!Array.isArray(told)) throw conversation.failure('program-nonsense', `The simulator program's description has no list of ${kind}: answer describe with {"states": […], "actions": […]}.`);
    const names = told.map((variable: unknown) => (isObject(variable) ? variable['name'] : undefined));
    const wanted: readonly { readonly name: string; readonly unit: string; readonly range: readonly [number, number] }[] = description[kind];
    const unknown = names.filter((name) => !wanted.some((variable) => variable.name === name));
    if (unknown.length > 0 || names.length !== wanted.length) {
      throw conversation.failure('program-disagrees', `The simulator program has the ${kind} ${list(names)}, the experiment ${list(wanted.map(({ name }) => name))}: name the same in both.`);
    }
    return Int32Array.from(wanted, (variable) => {
      const column = names.indexOf(variable.name);
      if (column < 0) throw conversation.failure('program-disagrees', `The simulator program has no ${variable.name} among its ${kind}, ${list(names)}, or another one twice: name each once.`);
      const { unit, range } = told[column] as Answer;
      if (unit !== variable.unit) throw conversation.failure('program-disagrees', `The unit of ${variable.name} is ${quote(unit)} in the simulator program and ${quote(variable.unit)} in the experiment: make them the same.`);
      if (!Array.isArray(range) || range.length !== 2 || range[0] !== variable.range[0] || range[1] !== variable.range[1]) {
        throw conversation.failure('program-disagrees', `The range of ${variable.name} is ${quote(range)} in the simulator program and ${quote(variable.range)} in the experiment: make them the same.`);
      }
      return column;
    });
  };
  return { states: columns('states'), actions: columns('actions') };
}

/**
 * Copies numbers out of an answer.
 * @param row one row of the answer, in the program's order
 * @param order for each number that is wanted, its place in the row
 * @throws SimulatorProgramError `program-nonsense`
 */
export function copyNumbers(row: unknown, order: ArrayLike<number>, out: Float64Array, offset: number, what: string, conversation: ProgramConversation): void {
  if (!Array.isArray(row) || row.length !== order.length) throw conversation.failure('program-nonsense', `The simulator program's ${what} are ${quote(row)}: a list of ${order.length} numbers is needed.`);
  for (let i = 0; i < order.length; i++) {
    const value: unknown = row[order[i]];
    if (typeof value !== 'number' || !Number.isFinite(value)) throw conversation.failure('program-nonsense', `The simulator program's ${what} hold ${quote(value)}: every state and reward must be a finite number.`);
    out[offset + i] = value;
  }
}

function isObject(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(names: readonly unknown[]): string {
  return names.length === 0 ? '(none)' : shorten(names.map((name) => (typeof name === 'string' ? name : quote(name))).join(', '));
}

function quote(value: unknown): string {
  return value === undefined ? 'not told' : shorten(JSON.stringify(value));
}

function shorten(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
