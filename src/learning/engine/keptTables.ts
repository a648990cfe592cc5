import type { KernelArena } from './kernelArena';
import { inputOf, stripsOf } from './layout';
import type { Lowered } from './lower';
import { pad16 } from './networkRegions';
import type { Program } from './program';
import { type InputTables, requireRows, requireTables, type RowTable } from './rowTable';

/** Words of kernel/gather.h: before the parts, and of each. */
const HEAD_WORDS = 2;
const PART_WORDS = 6;

/** Where tables lie in an arena behind a program, and what tells the kernel. */
export class KeptTables {
  /** floats that they take */
  readonly floats: number;
  private readonly count: number;
  /** [members × strips × lanes] */
  private readonly chosen: Int32Array;
  /** where the chosen rows lie, behind what the kernel is told; offsets from where all of it begins */
  private readonly rows: number;
  private readonly places = new Map<RowTable, { readonly numbers: number; readonly firsts: number }>();

  /** @throws EngineError `wrong-length` */
  constructor(private readonly program: Program, private readonly tables: InputTables) {
    this.count = requireTables(program, tables);
    const { lanes, strips } = stripsOf(program.starts);
    const all = [...tables.values()].flat();
    let top = 0;
    const room = (floats: number) => {
      const offset = top;
      top += pad16(floats);
      return offset;
    };
    room(HEAD_WORDS + PART_WORDS * all.length);
    this.chosen = new Int32Array(program.members * strips * lanes);
    this.rows = room(this.chosen.length);
    for (const table of all) this.places.set(table, { numbers: room(table.numbers.length), firsts: room(table.firsts.length) });
    this.floats = top;
  }

  /** Puts all of it into the arena. @param at its first float there @param inputs where each input lies, see `Lowered` */
  write(arena: KernelArena, at: number, { inputs, strips, lanes }: Pick<Lowered, 'inputs' | 'strips' | 'lanes'>): void {
    const parts = [...this.tables].flatMap(([value, own]) => {
      const strip = this.program.values[value].rows * lanes;
      let row = 0;
      return own.flatMap((table) => {
        const { numbers, firsts } = this.places.get(table) as { numbers: number; firsts: number };
        const to = inputs[inputOf(this.program, value)] + row * lanes;
        row += table.width;
        return [to, strips * strip, strip, table.width, at + numbers, at + firsts];
      });
    });
    arena.write(at, Int32Array.of(at + this.rows, parts.length / PART_WORDS, ...parts));
    for (const [{ numbers, firsts }, place] of this.places) {
      arena.write(at + place.numbers, numbers);
      arena.write(at + place.firsts, firsts);
    }
  }

  /** Chooses the rows of the next run. @param at as in `write` @param rows [members × starts] @throws EngineError `wrong-length`, and nothing is chosen */
  choose(arena: KernelArena, at: number, rows: Int32Array): void {
    const { program, chosen } = this;
    requireRows(program, rows, this.count);
    const { starts, members } = program;
    const lanes = chosen.length / members;
    for (let member = 0, from = 0; member < members; member++, from += starts)
      // lanes beyond the last start do as some start does, and count nothing
      for (let lane = 0; lane < lanes; lane++) chosen[member * lanes + lane] = rows[from + Math.min(lane, starts - 1)];
    arena.write(at + this.rows, chosen);
  }
}
