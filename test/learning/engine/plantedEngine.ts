import type { AdamSettings, Engine, Execution } from '../../../src/learning/engine/engine';
import type { ValueId } from '../../../src/learning/engine/program';

/** An engine that is real but for one planted fault: before the given updates, one input holds a number that is not one. */
export class PlantedEngine implements Engine {
  readonly name;
  readonly arithmetic;
  readonly threads;
  constructor(private readonly engine: Engine, private readonly input: string, private readonly updates: readonly number[]) {
    this.name = engine.name;
    this.arithmetic = engine.arithmetic;
    this.threads = engine.threads;
  }

  open(program: Parameters<Engine['open']>[0]): Execution {
    const execution = this.engine.open(program);
    const index = program.inputs.findIndex((input) => input.name === this.input);
    const value = program.values.find(({ operation }) => operation.kind === 'input' && operation.input === index)?.id as ValueId;
    let last: ArrayLike<number> = [];
    return new Proxy(execution, {
      get: (target, key) => {
        if (key === 'write')
          return (id: ValueId, values: ArrayLike<number>) => {
            if (id === value) last = Float32Array.from(values);
            target.write(id, values);
          };
        if (key === 'run')
          return (mode: 'forward' | 'gradient' | 'update', settings?: AdamSettings) => {
            const planted = mode === 'update' && this.updates.includes((settings as AdamSettings).step);
            if (planted) target.write(value, Float32Array.from(last).fill(Number.NaN, 0, 1));
            if (mode === 'update') target.run(mode, settings as AdamSettings);
            else target.run(mode);
            if (planted) target.write(value, last);
          };
        const member = Reflect.get(target, key, target) as unknown;
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }

  dispose(): void {
    this.engine.dispose();
  }
}
