import type { Experiment, SystemDescription } from '../../experiment/experiment';
import type { VariableScale } from '../../learning/data/scaling';
import type { BehaviourModel } from '../../learning/model/behaviour';
import type { ModelTarget, TransitionModel } from '../../learning/model/transitionModel';
import type { PolicyInput } from '../../learning/policy/definition';
import { type Network, parameterCount } from '../../learning/policy/network';
import { choiceAt, countAt, type Fields, fieldsAt, formatAt, intervalAt, listAt, nullOr, numberAt, recordAt, requireThat, textAt } from '../../run/guards';
import type { Frame } from '../context';
import type { Models } from './modelsFile';

/**
 * models.json, read. Its sha256 was checked, but a run folder can come from anywhere, so everything in it is held against
 * the experiment before anybody computes with it.
 *
 * @param where the file, for sentences
 * @throws RunError invalid-file
 */
export function readModels(json: unknown, { models: { reward } }: Experiment, description: SystemDescription, where: string): { readonly models: Models; readonly frame: Frame } {
  const file = fieldsAt(json, where);
  formatAt(file, 'ibrl-models', where);
  const frame = frameAt(file['frame'], description, `${where}: frame`);
  const members = listAt(file['members'], `${where}: members`, (value, at) => transitionAt(value, description, at), 100);
  requireThat(members.length > 0 && members.every(({ targets }) => foretellsAll(targets, description, reward)), `${where}: members`);
  return {
    frame,
    models: {
      members,
      behaviour: behaviourAt(file['behaviour'], description, `${where}: behaviour`),
      holdoutErrors: listAt(file['holdoutErrors'], `${where}: holdoutErrors`, measuredAt, 100),
      residualSpread: recordAt(file['residualSpread'], `${where}: residualSpread`, measuredAt),
    },
  };
}

function frameAt(value: unknown, { actions, states }: SystemDescription, where: string): Frame {
  const { bounds, constraints, scales } = fieldsAt(value, where);
  const { states: ofStates, changes, actions: ofActions, reward } = fieldsAt(scales, `${where}.scales`);
  const scalesOf = (list: unknown, names: readonly { readonly name: string }[], at: string): VariableScale[] => {
    const found = listAt(list, at, scaleAt, 1000);
    requireThat(found.length === names.length && found.every(({ name }, i) => name === names[i].name), at);
    return found;
  };
  const scaled = scalesOf(ofStates, states, `${where}.scales.states`);
  return {
    bounds: recordAt(bounds, `${where}.bounds`, intervalAt),
    scales: {
      states: scaled,
      changes: scalesOf(changes, states, `${where}.scales.changes`),
      actions: scalesOf(ofActions, actions, `${where}.scales.actions`),
      reward: sizeAt(reward, `${where}.scales.reward`),
    },
    constraints: listAt(constraints, `${where}.constraints`, (entry, at) => {
      const constraint = fieldsAt(entry, at);
      // through a logarithm no bound is exact
      requireThat(scaled.some(({ logFloor, name }) => name === constraint['variable'] && logFloor === null), `${at}.variable`);
      return {
        variable: nameAt(constraint['variable'], states, `${at}.variable`),
        action: nameAt(constraint['action'], actions, `${at}.action`),
        gain: sizeAt(constraint['gain'], `${at}.gain`),
        low: numberAt(constraint['low'], `${at}.low`),
        high: numberAt(constraint['high'], `${at}.high`),
        clip: nullOr(intervalAt)(constraint['clip'], `${at}.clip`),
      };
    }, 1000),
  };
}

function transitionAt(value: unknown, description: SystemDescription, where: string): TransitionModel {
  const model = fieldsAt(value, where);
  const seen = seenAt(model, description, where);
  const known = listAt(model['known'], `${where}.known`, (name, at) => nameAt(name, description.states, at), 1000);
  const targets = listAt(model['targets'], `${where}.targets`, (entry, at) => targetAt(entry, description, at), 1000);
  return { ...seen, known, targets, network: networkAt(model['network'], seen.history * seen.inputs.length + seen.actions.length + known.length, targets.length, `${where}.network`) };
}

/** Whether there is a forecast of each variable that follows no formula, and of the reward if it is learned. */
function foretellsAll(targets: readonly ModelTarget[], { states }: SystemDescription, reward: Experiment['models']['reward']): boolean {
  const learned = states.every(({ name, source }) => source !== 'learned' || targets.some((target) => target.name === name && target.predict !== 'reward'));
  return learned && (reward === 'formula' || targets.some(({ predict }) => predict === 'reward'));
}

function behaviourAt(value: unknown, description: SystemDescription, where: string): BehaviourModel {
  const model = fieldsAt(value, where);
  const seen = seenAt(model, description, where);
  const supportThresholds = listAt(model['supportThresholds'], `${where}.supportThresholds`, measuredAt, 1000);
  requireThat(supportThresholds.length === description.actions.length, `${where}.supportThresholds`);
  const network = networkAt(model['network'], seen.history * seen.inputs.length, 2 * description.actions.length, `${where}.network`);
  return { ...seen, supportThresholds, logDelta: measuredAt(model['logDelta'], `${where}.logDelta`), network };
}

/** What a model sees. */
function seenAt(model: Fields, { actions, states }: SystemDescription, where: string): { history: number; inputs: PolicyInput[]; actions: string[] } {
  const history = countAt(model['history'], `${where}.history`, 1000);
  requireThat(history > 0, `${where}.history`);
  const inputs = listAt(model['inputs'], `${where}.inputs`, (entry, at): PolicyInput => {
    const input = fieldsAt(entry, at);
    const source = choiceAt(input['source'], ['state', 'action'] as const, `${at}.source`);
    const scale = scaleAt(input['scale'], `${at}.scale`);
    nameAt(scale.name, source === 'state' ? states : actions, `${at}.scale.name`);
    return { source, scale };
  }, 1000);
  const names = listAt(model['actions'], `${where}.actions`, textAt, 1000);
  requireThat(names.length === actions.length && names.every((name, i) => name === actions[i].name), `${where}.actions`);
  return { history, inputs, actions: names };
}

function targetAt(value: unknown, { states }: SystemDescription, where: string): ModelTarget {
  const target = fieldsAt(value, where);
  const predict = choiceAt(target['predict'], ['change', 'value', 'reward'] as const, `${where}.predict`);
  const name = textAt(target['name'], `${where}.name`);
  if (predict !== 'reward') nameAt(name, states, `${where}.name`);
  return { name, predict, scale: scaleAt(target['scale'], `${where}.scale`) };
}

function networkAt(value: unknown, inputs: number, outputs: number, where: string): Network {
  const network = fieldsAt(value, where);
  const sizes = listAt(network['sizes'], `${where}.sizes`, (size, at) => countAt(size, at, 1_000_000), 32);
  requireThat(sizes.length >= 2 && sizes[0] === inputs && sizes[sizes.length - 1] === outputs, `${where}.sizes`);
  const activation = choiceAt(network['activation'], ['tanh', 'relu'] as const, `${where}.activation`);
  const bytes = new Uint8Array(Buffer.from(textAt(network['parameters'], `${where}.parameters`, 1 << 29), 'base64'));
  requireThat(bytes.length === 4 * parameterCount(sizes), `${where}.parameters`);
  return { sizes, activation, parameters: new Float32Array(bytes.buffer) };
}

function scaleAt(value: unknown, where: string): VariableScale {
  const scale = fieldsAt(value, where);
  const logFloor = nullOr(numberAt)(scale['logFloor'], `${where}.logFloor`);
  requireThat(logFloor === null || logFloor > 0, `${where}.logFloor`);
  return { name: textAt(scale['name'], `${where}.name`), middle: numberAt(scale['middle'], `${where}.middle`), unit: sizeAt(scale['unit'], `${where}.unit`), logFloor };
}

function nameAt(value: unknown, among: readonly { readonly name: string }[], where: string): string {
  return choiceAt(value, among.map(({ name }) => name), where);
}

/** What is divided by. */
function sizeAt(value: unknown, where: string): number {
  const size = numberAt(value, where);
  requireThat(size !== 0, where);
  return size;
}

/** JSON has null for what is not finite. */
function measuredAt(value: unknown, where: string): number {
  return value === null ? (null as unknown as number) : numberAt(value, where);
}
