import type { Experiment, SystemDescription } from '../../experiment/experiment';
import { createEvaluator } from '../../experiment/evaluateExpression';
import { createSimulator } from '../../learning/system/createSimulator';
import { ProgramSystem, type RewardOfStep } from '../../learning/system/programSimulator';
import type { Simulator } from '../../learning/system/simulator';
import { ProgramProcess, type ProgramOptions } from './programProcess';

/**
 * Where a run's episodes are played: a simulator of ours, or the experiment's own program, which is started when it is
 * first needed and serves the run until `close`.
 */
export class Simulators {
  private process: ProgramProcess | null = null;
  private system: ProgramSystem | null = null;

  constructor(
    private readonly experiment: Pick<Experiment, 'system'>,
    private readonly description: SystemDescription,
    private readonly programs: Omit<ProgramOptions, 'command' | 'timeoutSeconds'>,
  ) {}

  /** @throws SimulatorProgramError when the program does not start, or is not the experiment's */
  create(episodes: number): Simulator {
    const { system } = this.experiment;
    if (system.kind !== 'program') return createSimulator(system, episodes);
    this.process ??= new ProgramProcess({ ...this.programs, command: system.command, timeoutSeconds: system.timeoutSeconds });
    this.system ??= new ProgramSystem(this.description, this.process, rewardOfStep(this.description));
    return this.system.simulator(episodes);
  }

  /** Ends the program, if there is one. */
  close(): void {
    this.process?.close();
    this.process = null;
    this.system = null;
  }
}

/** The reward by the experiment's formula; null: the program tells it. */
function rewardOfStep({ reward, states, actions }: SystemDescription): RewardOfStep | null {
  if (reward.formula.kind !== 'expression') return null;
  const now = new Float64Array(states.length + actions.length);
  const before = new Float64Array(states.length);
  const columns = new Map([...states, ...actions].map(({ name }, column) => [name, column]));
  const evaluate = createEvaluator(reward.formula.expression, (name, previous) => {
    const column = columns.get(name);
    if (column === undefined) throw new RangeError(`The reward names ${name}, which is no variable.`);
    const values = previous ? before : now;
    return () => values[column];
  });
  return (after, action, previous, out) => {
    for (let episode = 0; episode < out.length; episode++) {
      for (let i = 0; i < states.length; i++) {
        now[i] = after[episode * states.length + i];
        before[i] = previous[episode * states.length + i];
      }
      for (let i = 0; i < actions.length; i++) now[states.length + i] = action[episode * actions.length + i];
      out[episode] = evaluate();
    }
  };
}
