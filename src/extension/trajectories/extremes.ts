import type { EpisodeSeries } from '../../messages/trajectories';

/** Steps and values of one variable that are kept. */
interface Kept {
  readonly steps: Float32Array<ArrayBuffer>;
  readonly values: Float32Array<ArrayBuffer>;
  length: number;
}

interface Extremes {
  /** −1: none yet */
  readonly steps: Int32Array;
  readonly values: Float32Array;
  /** all places, as they were last sorted by step */
  readonly order: Uint32Array;
}

/**
 * Thins series so that no extreme is lost: of each equal stretch of steps, the frames stay where a variable is least and
 * largest. Variables that are drawn against one another keep the same frames. Frames come in order, in pieces; those that
 * were never reached (NaN) are left out.
 */
export class ExtremesOfStretches {
  private readonly groups: readonly (readonly number[])[];
  private readonly kept: readonly Kept[];
  private readonly framesInStretch: number;
  /** of each group, values of its variables at its extremes so far: [2 × variables] frames */
  private readonly extremes: readonly Extremes[];
  private stretch = -1;

  /** @param points at most so many of each series; null: every step */
  constructor(
    private readonly names: readonly string[],
    together: readonly string[],
    private readonly from: number,
    to: number,
    private readonly points: number | null,
  ) {
    const joined = together.map((name) => names.indexOf(name)).filter((column) => column >= 0);
    const alone = names.flatMap((_, column) => (joined.includes(column) ? [] : [[column]]));
    this.groups = joined.length === 0 ? alone : [joined, ...alone];
    const most = points === null ? to - from + 1 : points;
    this.kept = names.map(() => ({ steps: new Float32Array(most), values: new Float32Array(most), length: 0 }));
    this.extremes = this.groups.map((columns) => ({ steps: new Int32Array(2 * columns.length).fill(-1), values: new Float32Array(2 * columns.length * columns.length), order: Uint32Array.from({ length: 2 * columns.length }, (_, place) => place) }));
    const widest = this.groups.reduce((size, columns) => Math.max(size, columns.length), 1);
    this.framesInStretch = points === null ? 1 : Math.ceil((to - from + 1) / Math.floor(points / (2 * widest)));
  }

  /** @param data [frames × variables] from frame `first` */
  add(first: number, data: Float32Array): void {
    const columns = this.names.length;
    const frames = data.length / columns;
    if (this.points === null) {
      for (let frame = 0; frame < frames; frame++) for (let column = 0; column < columns; column++) this.keep(column, first + frame, data[frame * columns + column]);
      return;
    }
    for (let frame = 0; frame < frames; ) {
      const stretch = Math.floor((first + frame - this.from) / this.framesInStretch);
      if (stretch !== this.stretch) {
        this.flush();
        this.stretch = stretch;
      }
      const end = Math.min(frames, this.from + (stretch + 1) * this.framesInStretch - first);
      this.consider(first, data, frame, end);
      frame = end;
    }
  }

  /** Frames `begin` … `end − 1` of the data, which are of one stretch. */
  private consider(first: number, data: Float32Array, begin: number, end: number): void {
    for (const [group, columns] of this.groups.entries()) {
      const extremes = this.extremes[group];
      const { steps, values } = extremes;
      for (let i = 0; i < columns.length; i++) {
        const [least, most] = [2 * i, 2 * i + 1];
        const [low, high] = [least, most].map((place) => (steps[place] < 0 ? Number.NaN : values[place * columns.length + i]));
        const found = extremesOf(data, this.names.length, columns[i], begin, end, low, high);
        if (found.least >= 0) note(extremes, least, first, found.least, columns, data, this.names.length);
        if (found.most >= 0) note(extremes, most, first, found.most, columns, data, this.names.length);
      }
    }
  }

  /** Ends a stretch: its extremes, each frame once and in order. */
  private flush(): void {
    for (const [group, columns] of this.groups.entries()) {
      const { steps, values, order } = this.extremes[group];
      const width = columns.length;
      let last = -1;
      for (const place of order.sort((a, b) => steps[a] - steps[b])) {
        const step = steps[place];
        // never reached, or noted as another variable's extreme already
        if (step === last) continue;
        last = step;
        for (let j = 0; j < width; j++) this.keep(columns[j], step, values[place * width + j]);
      }
      steps.fill(-1);
    }
  }

  private keep(column: number, step: number, value: number): void {
    const kept = this.kept[column];
    if (Number.isNaN(value)) return;
    kept.steps[kept.length] = step;
    kept.values[kept.length] = value;
    kept.length++;
  }

  /** The series so far; nothing more may be added. */
  told(): EpisodeSeries['variables'] {
    this.flush();
    return this.names.map((name, column) => {
      const { steps, values, length } = this.kept[column];
      return { name, steps: steps.slice(0, length), values: values.slice(0, length) };
    });
  }
}

/**
 * The first frame of a column's least value among `begin` … `end − 1`, where that is below `low`; and of its largest, where that is above `high`.
 * @param data  [frames × stride]
 * @param low, high  of what came before; NaN: nothing did
 * @returns frames; −1: none
 */
function extremesOf(data: Float32Array, stride: number, column: number, begin: number, end: number, low: number, high: number): { readonly least: number; readonly most: number } {
  let least = -1;
  let most = -1;
  for (let frame = begin; frame < end; frame++) {
    const value = data[frame * stride + column];
    if (Number.isNaN(value)) continue;
    if (!(value >= low)) {
      low = value;
      least = frame;
    }
    if (!(value <= high)) {
      high = value;
      most = frame;
    }
  }
  return { least, most };
}

/** Keeps a frame of a group at one of its places. */
function note({ steps, values }: Extremes, place: number, first: number, frame: number, columns: readonly number[], data: Float32Array, stride: number): void {
  steps[place] = first + frame;
  for (let j = 0; j < columns.length; j++) values[place * columns.length + j] = data[frame * stride + columns[j]];
}
