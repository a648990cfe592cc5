import type { SystemDescription } from '../../experiment/experiment';
import { type Sentence, sentence } from '../../sentence/sentence';
import type { SimulatorProgramCode } from './simulatorProgramError';
import { SimulatorProgramError } from './simulatorProgramError';

/** The other end of a program: one line of text to it, one line back. */
export interface LineChannel {
  /** @param what is asked for, in sentences @throws SimulatorProgramError when there is no answer */
  exchange(line: string, what: ProgramRequest['do']): string;
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
    const line = this.channel.exchange(JSON.stringify({ id, ...request }), request.do);
    const answer = this.parse(line, request.do);
    if (typeof answer['error'] === 'string') throw this.failure('program-refused', sentence('The simulator program refused to {0}: {1}', request.do, shorten(answer['error'])));
    if (answer['id'] !== id) {
      throw this.failure('program-nonsense', sentence('The simulator program answered {0} with "id": {1} instead of {2}: repeat the request\'s id, and answer each line with exactly one.', request.do, JSON.stringify(answer['id']) ?? 'nothing', id));
    }
    return answer;
  }

  failure(code: SimulatorProgramCode, said: Sentence): SimulatorProgramError {
    return new SimulatorProgramError(code, said, this.channel.lastWords());
  }

  private parse(line: string, request: string): Answer {
    let answer: unknown;
    try {
      answer = JSON.parse(line);
    } catch {
      const why = /\b(NaN|-?Infinity)\b/.exec(line);
      throw this.failure('program-nonsense', why === null
        ? sentence('The simulator program answered {0} with something that is not JSON: {1}. Only answers belong on stdout; print anything else to stderr.', request, shorten(line))
        : sentence('The simulator program answered {0} with {1}: every state and reward must be a finite number.', request, why[0]));
    }
    if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) throw this.failure('program-nonsense', sentence('The simulator program answered {0} with {1} instead of a JSON object.', request, shorten(line)));
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
    if (!Array.isArray(told)) throw conversation.failure('program-nonsense', sentence('The simulator program\'s description has no list of {0}: answer describe with {"states": […], "actions": […]}.', kind));
    const names = told.map((variable: unknown) => (isObject(variable) ? variable['name'] : undefined));
    const wanted: readonly { readonly name: string; readonly unit: string; readonly range: readonly [number, number] }[] = description[kind];
    const unknown = names.filter((name) => !wanted.some((variable) => variable.name === name));
    if (unknown.length > 0 || names.length !== wanted.length) {
      throw conversation.failure('program-disagrees', sentence('The simulator program has the {0} {1}, the experiment {2}: name the same in both.', kind, list(names), list(wanted.map(({ name }) => name))));
    }
    return Int32Array.from(wanted, (variable) => {
      const column = names.indexOf(variable.name);
      if (column < 0) throw conversation.failure('program-disagrees', sentence('The simulator program has no {0} among its {1}, {2}, or another one twice: name each once.', variable.name, kind, list(names)));
      const { unit, range } = told[column] as Answer;
      if (unit !== variable.unit) throw conversation.failure('program-disagrees', sentence('The unit of {0} is {1} in the simulator program and {2} in the experiment: make them the same.', variable.name, quote(unit), quote(variable.unit)));
      if (!Array.isArray(range) || range.length !== 2 || range[0] !== variable.range[0] || range[1] !== variable.range[1]) {
        throw conversation.failure('program-disagrees', sentence('The range of {0} is {1} in the simulator program and {2} in the experiment: make them the same.', variable.name, quote(range), quote(variable.range)));
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
  if (!Array.isArray(row) || row.length !== order.length) throw conversation.failure('program-nonsense', sentence("The simulator program's {0} are {1}: a list of {2} numbers is needed.", what, quote(row), order.length));
  for (let i = 0; i < order.length; i++) {
    const value: unknown = row[order[i]];
    if (typeof value !== 'number' || !Number.isFinite(value)) throw conversation.failure('program-nonsense', sentence("The simulator program's {0} hold {1}: every state and reward must be a finite number.", what, quote(value)));
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

/** What a terminal can show of a program's words. */
function shorten(text: string): string {
  const shown = text.slice(0, SHOWN).replaceAll(/\p{Cc}/gu, '·');
  return text.length > SHOWN ? `${shown}…` : shown;
}
