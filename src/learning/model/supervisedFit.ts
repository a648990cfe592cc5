import { sentence } from '../../sentence/sentence';
import { SpokenError } from '../../sentence/spokenError';
import type { Engine, Execution, GradientNorms } from '../engine/engine';
import type { Program, ValueId } from '../engine/program';
import type { RowTable } from '../engine/rowTable';
import { joinedParameters, type Network } from '../policy/network';
import type { Random } from '../random';
import { cosineRate, type Snapshot, snapshotArray, snapshotNumbers } from './snapshot';

/** Rows to learn from, scaled. */
export interface SupervisedRows {
  /** numbers of a row */
  readonly inputs: number;
  readonly targets: number;
  readonly training: SideRows;
  readonly holdout: SideRows;
}

/** One side of the split: tables whose rows stand side by side. */
export interface SideRows {
  readonly rows: number;
  readonly inputs: readonly RowTable[];
  readonly targets: readonly RowTable[];
}

/** A program of no steps with the inputs x, y and weight, one network for each member and one term, the loss. */
export interface SupervisedProgram {
  readonly program: Program;
  readonly inputs: ValueId;
  readonly targets: ValueId;
  readonly weight: ValueId;
  readonly network: string;
}

export interface FitSettings {
  readonly updates: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly patience: number;
  /** members see different bootstrap samples of the training rows */
  readonly bootstrap: boolean;
  /** largest gradient norm of one member */
  readonly clip: number;
}

const HOLDOUT_ROWS = 2048;
const CHECK_EVERY = 50;

/**
 * Fits an ensemble of networks by Adam on random rows, with a learning rate that falls to 0 along half a cosine. Every
 * member keeps the parameters with its smallest hold-out error; fitting ends after `patience` updates in which no member
 * found a smaller one.
 */
export class SupervisedFit {
  update = 0;
  /** hold-out error of each member at its best */
  readonly bestErrors: Float64Array;
  /** updates whose gradient was not finite, by member */
  readonly nonFinite: Float64Array;
  /** largest run of such updates in a row */
  private inARow = 0;
  /** the update at which a member last found a smaller error */
  bestUpdate = 0;
  private readonly best: Float32Array;
  private readonly execution: Execution;
  private readonly check: Execution;
  private readonly terms: Float64Array;
  private readonly gradientNorms: GradientNorms;
  private readonly drawn: Int32Array[];
  /** rows of a batch, [members × batch] */
  private readonly chosen: Int32Array;
  private ended = false;
  trainingError = Number.NaN;

  /**
   * @param build makes the program for a number of rows
   * @param initial one network for each member
   */
  constructor(
    engine: Engine,
    private readonly rows: SupervisedRows,
    build: (rows: number) => SupervisedProgram,
    private readonly settings: FitSettings,
    private readonly initial: readonly Network[],
    private readonly random: Random,
    snapshot: Snapshot | null = null,
  ) {
    const members = initial.length;
    this.made = build(settings.batch);
    this.execution = engine.open(this.made.program, tablesOf(this.made, rows.training));
    this.terms = this.execution.readTerms();
    this.gradientNorms = this.execution.readGradientNorms();
    const held = Math.min(HOLDOUT_ROWS, rows.holdout.rows);
    this.checkMade = build(held);
    this.check = engine.open(this.checkMade.program, tablesOf(this.checkMade, rows.holdout));
    this.chosen = new Int32Array(members * settings.batch);
    this.bestErrors = new Float64Array(members).fill(Number.POSITIVE_INFINITY);
    this.nonFinite = new Float64Array(members);
    this.best = joinedParameters(initial);
    this.drawn = initial.map((_, member) => this.bootstrapRows(member));
    this.execution.write(this.made.weight, new Float32Array(settings.batch).fill(1 / settings.batch));
    this.execution.writeParameters(this.made.network, this.best);
    this.prepareHoldout(held);
    if (snapshot) this.restore(snapshot);
    else this.measure();
  }

  private readonly made: SupervisedProgram;
  private readonly checkMade: SupervisedProgram;

  get finished(): boolean {
    return this.ended || this.update >= this.settings.updates;
  }

  /** One gradient step of all members. @throws Error after three steps in a row that were not finite */
  step(): void {
    const { settings, made } = this;
    this.fillBatch(this.random.fork('rows', this.update));
    this.update++;
    this.execution.run('update', {
      learningRate: cosineRate(settings.learningRate, (this.update - 1) / settings.updates),
      beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: this.update, clip: settings.clip,
    });
    const { finite } = this.execution.readGradientNorms(this.gradientNorms);
    finite.forEach((isFinite, member) => (this.nonFinite[member] += isFinite ? 0 : 1));
    this.inARow = finite.every(Boolean) ? 0 : this.inARow + 1;
    if (this.inARow >= 3) throw new SpokenError(sentence('Fitting “{0}” failed: three gradients in a row were not finite. Look for extreme values in the recordings, or lower models.learningRate.', made.network));
    const terms = this.execution.readTerms(this.terms);
    this.trainingError = terms.reduce((sum, term) => sum + term, 0) / this.initial.length;
    if (this.update % CHECK_EVERY === 0 || this.finished) this.measure();
  }

  /** The best network of each member. */
  result(): Network[] {
    return split(this.best, this.initial);
  }

  snapshot(): Snapshot {
    const { network } = this.made;
    return {
      numbers: {
        progress: [this.update, this.bestUpdate, this.inARow, this.ended ? 1 : 0, this.trainingError],
        bestErrors: [...this.bestErrors], nonFinite: [...this.nonFinite],
      },
      arrays: {
        parameters: this.execution.readParameters(network), firstMoment: this.execution.readParameters(network, 'firstMoment'),
        secondMoment: this.execution.readParameters(network, 'secondMoment'), best: this.best.slice(),
      },
    };
  }

  dispose(): void {
    this.execution.dispose();
    this.check.dispose();
  }

  private restore(snapshot: Snapshot): void {
    const { network } = this.made;
    const [update, bestUpdate, inARow, ended, trainingError] = snapshotNumbers(snapshot, 'progress');
    Object.assign(this, { update, bestUpdate, inARow, ended: ended === 1, trainingError });
    this.bestErrors.set(snapshotNumbers(snapshot, 'bestErrors').map((error) => error ?? Number.POSITIVE_INFINITY));
    this.nonFinite.set(snapshotNumbers(snapshot, 'nonFinite'));
    this.best.set(snapshotArray(snapshot, 'best', this.best.length));
    this.execution.writeParameters(network, snapshotArray(snapshot, 'parameters', this.best.length));
    this.execution.writeParameters(network, snapshotArray(snapshot, 'firstMoment', this.best.length), 'firstMoment');
    this.execution.writeParameters(network, snapshotArray(snapshot, 'secondMoment', this.best.length), 'secondMoment');
  }

  private bootstrapRows(member: number): Int32Array {
    const { rows } = this.rows.training;
    const random = this.random.fork('bootstrap', member);
    const drawn = new Int32Array(rows);
    for (let row = 0; row < rows; row++) drawn[row] = this.settings.bootstrap ? random.integer(rows) : row;
    return drawn;
  }

  private fillBatch(random: Random): void {
    const { chosen, settings: { batch } } = this;
    this.drawn.forEach((drawn, member) => {
      for (let column = 0; column < batch; column++) chosen[member * batch + column] = drawn[random.integer(drawn.length)];
    });
    this.execution.gather(chosen);
  }

  private prepareHoldout(held: number): void {
    const { rows } = this.rows.holdout;
    this.check.gather(Int32Array.from({ length: this.initial.length * held }, (_, index) => Math.floor(((index % held) * rows) / held)));
    this.check.write(this.checkMade.weight, new Float32Array(held).fill(1 / held));
  }

  /** Measures every member on the hold-out rows and keeps what is best. */
  private measure(): void {
    const parameters = this.execution.readParameters(this.made.network);
    this.check.writeParameters(this.checkMade.network, parameters);
    this.check.run('forward');
    const errors = this.check.readTerms();
    const count = parameters.length / this.initial.length;
    for (let member = 0; member < this.initial.length; member++) {
      if (!(errors[member] < this.bestErrors[member])) continue;
      this.bestErrors[member] = errors[member];
      this.bestUpdate = this.update;
      this.best.set(parameters.subarray(member * count, (member + 1) * count), member * count);
    }
    if (this.update - this.bestUpdate >= this.settings.patience) this.ended = true;
  }
}

function tablesOf({ inputs, targets }: SupervisedProgram, side: SideRows): ReadonlyMap<ValueId, readonly RowTable[]> {
  return new Map([[inputs, side.inputs], [targets, side.targets]]);
}

function split(all: Float32Array, like: readonly Network[]): Network[] {
  const count = all.length / like.length;
  return like.map((network, index) => ({ ...network, parameters: all.slice(index * count, (index + 1) * count) }));
}
