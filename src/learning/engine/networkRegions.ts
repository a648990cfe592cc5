import { type Emitter, INSTRUCTION, type Operand, type Region, type Segment } from './instructions';
import type { Parameters } from './program';

/** Where a network's parameters lie; offsets in floats, a unit after the other. */
export interface LoweredParameters {
  /** floats of one unit, rows of weights padded to 16 outputs */
  readonly count: number;
  readonly layers: readonly PaddedLayer[];
  readonly value: number;
  /** zero where the network is not trained */
  readonly gradient: number;
  readonly firstMoment: number;
  readonly secondMoment: number;
  /** gradient of each cell */
  readonly cells: number;
  /** of each unit: norm and not-finite flag, doubles */
  readonly stats: number;
}

interface PaddedLayer {
  readonly weights: number;
  readonly bias: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly padded: number;
}

interface Panels {
  readonly region: Region;
  readonly layer: number;
  /** first input row, and rows: layers that read several values keep panels for each */
  readonly from: number;
  readonly rows: number;
  readonly transposed: boolean;
}

/** The next multiple of 16; not by bits, which would wrap where sizes pass 2³¹ and hide that they are too large. */
export const pad16 = (count: number) => Math.ceil(count / 16) * 16;
const PACK_SEGMENT: Readonly<Record<Parameters['extent'], Segment>> = { policy: 'pack-policy', member: 'pack-member', shared: 'pack-shared' };

/** The regions of one network: parameters, their gradient in each cell, and the packed panels that layers read. */
export class NetworkRegions {
  private readonly layers: PaddedLayer[] = [];
  private readonly count: number;
  private readonly values: Region;
  private readonly gradients: Region | null;
  private readonly panels = new Map<string, Panels>();

  constructor(private readonly block: Parameters, private readonly emitter: Emitter, private readonly panelRows: number) {
    let count = 0;
    for (let layer = 1; layer < block.sizes.length; layer++) {
      const [inputs, outputs] = [block.sizes[layer - 1], block.sizes[layer]];
      const padded = pad16(outputs);
      this.layers.push({ weights: count, bias: count + inputs * padded, inputs, outputs, padded });
      count += (inputs + 1) * padded;
    }
    this.count = count;
    this.values = emitter.region(`unit-${block.extent}`, 0);
    this.gradients = block.trainable ? emitter.region('cell-block', 0) : null;
  }

  bias(layer: number): Operand {
    return { region: this.values, row: 0, floats: this.layers[layer].bias };
  }

  /** The gradient of a layer's weights from input row `from` on, or null where it is not trained. */
  gradient(layer: number, from: number): { readonly weights: Operand; readonly bias: Operand; readonly padded: number } | null {
    if (!this.gradients) return null;
    const { weights, bias, padded } = this.layers[layer];
    return { weights: { region: this.gradients, row: 0, floats: weights + from * padded }, bias: { region: this.gradients, row: 0, floats: bias }, padded };
  }

  /** A cell's whole gradient, to be zeroed before a backward pass. */
  cellBlock(): { readonly operand: Operand; readonly floats: number } | null {
    return this.gradients && { operand: { region: this.gradients, row: 0, floats: 0 }, floats: this.count };
  }

  forwardPanels(layer: number, from: number, rows: number): Operand {
    return this.panelsOf(layer, from, rows, false);
  }

  transposedPanels(layer: number, from: number, rows: number): Operand {
    return this.panelsOf(layer, from, rows, true);
  }

  emitPacking(): Parameters['extent'] | null {
    this.emitter.begin(PACK_SEGMENT[this.block.extent]);
    for (const { region, layer, from, rows, transposed } of this.panels.values()) {
      const { weights, outputs, padded } = this.layers[layer];
      const source = { region: this.values, row: 0, floats: weights + from * padded };
      this.emitter.emit(INSTRUCTION.PACK, [{ region, row: 0, floats: 0 }, source], transposed ? [padded, 1, rows, outputs] : [1, padded, outputs, rows], null, 0);
    }
    return this.panels.size > 0 ? this.block.extent : null;
  }

  /** Gives everything its place. `stride` sets a region's offset and the distance from one copy to the next. */
  place(room: (floats: number) => number, units: number, cells: number, stride: (region: Region, offset: number, floats: number) => void): LoweredParameters {
    const take = (copies: number) => room(this.count * copies);
    const value = take(units);
    stride(this.values, value, this.count);
    for (const { region, layer, rows, transposed } of this.panels.values()) {
      const { outputs } = this.layers[layer];
      const [long, short] = transposed ? [rows, outputs] : [outputs, rows];
      const floats = pad16(Math.ceil(long / this.panelRows) * this.panelRows * short);
      stride(region, room(floats * units), floats);
    }
    if (!this.gradients) return { count: this.count, layers: this.layers, value, gradient: 0, firstMoment: 0, secondMoment: 0, cells: 0, stats: 0 };
    const cellsAt = take(cells);
    stride(this.gradients, cellsAt, this.count);
    return { count: this.count, layers: this.layers, value, gradient: take(units), firstMoment: take(units), secondMoment: take(units), cells: cellsAt, stats: room(4 * units) };
  }

  private panelsOf(layer: number, from: number, rows: number, transposed: boolean): Operand {
    const key = `${layer} ${from} ${rows} ${transposed}`;
    let panels = this.panels.get(key);
    if (!panels) {
      panels = { region: this.emitter.region(`unit-${this.block.extent}`, 0), layer, from, rows, transposed };
      this.panels.set(key, panels);
    }
    return { region: panels.region, row: 0, floats: 0 };
  }
}
