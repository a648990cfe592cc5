import type { KernelArena } from './kernelArena';
import { inputOf, stripsOf } from './layout';
import type { Lowered } from './lower';
import type { Program } from './program';
import { type InputTables, requireRows, requireTables, type RowTable } from './rowTable';

/** Words of kernel/gather.h: before the parts, and of each. */
const HEAD_WORDS = 2;
const PART_WORDS = 6;
const pad16 = (floats: number) => Math.ceil(floats / 16) * 16;

/** Where tables lie in an arena behind a program, and what tells the kernel. Offsets in floats. */
export class KeptTables {
  /** of what the kernel is told */
  readonly at: number;
  /** the arena's floats with them */
  readonly floats: number;
  private readonly rows: number;
  private readonly count: number;
  /** [members × strips × lanes] */
  private readonly chosen: Int32Array;
  private readonly places = new Map<RowTable, { readonly numbers: number; readonly firsts: number }>();

  /** @param from the first float behind the program @throws EngineError `wrong-length` */
  constructor(private readonly program: Program, private readonly tables: InputTables, from: number) {
    this.count = requireTables(program, tables);
    let top = pad16(from);
    const room = (floats: number) => {
      const offset = top;
      top += pad16(floats);
      return offset;
    };
    const all = [...tables.values()].flat();
    this.at = room(HEAD_WORDS + PART_WORDS * all.length);
    const { lanes, strips } = stripsOf(program.starts);
    this.chosen = new Int32Array(program.members * strips * lanes);
    this.rows = room(this.chosen.length);
    for (const table of all) this.places.set(table, { numbers: room(table.numbers.length), firsts: room(table.firsts.length) });
    this.floats = top;
  }

  /** Floats that such tables take at most, wherever they begin. */
  static sizeOf(program: Program, tables: InputTables): number {
    return new KeptTables(program, tables, 0).floats;
  }

  /** Puts the tables into the arena. @param inputs where each input lies, see `Lowered` */
  write(arena: KernelArena, { inputs, strips, lanes }: Pick<Lowered, 'inputs' | 'strips' | 'lanes'>): void {
    const parts = [...this.tables].flatMap(([value, own]) => {
      const strip = this.program.values[value].rows * lanes;
      let row = 0;
      return own.flatMap((table) => {
        const { numbers, firsts } = this.places.get(table) as { numbers: number; firsts: number };
        const to = inputs[inputOf(this.program, value)] + row * lanes;
        row += table.width;
        return [to, strips * strip, strip, table.width, numbers, firsts];
      });
    });
    arena.write(this.at, Int32Array.of(this.rows, parts.length / PART_WORDS, ...parts));
    for (const [{ numbers, firsts }, place] of this.places) {
      arena.write(place.numbers, numbers);
      arena.write(place.firsts, firsts);
    }
  }

  /** Chooses the rows of the next run. @param rows [members × starts] @throws EngineError `wrong-length`, and nothing is chosen */
  choose(arena: KernelArena, rows: Int32Array): void {
    const { program, chosen } = this;
    requireRows(program, rows, this.count);
    const { starts, members } = program;
    const lanes = chosen.length / members;
    for (let member = 0, from = 0; member < members; member++, from += starts)
      // lanes beyond the last start do as some start does, and count nothing
      for (let lane = 0; lane < lanes; lane++) chosen[member * lanes + lane] = rows[from + Math.min(lane, starts - 1)];
    arena.write(this.rows, chosen);
  }
}
