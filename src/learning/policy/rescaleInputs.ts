import type { PolicyDefinition, PolicyInput } from './definition';
import type { Network } from './network';

/**
 * The same function of the variables in their units, as a network whose inputs are scaled in another way: with
 * z = (T(x) − m) / u and z′ = (T(x) − m′) / u′, W z + b = (W u′ / u) z′ + b + W (m′ − m) / u. Equal scales leave every bit as it is.
 *
 * @param scales the other scales, of the inputs in their order
 * @returns null when a logarithm differs, which no weights can make up for
 */
export function rescaleInputs({ network, history, inputs }: Pick<PolicyDefinition, 'network' | 'history' | 'inputs'>, scales: readonly PolicyInput['scale'][]): Network | null {
  if (inputs.some(({ scale }, i) => scale.logFloor !== scales[i].logFloor)) return null;
  if (inputs.every(({ scale }, i) => scale.middle === scales[i].middle && scale.unit === scales[i].unit)) return network;
  const parameters = network.parameters.slice();
  const outputs = network.sizes[1];
  const biases = network.sizes[0] * outputs;
  for (let o = 0; o < outputs; o++) {
    let bias = network.parameters[biases + o];
    for (let i = 0; i < history * inputs.length; i++) {
      const column = i % inputs.length;
      const own = inputs[column].scale;
      const other = scales[column];
      const weight = network.parameters[i * outputs + o];
      parameters[i * outputs + o] = (weight * other.unit) / own.unit;
      bias += (weight * (other.middle - own.middle)) / own.unit;
    }
    parameters[biases + o] = bias;
  }
  return { ...network, parameters };
}
