import { type Elementwise, ProgramBuilder, type ValueId } from '../../../src/learning/engine/program';
import { Random } from '../../../src/learning/random';
import { type LoadedProgram, loadedProgram } from './loadedProgram';

const SMOOTH: readonly Elementwise[] = ['add', 'subtract', 'multiply', 'divide', 'affine', 'exp', 'log', 'sqrt', 'square', 'tanh'];
const KINKED: readonly Elementwise[] = ['minimum', 'maximum', 'clamp', 'where', 'abs', 'relu'];

/**
 * A random program that uses every kind of operation: networks of all extents, prologue, carried series with windows,
 * slices, concatenations, broadcasts, epilogue, and every kind of term. Numbers stay of order one, so that engines can
 * be compared; `smooth` leaves out the operations with kinks, so that central differences can be taken anywhere.
 */
export function randomProgram(seed: number, smooth: boolean): LoadedProgram {
  const random = new Random(seed).fork('program');
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)];
  const between = (low: number, high: number) => low + random.integer(high - low + 1);
  const policies = between(1, 4);
  const members = between(1, 3);
  const starts = pick([1, 5, 16, 17, 40]);
  const steps = between(1, 6);
  const builder = new ProgramBuilder({ policies, members, starts, steps });
  const activation = smooth ? ('tanh' as const) : pick(['tanh', 'relu'] as const);
  const weight = builder.input('weight', 1, pick(['member', 'shared']));
  const width = between(1, 3);
  const past = between(1, 4);
  const start = builder.input('start', width * past, pick(['member', 'shared']));
  const disturbance = builder.input('disturbance', width, pick(['member', 'shared']), true);
  const scale = builder.constant(Array.from({ length: width }, () => random.uniform(0.5, 1.5)));
  const one = builder.constant([1]);

  const encoder = builder.parameters('encoder', [width, between(1, 5)], 'shared', random.next() < 0.5);
  const encoded = builder.dense([builder.slice(start, 0, width)], encoder, 0, 'tanh');
  const frames = builder.carry('frames', width, past, random.next() < 0.5 ? start : builder.apply('affine', start, one, builder.constant([0.1])));
  const total = builder.carry('total', 1, 1, null);

  builder.beginSteps();
  const depth = between(1, past);
  const history = builder.window(frames, depth);
  const actions = between(1, 3);
  const policy = builder.parameters('policy', [width * depth + builder.rows(encoded), between(2, 20), actions], 'policy', true);
  const hidden = builder.dense([history, encoded], policy, 0, activation);
  const action = builder.dense([hidden], policy, 1, pick(['none', 'tanh']));
  const model = builder.parameters('model', [width * depth + actions, between(2, 20), width], 'member', random.next() < 0.5);
  const predicted = builder.network([history, action], model, activation);
  const pool: ValueId[] = [builder.apply('tanh', predicted), disturbance, builder.window(frames, 1), scale];
  const safe = (operation: Elementwise): ValueId[] => {
    const a = pick(pool);
    const b = pick([...pool, one, encoded].filter((value) => [1, width].includes(builder.rows(value))));
    const positive = (value: ValueId) => builder.apply('affine', builder.apply('square', value), one, one);
    switch (operation) {
      case 'divide': return [a, positive(b)];
      case 'log': case 'sqrt': return [positive(a)];
      case 'exp': return [builder.apply('tanh', a)];
      case 'affine': return [a, b, pick(pool)];
      case 'clamp': return [a, builder.apply('affine', builder.apply('tanh', b), builder.constant([0.1]), builder.constant([-0.4])), builder.constant([0.3])];
      case 'where': return [a, b, pick(pool)];
      case 'add': case 'subtract': case 'multiply': case 'minimum': case 'maximum': return [a, b];
      default: return [a];
    }
  };
  for (let i = between(2, 8); i > 0; i--) {
    const operation = pick(smooth ? SMOOTH : [...SMOOTH, ...KINKED]);
    pool.push(builder.apply('tanh', builder.apply(operation, ...safe(operation))));
  }
  const reward = builder.sumRows(builder.apply('multiply', pool[pool.length - 1], pick(pool)));
  builder.advance(total, builder.apply('affine', reward, builder.constant([0.9]), builder.window(total, 1)));
  const drift = builder.apply('add', builder.apply('multiply', builder.window(frames, 1), builder.constant([0.7])), builder.apply('multiply', builder.apply('tanh', predicted), scale));
  builder.advance(frames, width > 1 && random.next() < 0.5 ? builder.concat([builder.slice(drift, 1, width - 1), builder.slice(pool[pool.length - 1], 0, 1)]) : builder.apply('add', drift, builder.apply('multiply', disturbance, builder.constant([0.1]))));

  builder.beginEpilogue();
  const final = builder.window(total, 1);
  const size = builder.sumRows(builder.apply('square', builder.concat([builder.window(frames, 1), encoded])));
  builder.term('return', final, weight, random.uniform(-2, 2), !smooth && random.next() < 0.3 ? 'minimum' : 'sum');
  builder.term('size', size, weight, random.uniform(-1, 1));
  if (random.next() < 0.7)
    builder.diversity({
      name: 'diversity', series: frames, weight, rowWeights: Array.from({ length: width }, () => random.uniform(0, 1) / steps), epsilon: 1e-3,
      cap: random.next() < 0.2 ? 0.3 : 1e30, count: between(1, policies), measure: pick(['lsed', 'min-lsed', 'min-lsed-global'] as const),
    });
  return loadedProgram(builder.build(), seed);
}
