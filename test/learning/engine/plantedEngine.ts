import type { AdamSettings, Engine, Execution } from '../../../src/learning/engine/engine';
import type { ValueId } from '../../../src/learning/engine/program';
import type { InputTables, RowTable } from '../../../src/learning/engine/rowTable';

/**
 * An engine that is real but for one planted fault: before the given updates, the first start of one input holds a number that is
 * not one.
 */
export class PlantedEngine implements Engine {
  readonly name;
  readonly arithmetic;
  readonly threads;
  /** @param input its name; it may be gathered from tables */
  constructor(private readonly engine: Engine, private readonly input: string, private readonly updates: readonly number[]) {
    this.name = engine.name;
    this.arithmetic = engine.arithmetic;
    this.threads = engine.threads;
  }

  open(program: Parameters<Engine['open']>[0], tables: InputTables = new Map()): Execution {
    const index = program.inputs.findIndex((input) => input.name === this.input);
    const value = program.values.find(({ operation }) => operation.kind === 'input' && operation.input === index)?.id as ValueId;
    const execution = this.engine.open(program, new Map([...tables].map(([id, own]) => [id, own.map((table) => withRow(table, id === value ? Number.NaN : 0))])));
    let last: ArrayLike<number> = [];
    let chosen: Int32Array | null = null;
    return new Proxy(execution, {
      get: (target, key) => {
        if (key === 'write')
          return (id: ValueId, values: ArrayLike<number>) => {
            if (id === value) last = Float32Array.from(values);
            target.write(id, values);
          };
        if (key === 'gather') return (rows: Int32Array) => target.gather((chosen = rows.slice()));
        if (key === 'run')
          return (mode: 'forward' | 'gradient' | 'update', settings?: AdamSettings) => {
            const planted = mode === 'update' && this.updates.includes((settings as AdamSettings).step);
            const put = (faulty: boolean) => {
              if (chosen !== null) target.gather(faulty ? chosen.with(0, [...tables.values()][0][0].firsts.length) : chosen);
              else target.write(value, faulty ? Float32Array.from(last).fill(Number.NaN, 0, 1) : last);
            };
            if (planted) put(true);
            if (mode === 'update') target.run(mode, settings as AdamSettings);
            else target.run(mode);
            if (planted) put(false);
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

/** A table with one row more, all of whose numbers are the given one. */
function withRow({ numbers, firsts, width }: RowTable, value: number): RowTable {
  return { numbers: Float32Array.of(...numbers, ...new Array<number>(width).fill(value)), firsts: Int32Array.of(...firsts, numbers.length), width };
}
