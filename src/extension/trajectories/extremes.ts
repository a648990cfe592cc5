import type { EpisodeSeries } from '../../messages/trajectories';

/** Steps and values of one variable that are kept. */
interface Kept {
  readonly steps: Float32Array<ArrayBuffer>;
  readonly values: Float32Array<ArrayBuffer>;
  length: number;
}

interface Extremes {
  readonly steps: Int32Array;
  readonly values: Float32Array;
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
    this.extremes = this.groups.map((columns) => ({ steps: new Int32Array(2 * columns.length).fill(-1), values: new Float32Array(2 * columns.length * columns.length) }));
    const widest = this.groups.reduce((size, columns) => Math.max(size, columns.length), 1);
    this.framesInStretch = points === null ? 1 : Math.ceil((to - from + 1) / Math.floor(points / (2 * widest)));
  }

  /** @param data [frames × variables] from frame `first` */
  add(first: number, data: Float32Array): void {
    const columns = this.names.length;
    for (let frame = 0; frame * columns < data.length; frame++) {
      const step = first + frame;
      if (this.points === null) {
        for (let column = 0; column < columns; column++) this.keep(column, step, data[frame * columns + column]);
        continue;
      }
      const stretch = Math.floor((step - this.from) / this.framesInStretch);
      if (stretch !== this.stretch) {
        this.flush();
        this.stretch = stretch;
      }
      this.consider(step, data, frame * columns);
    }
  }

  private consider(step: number, data: Float32Array, start: number): void {
    for (let group = 0; group < this.groups.length; group++) {
      const columns = this.groups[group];
      const extremes = this.extremes[group];
      const width = columns.length;
      for (let i = 0; i < width; i++) {
        const value = data[start + columns[i]];
        if (Number.isNaN(value)) continue;
        const [least, most] = [2 * i, 2 * i + 1];
        if (extremes.steps[least] < 0 || value < extremes.values[least * width + i]) note(extremes, least, step, columns, data, start);
        if (extremes.steps[most] < 0 || value > extremes.values[most * width + i]) note(extremes, most, step, columns, data, start);
      }
    }
  }

  /** Ends a stretch: its extremes, each frame once and in order. */
  private flush(): void {
    for (const [group, columns] of this.groups.entries()) {
      const { steps, values } = this.extremes[group];
      const width = columns.length;
      const places = Array.from(steps, (step, place) => ({ step, place })).filter(({ step }) => step >= 0).toSorted((a, b) => a.step - b.step);
      let last = -1;
      for (const { step, place } of places) {
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

/** Keeps a frame of a group at one of its places. */
function note({ steps, values }: Extremes, place: number, step: number, columns: readonly number[], data: Float32Array, start: number): void {
  steps[place] = step;
  for (let j = 0; j < columns.length; j++) values[place * columns.length + j] = data[start + columns[j]];
}
