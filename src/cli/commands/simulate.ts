import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { parse } from 'yaml';
import type { Experiment } from '../../experiment/experiment';
import { describeSystem, shippedKinds } from '../../experiment/systems';
import { validateExperiment } from '../../experiment/validate';
import type { Controller } from '../../learning/policy/controller';
import type { PolicyController } from '../../learning/policy/policyController';
import { readPolicyController } from '../../learning/policy/policyFile';
import { Random } from '../../learning/random';
import { readPlainFile } from '../../run/readBytes';
import { createSimulator } from '../../learning/system/createSimulator';
import { scoreEpisodes } from '../../learning/system/record';
import { createScripted } from '../../learning/system/scripted/createScripted';
import { withExploration } from '../../learning/system/scripted/exploration';
import { episodeSeeds } from '../../learning/system/seeds';
import { conclude, exitCodes, InputError, print, printJson } from '../output';

interface SimulateOptions {
  readonly policy: string;
  readonly episodes: number;
  readonly steps?: number;
  readonly seed: number;
  readonly set: readonly string[];
  readonly epsilon: number;
  readonly discount?: number;
  readonly json?: boolean;
}

/** A mean over episodes; the standard error of one episode alone is not known. */
interface Estimate {
  readonly mean: number;
  readonly standardError: number | null;
}

interface Simulation {
  readonly system: string;
  readonly policy: string;
  readonly episodes: number;
  readonly steps: number;
  readonly seed: number;
  readonly epsilon: number;
  readonly discount: number;
  /** −reward per step, undiscounted */
  readonly cost: Estimate;
  /** discounted sum of rewards */
  readonly return: Estimate;
}

/** `ibrl simulate`: what a scripted or searched policy costs on a simulated system. */
export function register(program: Command): void {
  program
    .command('simulate')
    .description('play a policy on a simulated system and print what it costs')
    .argument('<system>', 'grid-2d or industrial-benchmark')
    .option('--policy <name|file>', 'a scripted policy by name, or the file of a searched one', 'do-nothing')
    .option('--episodes <n>', 'number of episodes', integer(1), 20)
    .option('--steps <n>', 'steps in each episode (default: the length at which the system is evaluated)', integer(1))
    .option('--seed <n>', 'seed of starts and noise; policies with the same seed meet the same', integer(-0x80000000), 1)
    .option('--set <setting=value>', 'a setting of the system, as in an experiment file: system.setpoint=70 (may be repeated)', collect, [])
    .option('--epsilon <p>', 'probability of a uniformly random action in each step', share, 0)
    .option('--discount <g>', 'discount of the return (default: the one with which the system is searched)', share)
    .option('--json', 'print JSON')
    .action((system: string, options: SimulateOptions) => {
      return conclude(options.json, () => {
        const result = simulate(system, options);
        if (options.json) printJson(result);
        else print(describe(result));
        return exitCodes.done;
      });
    });
}

function simulate(system: string, options: SimulateOptions): Simulation {
  const experiment = experimentOf(system, options.set);
  const settings = experiment.system;
  const steps = options.steps ?? experiment.deployment.evaluateSteps;
  const discount = options.discount ?? experiment.search.discount;
  const { costs, returns } = scoreEpisodes({
    simulator: createSimulator(settings, options.episodes),
    controller: controllerOf(settings, options.policy, options.epsilon),
    steps,
    seeds: episodeSeeds(new Random(options.seed).fork('simulate'), options.episodes),
    discount,
  });
  return {
    system: settings.kind,
    policy: options.policy,
    episodes: options.episodes,
    steps,
    seed: options.seed,
    epsilon: options.epsilon,
    discount,
    cost: estimate(costs),
    return: estimate(returns),
  };
}

/** Why what was named cannot be played here; null: it is for the validator to judge. */
function notPlayed(system: string): string | null {
  const ours = `\`ibrl simulate\` plays the simulators that are part of IBRL Studio: ${shippedKinds.join(', ')}.`;
  if (system === 'plant') return `A plant cannot be simulated: it is known by its recordings only. ${ours} What a policy would have done on recordings: ibrl replay POLICY FILES…`;
  if (system === 'program') return `A simulator program is not played here: it belongs to an experiment file. ${ours} Run the experiment, which plays and scores its policies in the program: ibrl train FILE`;
  if (existsSync(system)) return `${system} is a file. ${ours} An experiment file is run by: ibrl train ${system}`;
  return null;
}

/** The settings are those of an experiment file that names nothing but the system, so one validator judges both. */
function experimentOf(system: string, settings: readonly string[]): Experiment {
  const refusal = notPlayed(system);
  if (refusal !== null) throw new InputError('not-a-simulator', refusal);
  const file = { ibrl: 1, name: 'simulate', system: { kind: system } };
  for (const setting of settings) setIn(file, setting);
  const { experiment, findings } = validateExperiment(JSON.stringify(file));
  if (experiment) return experiment;
  throw new InputError('invalid-setting', findings.filter((finding) => finding.severity === 'error').map((finding) => finding.message).join('\n'));
}

function setIn(file: object, setting: string): void {
  const [, path, value] = /^([\w.]+)=(.*)$/.exec(setting) ?? [];
  if (path === undefined) throw new InputError('invalid-setting', `--set takes setting=value, for example system.setpoint=70, not "${setting}".`);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let parent = file as Record<string, unknown>;
  for (const key of keys) {
    if (!Object.hasOwn(parent, key)) parent[key] = {};
    const child = parent[key];
    if (typeof child !== 'object' || child === null) throw new InputError('invalid-setting', `--set ${setting}: "${key}" holds no settings.`);
    parent = child as Record<string, unknown>;
  }
  Object.defineProperty(parent, last, { value: valueOf(setting, value), enumerable: true, configurable: true, writable: true });
}

function valueOf(setting: string, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new InputError('invalid-setting', `--set ${setting}: "${text}" is no value in YAML.`, { cause });
  }
}

function controllerOf(settings: Experiment['system'], policy: string, epsilon: number): Controller {
  const { behaviours, states, actions } = describeSystem(settings);
  if (behaviours.includes(policy)) return createScripted(settings, policy, epsilon);
  const controller = readPolicyFile(policy, `${settings.kind} has no scripted policy "${policy}" (it has ${behaviours.join(', ')}), and there is no such file.`);
  const { definition } = controller;
  if (namesOf(states) !== definition.states.join() || namesOf(actions) !== namesOf(definition.actions)) {
    throw new InputError('other-system', `${policy} is a policy for the states ${definition.states.join(', ')}, not for ${settings.kind}.`);
  }
  return epsilon === 0 ? controller : withExploration(controller, actions, epsilon);
}

function readPolicyFile(file: string, missing: string): PolicyController {
  if (!existsSync(file)) throw new InputError('unknown-policy', missing);
  try {
    return readPolicyController(readPlainFile(file).toString());
  } catch (cause) {
    throw new InputError('invalid-policy', `${file} cannot be played. ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function namesOf(variables: readonly { readonly name: string }[]): string {
  return variables.map((variable) => variable.name).join();
}

function estimate(values: Float64Array): Estimate {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, standardError: null };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, standardError: Math.sqrt(variance / values.length) };
}

function describe(result: Simulation): string {
  const exploring = result.epsilon > 0 ? `, epsilon ${result.epsilon}` : '';
  return [
    `${result.policy}${exploring} on ${result.system}: ${result.episodes} episodes of ${result.steps} steps, seed ${result.seed}`,
    `cost per step  ${format(result.cost)}`,
    `return         ${format(result.return)}  (discount ${result.discount})`,
  ].join('\n');
}

function format({ mean, standardError }: Estimate): string {
  return standardError === null ? mean.toFixed(3) : `${mean.toFixed(3)} ± ${standardError.toFixed(3)}`;
}

function integer(minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= minimum) return value;
    throw new InvalidArgumentError(minimum === 1 ? 'It must be a positive integer.' : 'It must be an integer.');
  };
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('It must be a number between 0 and 1.');
}

function collect(text: string, before: readonly string[]): string[] {
  return [...before, text];
}
