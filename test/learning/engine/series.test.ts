import { afterAll, expect, test } from 'vitest';
import { type Program, ProgramBuilder, type ValueId } from '../../../src/learning/engine/program';
import { float32Engines } from './everyEngine';
import { worstDeviationFromReference, worstGradientError } from './gradientCheck';
import { loadedProgram } from './loadedProgram';

afterAll(() => float32Engines.forEach(({ engine }) => engine.dispose()));

interface Frame {
  readonly builder: ProgramBuilder;
  /** [2 × starts], of each member */
  readonly start: ValueId;
  /** [2 × starts], of each step */
  readonly disturbance: ValueId;
  /** a trained layer tanh(W · parts + b) of `rows` outputs */
  readonly layer: (rows: number, ...parts: ValueId[]) => ValueId;
}

/** A program of 2 policies, 2 members, 17 starts and 4 steps whose loss is Σ weight · (what `build` gives, summed over rows). */
function programOf(build: (frame: Frame) => ValueId): Program {
  const builder = new ProgramBuilder({ policies: 2, members: 2, starts: 17, steps: 4 });
  const weight = builder.input('weight', 1);
  const start = builder.input('start', 2, 'member');
  const disturbance = builder.input('disturbance', 2, 'member', true);
  let layers = 0;
  const layer = (rows: number, ...parts: ValueId[]) => {
    const inputs = parts.reduce((sum, part) => sum + builder.rows(part), 0);
    return builder.dense(parts, builder.parameters(`layer ${layers++}`, [inputs, rows], 'policy', true), 0, 'tanh');
  };
  const result = build({ builder, start, disturbance, layer });
  const scale = builder.constant(Array.from({ length: builder.rows(result) }, (_, row) => 1 - 0.3 * row));
  builder.term('result', builder.sumRows(builder.apply('multiply', result, scale)), weight, 1);
  return builder.build();
}

const CASES: Record<string, (frame: Frame) => ValueId> = {
  'a series that begins with an input': ({ builder, start, disturbance, layer }) => {
    const x = builder.carry('x', 2, 1, start);
    builder.beginSteps();
    builder.advance(x, layer(2, builder.window(x, 1), disturbance));
    builder.beginEpilogue();
    return builder.window(x, 1);
  },
  'a series that begins with zeros': ({ builder, disturbance, layer }) => {
    const x = builder.carry('x', 2, 3, null);
    builder.beginSteps();
    builder.advance(x, layer(2, builder.window(x, 3), disturbance));
    builder.beginEpilogue();
    return builder.window(x, 2);
  },
  'a series that begins with a trained value, longer than the run': ({ builder, start, layer }) => {
    const x = builder.carry('x', 1, 7, layer(7, start));
    builder.beginSteps();
    builder.advance(x, layer(1, builder.window(x, 7)));
    builder.beginEpilogue();
    return builder.window(x, 7);
  },
  'a series that begins with a constant': ({ builder, disturbance, layer }) => {
    const x = builder.carry('x', 2, 1, builder.constant([0.3, -0.6]));
    builder.beginSteps();
    builder.advance(x, layer(2, builder.window(x, 1), disturbance));
    builder.beginEpilogue();
    return builder.window(x, 1);
  },
  'two series that begin with the same trained value': ({ builder, start, layer }) => {
    const first = layer(2, start);
    const [x, y] = [builder.carry('x', 2, 1, first), builder.carry('y', 1, 2, first)];
    builder.beginSteps();
    builder.advance(x, layer(2, builder.window(x, 1), builder.window(y, 2)));
    builder.advance(y, layer(1, builder.window(x, 1)));
    builder.beginEpilogue();
    return builder.concat([builder.window(x, 1), builder.window(y, 2), first]);
  },
  'windows of several lengths on one series': ({ builder, start, layer }) => {
    const x = builder.carry('x', 2, 3, builder.concat([start, start, start]));
    builder.beginSteps();
    const [short, middle, long] = [1, 2, 3].map((frames) => builder.window(x, frames));
    builder.advance(x, builder.apply('add', layer(2, long, middle), builder.apply('multiply', short, builder.constant([0.5]))));
    builder.beginEpilogue();
    return builder.apply('square', builder.window(x, 3));
  },
  'one value that advances two series': ({ builder, start, disturbance, layer }) => {
    const [x, y] = [builder.carry('x', 2, 1, start), builder.carry('y', 2, 2, null)];
    builder.beginSteps();
    const next = layer(2, builder.window(x, 1), builder.window(y, 2), disturbance);
    builder.advance(x, next);
    builder.advance(y, next);
    builder.beginEpilogue();
    return builder.concat([builder.window(x, 1), builder.window(y, 2)]);
  },
  'a series advanced by a window on another': ({ builder, start, layer }) => {
    const [x, delayed] = [builder.carry('x', 2, 1, start), builder.carry('delayed', 2, 1, null)];
    builder.beginSteps();
    builder.advance(delayed, builder.window(x, 1));
    builder.advance(x, layer(2, builder.window(x, 1), builder.window(delayed, 1)));
    builder.beginEpilogue();
    return builder.concat([builder.window(x, 1), builder.window(delayed, 1)]);
  },
  'two series that change places': ({ builder, start, layer }) => {
    const [x, y] = [builder.carry('x', 2, 1, start), builder.carry('y', 2, 1, layer(2, start))];
    builder.beginSteps();
    builder.advance(x, builder.window(y, 1));
    builder.advance(y, builder.window(x, 1));
    builder.beginEpilogue();
    return builder.concat([builder.window(x, 1), builder.window(y, 1)]);
  },
  'a series that stays as it is': ({ builder, start, layer }) => {
    const [x, y] = [builder.carry('x', 2, 1, layer(2, start)), builder.carry('y', 2, 1, null)];
    builder.beginSteps();
    builder.advance(x, builder.window(x, 1));
    builder.advance(y, layer(2, builder.window(x, 1), builder.window(y, 1)));
    builder.beginEpilogue();
    return builder.concat([builder.window(x, 1), builder.window(y, 1)]);
  },
  'a series advanced by a slice, whose whole is read too': ({ builder, start, layer }) => {
    const x = builder.carry('x', 2, 1, start);
    const y = builder.carry('y', 3, 1, null);
    builder.beginSteps();
    const whole = layer(3, builder.window(x, 1), builder.window(y, 1));
    builder.advance(x, builder.slice(whole, 1, 2));
    builder.advance(y, builder.apply('square', whole));
    builder.beginEpilogue();
    return builder.concat([builder.window(x, 1), builder.window(y, 1)]);
  },
  'series advanced by overlapping slices of a value that advances a third': ({ builder, start, layer }) => {
    const [x, y, z] = [builder.carry('x', 2, 1, start), builder.carry('y', 2, 1, null), builder.carry('z', 3, 1, null)];
    builder.beginSteps();
    const whole = layer(3, builder.window(x, 1), builder.window(y, 1), builder.window(z, 1));
    builder.advance(x, builder.slice(whole, 0, 2));
    builder.advance(z, whole);
    builder.advance(y, builder.slice(whole, 1, 2));
    builder.beginEpilogue();
    return builder.concat([builder.window(x, 1), builder.window(y, 1), builder.window(z, 1)]);
  },
  'a series advanced by a slice of a window': ({ builder, start, layer }) => {
    const [x, y] = [builder.carry('x', 2, 2, builder.concat([start, start])), builder.carry('y', 1, 1, null)];
    builder.beginSteps();
    builder.advance(y, builder.slice(builder.window(x, 2), 2, 1));
    builder.advance(x, layer(2, builder.window(x, 2), builder.window(y, 1)));
    builder.beginEpilogue();
    return builder.concat([builder.window(x, 1), builder.window(y, 1)]);
  },
  'a series advanced by a copy of an input of each step': ({ builder, disturbance, layer }) => {
    const [x, y] = [builder.carry('x', 2, 1, null), builder.carry('y', 2, 1, null)];
    builder.beginSteps();
    builder.advance(x, builder.apply('add', disturbance, builder.constant([0])));
    builder.advance(y, layer(2, builder.window(x, 1), builder.window(y, 1)));
    builder.beginEpilogue();
    return builder.window(y, 1);
  },
  'a series advanced by a slice of an input of each step': ({ builder, disturbance, layer }) => {
    const [x, y] = [builder.carry('x', 1, 2, null), builder.carry('y', 2, 1, null)];
    builder.beginSteps();
    builder.advance(x, builder.slice(disturbance, 1, 1));
    builder.advance(y, layer(2, builder.window(x, 2), builder.window(y, 1)));
    builder.beginEpilogue();
    return builder.concat([builder.window(y, 1), builder.window(x, 1)]);
  },
  'a layer that reads its own step’s next value': ({ builder, start, layer }) => {
    const [x, y] = [builder.carry('x', 2, 1, start), builder.carry('y', 2, 1, null)];
    builder.beginSteps();
    const next = layer(2, builder.window(x, 1));
    builder.advance(x, next);
    builder.advance(y, layer(2, next, builder.window(y, 1)));
    builder.beginEpilogue();
    return builder.concat([builder.window(x, 1), builder.window(y, 1)]);
  },
  'next values in a chain, each advancing a series': ({ builder, start, layer }) => {
    const series = ['x', 'y', 'z'].map((name) => builder.carry(name, 2, 1, start));
    builder.beginSteps();
    let value = builder.window(series[2], 1);
    for (const each of series) {
      value = layer(2, value);
      builder.advance(each, value);
    }
    builder.beginEpilogue();
    return builder.concat(series.map((each) => builder.window(each, 1)));
  },
  'a series advanced by parts put together, which are read as well': ({ builder, start, layer }) => {
    const x = builder.carry('x', 2, 2, builder.concat([start, start]));
    const y = builder.carry('y', 1, 1, null);
    builder.beginSteps();
    const a = builder.apply('tanh', builder.slice(builder.window(x, 2), 1, 1));
    const b = layer(1, builder.window(x, 2), builder.window(y, 1));
    builder.advance(x, builder.concat([a, b]));
    builder.advance(y, builder.apply('multiply', a, b));
    builder.beginEpilogue();
    return builder.concat([builder.window(x, 2), builder.window(y, 1)]);
  },
  'a series advanced by one value put together with itself': ({ builder, start, layer }) => {
    const x = builder.carry('x', 2, 1, start);
    builder.beginSteps();
    const half = layer(1, builder.window(x, 1));
    builder.advance(x, builder.concat([half, half]));
    builder.beginEpilogue();
    return builder.window(x, 1);
  },
  'a value of the prologue that is read in steps and epilogue': ({ builder, start, layer }) => {
    const code = layer(2, start);
    const x = builder.carry('x', 2, 1, null);
    builder.beginSteps();
    builder.advance(x, layer(2, builder.window(x, 1), code));
    builder.beginEpilogue();
    return builder.apply('add', builder.window(x, 1), code);
  },
  'a value of the prologue of which steps read slices': ({ builder, start, layer }) => {
    const code = layer(3, start);
    const x = builder.carry('x', 1, 1, null);
    builder.beginSteps();
    builder.advance(x, builder.apply('affine', builder.slice(code, 0, 1), builder.window(x, 1), builder.slice(code, 2, 1)));
    builder.beginEpilogue();
    return builder.window(x, 1);
  },
  'an epilogue with layers and slices over a window': ({ builder, start, layer }) => {
    const x = builder.carry('x', 2, 3, builder.concat([start, start, start]));
    builder.beginSteps();
    builder.advance(x, layer(2, builder.window(x, 3)));
    builder.beginEpilogue();
    const all = builder.window(x, 3);
    return builder.apply('multiply', builder.slice(all, 1, 2), layer(2, all));
  },
  'what the step body computes and nobody reads': ({ builder, start, layer }) => {
    const x = builder.carry('x', 2, 1, start);
    builder.beginSteps();
    const next = layer(2, builder.window(x, 1));
    builder.apply('exp', layer(3, next));
    builder.advance(x, next);
    builder.beginEpilogue();
    return builder.window(x, 1);
  },
  'a series whose values end up nowhere': ({ builder, start, layer }) => {
    const [x, unread] = [builder.carry('x', 2, 1, start), builder.carry('unread', 2, 1, layer(2, start))];
    builder.beginSteps();
    const next = layer(2, builder.window(x, 1));
    builder.advance(x, next);
    builder.advance(unread, builder.apply('add', next, builder.window(unread, 1)));
    builder.beginEpilogue();
    return builder.window(x, 1);
  },
};

test.each(Object.keys(CASES))('%s: the gradient is right and engines agree', (name) => {
  const loaded = loadedProgram(programOf(CASES[name]), 5);
  expect(worstGradientError(loaded, 30), 'central differences').toBeLessThan(1e-6);
  for (const { name: its, engine } of float32Engines) expect(worstDeviationFromReference(engine, loaded), its).toBeLessThan(1e-5);
});
