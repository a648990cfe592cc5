import type * as TensorFlowModule from '@tensorflow/tfjs';
import type { Activation, Elementwise } from './program';

/** The TensorFlow.js API; the engine is given one and imports none. */
export type TensorFlow = typeof TensorFlowModule;
export type Tensor = TensorFlowModule.Tensor;

/**
 * The operations of programs on tensors [cells × rows × starts]. Gradients are TensorFlow's, but for operations with a
 * condition: TensorFlow has none for comparisons, and what is not a number must show in gradients too.
 */
export class TfjsOperations {
  constructor(private readonly tf: TensorFlow) {}

  /**
   * activation(Wᵀ · [parts] + b)
   *
   * @param weights [cells × inputs × outputs]
   * @param bias    [cells × outputs × 1]
   */
  dense(parts: readonly Tensor[], weights: Tensor, bias: Tensor, activation: Activation): Tensor {
    const sum = this.tf.add(this.tf.matMul(weights, this.concat(parts), true), bias);
    return activation === 'tanh' ? this.tf.tanh(sum) : activation === 'relu' ? this.tf.relu(sum) : sum;
  }

  elementwise(operation: Elementwise, [a, b, c]: readonly Tensor[]): Tensor {
    const { tf } = this;
    switch (operation) {
      case 'add': return tf.add(a, b);
      case 'subtract': return tf.sub(a, b);
      case 'multiply': return tf.mul(a, b);
      case 'divide': return tf.div(a, b);
      case 'minimum': return this.choose([a, b], () => tf.lessEqual(a, b), () => tf.less(b, a));
      case 'maximum': return this.choose([a, b], () => tf.greaterEqual(a, b), () => tf.greater(b, a));
      case 'affine': return tf.add(tf.mul(a, b), c);
      case 'clamp': {
        const atMost = this.choose([a, c], () => tf.lessEqual(a, c), () => tf.greater(a, c));
        return this.choose([b, atMost], () => tf.less(a, b), () => tf.greaterEqual(a, b));
      }
      case 'where': return this.choose([b, c], () => tf.greater(a, 0), () => tf.lessEqual(a, 0));
      case 'exp': return tf.exp(a);
      case 'log': return tf.log(a);
      case 'sqrt': return tf.sqrt(a);
      case 'square': return tf.square(a);
      case 'abs': return this.custom([a], () => ({ value: tf.abs(a), saved: [tf.sign(a)] }), (g, [sign]) => [tf.mul(g, sign)]);
      case 'tanh': return tf.tanh(a);
      case 'relu': return tf.relu(a);
    }
  }

  concat(parts: readonly Tensor[]): Tensor {
    return parts.length === 1 ? parts[0] : this.tf.concat([...parts], 1);
  }

  /** The first where the first condition holds, the second where the second does, elsewhere not a number; and so their gradients. */
  private choose([first, second]: readonly [Tensor, Tensor], isFirst: () => Tensor, isSecond: () => Tensor): Tensor {
    const { tf } = this;
    const select = (masks: readonly Tensor[], whenFirst: Tensor | number, whenSecond: Tensor | number) => tf.where(masks[0], whenFirst, tf.where(masks[1], whenSecond, Number.NaN));
    const [firstRows, secondRows] = [first.shape[1], second.shape[1]];
    return this.custom(
      [first, second],
      () => {
        const masks = [isFirst(), isSecond()];
        return { value: select(masks, first, second), saved: masks };
      },
      (g, masks) => [summedTo(tf, select(masks, g, 0), firstRows), summedTo(tf, select(masks, 0, g), secondRows)],
    );
  }

  /** @param gradient to each operand, from the value's and from what was saved: nothing else outlives the way forward */
  private custom(operands: Tensor[], forward: () => { value: Tensor; saved: Tensor[] }, gradient: (g: Tensor, saved: Tensor[]) => Tensor[]): Tensor {
    return this.tf.customGrad((...given) => {
      const { value, saved } = forward();
      (given[given.length - 1] as unknown as (saved: Tensor[]) => void)(saved);
      return { value, gradFunc: gradient };
    })(...operands);
  }
}

/** The sum over rows where an operand of one row stood for all. */
function summedTo(tf: TensorFlow, gradient: Tensor, rows: number | undefined): Tensor {
  return rows === 1 && gradient.shape[1] !== 1 ? tf.sum(gradient, 1, true) : gradient;
}
