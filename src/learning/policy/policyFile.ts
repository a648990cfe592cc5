import type { ActionVariable } from '../../experiment/experiment';
import { sentence } from '../../sentence/sentence';
import type { VariableScale } from '../data/scaling';
import type { BoundConstraint } from '../safety/bounds';
import type { PolicyDefinition, PolicyInput } from './definition';
import { checkDefinition } from './definition';
import type { PolicyController } from './policyController';
import { createPolicyController } from './policyController';
import { PolicyError } from './policyError';
import type { Network } from './network';
import { Reader } from './jsonReader';
import { shortestDecimal } from './shortestDecimal';

const FORMAT = 'ibrl-policy';
const VERSION = 1;

/**
 * A policy as JSON text. The same policy gives the same text: no time, path or id, and every weight as the shortest
 * decimal that restores its float32.
 *
 * @throws PolicyError `bad-value` for a definition that does not fit together, `bad-number` for a weight that is not finite
 */
export function writePolicy(definition: PolicyDefinition): string {
  checkDefinition(definition);
  const { network, history, states, inputs, actions, constraints } = definition;
  const head = {
    format: FORMAT,
    version: VERSION,
    history,
    states,
    inputs: inputs.map(({ source, scale }) => ({ source, name: scale.name, middle: scale.middle, unit: scale.unit, logFloor: scale.logFloor })),
    actions: actions.map(({ name, unit, range, maxChange }) => ({ name, unit, range, maxChange })),
    constraints: constraints.map(({ variable, action, gain, low, high, clip }) => ({ variable, action, gain, low, high, clip })),
    network: { sizes: network.sizes, activation: network.activation },
  };
  // the weights close the object of the network, which ends the text
  const text = JSON.stringify(head, null, 2);
  return `${text.slice(0, text.lastIndexOf('\n  }'))},\n    "parameters": [${weightLines(network)}\n    ]\n  }\n}\n`;
}

/**
 * The policy in a text of `writePolicy`, checked.
 * @throws PolicyError that names the place and what is expected there
 */
export function readPolicy(text: string): PolicyDefinition {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new PolicyError('not-json', sentence('This policy file is not JSON: it may have been cut off while it was copied. Take it from the run again.'), { cause });
  }
  const file = new Reader(json, 'policy');
  if (file.field('format').value !== FORMAT) throw new PolicyError('wrong-format', sentence('This is not a policy file: its "format" is not "{0}".', FORMAT));
  const version = file.field('version').number();
  if (version > VERSION) throw new PolicyError('newer-version', sentence('This policy file has version {0}; this IBRL Studio reads up to {1}. Update it.', version, VERSION));
  const definition: PolicyDefinition = {
    network: readNetwork(file.field('network')),
    history: file.field('history').number(),
    states: file.field('states').items().map((name) => name.text()),
    inputs: file.field('inputs').items().map(readInput),
    actions: file.field('actions').items().map(readAction),
    constraints: file.field('constraints').items().map(readConstraint),
  };
  checkDefinition(definition);
  return definition;
}

/** The running controller of a policy file. @throws PolicyError, SafetyError */
export function readPolicyController(text: string): PolicyController {
  return createPolicyController(readPolicy(text));
}

function weightLines(network: Network): string {
  const lines: string[] = [];
  let at = 0;
  for (let layer = 1; layer < network.sizes.length; layer++) {
    // one line for the weights from each input, one for the biases
    for (let i = 0; i <= network.sizes[layer - 1]; i++) {
      const weights: string[] = [];
      for (let o = 0; o < network.sizes[layer]; o++) weights.push(weightText(network.parameters[at++]));
      lines.push(`\n      ${weights.join(', ')}`);
    }
  }
  return lines.join(',');
}

function weightText(weight: number): string {
  if (!Number.isFinite(weight)) throw new PolicyError('bad-number', sentence('A weight of the policy is {0}: the search went wrong, so the policy is not written. Lower search.learningRate.', weight));
  return shortestDecimal(weight);
}

function readNetwork(network: Reader): Network {
  return {
    sizes: network.field('sizes').items().map((size) => size.count()),
    activation: network.field('activation').oneOf(['tanh', 'relu']),
    parameters: Float32Array.from(network.field('parameters').items(), (weight) => weight.float32()),
  };
}

function readInput(input: Reader): PolicyInput {
  const logFloor = input.field('logFloor').orNull((floor) => floor.positive());
  const scale: VariableScale = { name: input.field('name').text(), middle: input.field('middle').number(), unit: input.field('unit').number(), logFloor };
  return { source: input.field('source').oneOf(['state', 'action']), scale };
}

function readAction(action: Reader): ActionVariable {
  return {
    name: action.field('name').text(),
    unit: action.field('unit').text(),
    range: action.field('range').interval(),
    maxChange: action.field('maxChange').orNull((change) => change.positive()),
  };
}

function readConstraint(constraint: Reader): BoundConstraint {
  return {
    variable: constraint.field('variable').text(),
    action: constraint.field('action').text(),
    gain: constraint.field('gain').number(),
    low: constraint.field('low').number(),
    high: constraint.field('high').number(),
    clip: constraint.field('clip').orNull((range) => range.interval()),
  };
}
