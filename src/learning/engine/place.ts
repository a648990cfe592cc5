import type { Emitter, Region } from './instructions';
import { stripsOf, unitsOf } from './layout';
import { type LoweredParameters, type NetworkRegions, pad16 } from './networkRegions';
import type { Program } from './program';

interface Layout {
  /** Takes more floats, on a border of 16. */
  readonly room: (floats: number) => number;
  readonly top: () => number;
  /**
   * Gives what is kept its place, for as many of the first steps as `most` floats hold; in later steps it is as scratch.
   * @returns the number of those first steps
   */
  readonly keep: (most: number) => number;
  readonly reserved: number;
  readonly parameters: readonly LoweredParameters[];
  /** outputs of the widest layer, padded */
  readonly widest: number;
}

/** Gives every region its offset and strides in the arena, behind `reserved` words of program. */
export function place(program: Program, emitter: Emitter, networks: readonly NetworkRegions[], workers: number, reserved: number): Layout {
  const { policies, members, steps } = program;
  const { lanes, strips } = stripsOf(program.starts);
  const cells = policies * members * strips;
  let top = pad16(reserved);
  const room = (floats: number) => {
    const offset = top;
    top += pad16(floats);
    return offset;
  };
  const perCell = (size: number): Region['strides'] => [members * strips * size, strips * size, size, 0, 0];

  const parameters = networks.map((network, index) =>
    network.place(room, unitsOf(program, program.parameters[index].extent), cells, (region, offset, floats) => {
      region.base = region.offset = offset;
      region.strides = region.place === 'unit-policy' ? [floats, 0, 0, 0, 0] : region.place === 'unit-member' ? [0, floats, 0, 0, 0] : region.place === 'cell-block' ? perCell(floats) : [0, 0, 0, 0, 0];
    }),
  );

  /** Regions with one copy for each of something, side by side in a block. */
  const block = (where: Region['place'], strides: (size: number) => Region['strides'], copies: number): void => {
    const regions = emitter.regions.filter((region) => region.place === where);
    let size = 0;
    for (const region of regions) {
      region.offset = size;
      size += region.rows * lanes;
    }
    const base = room(size * copies);
    for (const region of regions) {
      region.base = region.offset += base;
      region.strides = strides(size);
    }
  };
  block('cell', perCell, cells);
  block('scratch', (size) => [0, 0, 0, 0, size], workers);
  block('constant', () => [0, 0, 0, 0, 0], 1);

  for (const region of emitter.regions) {
    const size = region.rows * lanes;
    switch (region.place) {
      case 'series': {
        const all = (region.past + steps) * size;
        region.base = room(all * cells);
        region.offset = region.base + steps * size;
        const [k, m, s] = perCell(all);
        region.strides = [k, m, s, -size, 0];
        break;
      }
      case 'shared-input': case 'member-input': {
        const own = region.place === 'member-input';
        region.base = region.offset = room(size * strips * (own ? members : 1));
        region.strides = [0, own ? strips * size : 0, size, 0, 0];
        break;
      }
      case 'shared-step-input': case 'member-step-input': {
        const own = region.place === 'member-step-input';
        region.base = region.offset = room(size * steps * strips * (own ? members : 1));
        region.strides = [0, own ? strips * steps * size : 0, steps * size, size, 0];
      }
    }
  }
  const keep = (most: number): number => {
    const regions = emitter.regions.filter((region) => region.place === 'kept');
    const size = lanes * regions.reduce((sum, region) => sum + region.rows, 0);
    const kept = size === 0 ? steps : Math.max(0, Math.min(steps, Math.floor(most / (size * cells))));
    const base = room(size * cells * kept);
    const again = room(kept < steps ? size * workers : 0);
    let offset = 0;
    for (const region of regions) {
      region.base = region.offset = base + offset;
      region.strides = [members * strips * kept * size, strips * kept * size, kept * size, size, 0];
      region.again = [again + offset, size];
      offset += region.rows * lanes;
    }
    return kept;
  };
  const widest = pad16(Math.max(1, ...program.parameters.flatMap((network) => network.sizes)));
  return { room, top: () => top, keep, reserved: pad16(reserved), parameters, widest };
}
