import type { Random } from '../random';
import type { Network } from './network';
import { parameterCount } from './network';

/**
 * A fresh network: weights uniform on ± sqrt(3 / inputs of the layer), so that unit inputs give unit outputs, biases 0
 * (LeCun and others, Efficient BackProp, 1998). The last layer is started smaller, so that tanh is not saturated.
 *
 * @param sizes          inputs, hidden widths, outputs
 * @param lastLayerScale factor on the last layer's weights
 */
export function initialiseNetwork(sizes: readonly number[], activation: Network['activation'], random: Random, lastLayerScale = 0.5): Network {
  const parameters = new Float32Array(parameterCount(sizes));
  let at = 0;
  for (let layer = 1; layer < sizes.length; layer++) {
    const inputs = sizes[layer - 1];
    const outputs = sizes[layer];
    const width = Math.sqrt(3 / inputs) * (layer === sizes.length - 1 ? lastLayerScale : 1);
    for (let i = 0; i < inputs * outputs; i++) parameters[at++] = random.uniform(-width, width);
    at += outputs;
  }
  return { sizes, activation, parameters };
}
