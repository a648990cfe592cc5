import type { Elementwise, Value, ValueId } from './program';

type Read = (id: ValueId) => Float64Array;

/** Writes a value from its operands. Inputs, slices and windows are views and need nothing. */
export function evaluate(value: Value, starts: number, read: Read, weights: Float64Array | null): void {
  const { operation, rows } = value;
  switch (operation.kind) {
    case 'dense': {
      const y = read(value.id);
      const parts = operation.parts.map(read);
      const inputs = (weights as Float64Array).length / rows - 1;
      for (let output = 0; output < rows; output++)
        for (let b = 0; b < starts; b++) {
          let sum = (weights as Float64Array)[inputs * rows + output];
          let input = 0;
          for (const part of parts) for (let r = 0; r < part.length / starts; r++, input++) sum += (weights as Float64Array)[input * rows + output] * part[r * starts + b];
          y[output * starts + b] = operation.activation === 'tanh' ? Math.tanh(sum) : operation.activation === 'relu' ? (sum < 0 ? 0 : sum) : sum;
        }
      return;
    }
    case 'elementwise': {
      const y = read(value.id);
      const operands = operation.operands.map(read);
      for (let r = 0; r < rows; r++)
        for (let b = 0; b < starts; b++) {
          const [p, q, s] = operands.map((operand) => operand[operand.length === starts ? b : r * starts + b]);
          y[r * starts + b] = FORWARD[operation.operation](p, q, s);
        }
      return;
    }
    case 'sum-rows': {
      const y = read(value.id).fill(0);
      read(operation.operand).forEach((x, i) => (y[i % starts] += x));
      return;
    }
    case 'concat': {
      let offset = 0;
      for (const operand of operation.operands) {
        read(value.id).set(read(operand), offset);
        offset += read(operand).length;
      }
    }
  }
}

/** Adds what the value's adjoint contributes to the adjoints of its operands and to the gradient of its weights. */
export function adjoint(value: Value, starts: number, read: Read, adjointOf: (id: ValueId) => Float64Array | null, weights: Float64Array | null, gradient: Float64Array | null): void {
  const { operation, rows } = value;
  const g = adjointOf(value.id) as Float64Array;
  switch (operation.kind) {
    case 'dense': {
      const y = read(value.id);
      const w = weights as Float64Array;
      const inputs = w.length / rows - 1;
      for (let output = 0; output < rows; output++)
        for (let b = 0; b < starts; b++) {
          const at = output * starts + b;
          const pre = operation.activation === 'tanh' ? g[at] * (1 - y[at] * y[at]) : operation.activation === 'relu' ? (y[at] > 0 ? g[at] : y[at] <= 0 ? 0 : y[at]) : g[at];
          if (gradient) gradient[inputs * rows + output] += pre;
          let input = 0;
          for (const part of operation.parts) {
            const x = read(part);
            const gx = adjointOf(part);
            for (let r = 0; r < x.length / starts; r++, input++) {
              if (gradient) gradient[input * rows + output] += pre * x[r * starts + b];
              if (gx) gx[r * starts + b] += pre * w[input * rows + output];
            }
          }
        }
      return;
    }
    case 'elementwise': {
      const y = read(value.id);
      const operands = operation.operands.map(read);
      const adjoints = operation.operands.map(adjointOf);
      for (let r = 0; r < rows; r++)
        for (let b = 0; b < starts; b++) {
          const at = r * starts + b;
          const index = operands.map((operand) => (operand.length === starts ? b : at));
          const [p, q, s] = operands.map((operand, i) => operand[index[i]]);
          BACKWARD[operation.operation](p, q, s, y[at]).forEach((derivative, i) => {
            const target = adjoints[i];
            if (target && derivative !== 0) target[index[i]] += derivative * g[at];
          });
        }
      return;
    }
    case 'sum-rows':
      adjointOf(operation.operand)?.forEach((_, i, target) => (target[i] += g[i % starts]));
      return;
    case 'concat': {
      let offset = 0;
      for (const operand of operation.operands) {
        const length = read(operand).length;
        const target = adjointOf(operand);
        if (target) for (let i = 0; i < length; i++) target[i] += g[offset + i];
        offset += length;
      }
    }
  }
}

const FORWARD: Readonly<Record<Elementwise, (a: number, b: number, c: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  minimum: (a, b) => Math.min(a, b),
  maximum: (a, b) => Math.max(a, b),
  affine: (a, b, c) => a * b + c,
  clamp: (a, b, c) => (Number.isNaN(b) || Number.isNaN(c) ? Number.NaN : a < b ? b : a > c ? c : a),
  where: (a, b, c) => (a > 0 ? b : a <= 0 ? c : a),
  exp: (a) => Math.exp(a),
  log: (a) => Math.log(a),
  sqrt: (a) => Math.sqrt(a),
  square: (a) => a * a,
  abs: (a) => Math.abs(a),
  tanh: (a) => Math.tanh(a),
  relu: (a) => (a < 0 ? 0 : a),
};

/** Derivatives to each operand, from the operands and the result y; not a number where the operand that decides is none. */
const BACKWARD: Readonly<Record<Elementwise, (a: number, b: number, c: number, y: number) => number[]>> = {
  add: () => [1, 1],
  subtract: () => [1, -1],
  multiply: (a, b) => [b, a],
  divide: (_, b, __, y) => [1 / b, -y / b],
  minimum: (a, b) => (a <= b ? [1, 0] : b < a ? [0, 1] : [Number.NaN, Number.NaN]),
  maximum: (a, b) => (a >= b ? [1, 0] : b > a ? [0, 1] : [Number.NaN, Number.NaN]),
  affine: (a, b) => [b, a, 1],
  clamp: (a, b, c) => (a < b ? [0, 1, 0] : a > c ? [0, 0, 1] : [a === a ? 1 : Number.NaN, 0, 0]),
  where: (a) => (a > 0 ? [0, 1, 0] : a <= 0 ? [0, 0, 1] : [0, Number.NaN, Number.NaN]),
  exp: (_, __, ___, y) => [y],
  log: (a) => [1 / a],
  sqrt: (_, __, ___, y) => [0.5 / y],
  square: (a) => [2 * a],
  abs: (a) => [Math.sign(a)],
  tanh: (_, __, ___, y) => [1 - y * y],
  relu: (_, __, ___, y) => [y > 0 ? 1 : y <= 0 ? 0 : Number.NaN],
};
