import { chooseDistances, isLess } from './diversityChoice';
import type { Program, Term, ValueId } from './program';

/** What one policy with one member computes. */
export interface Cell {
  readonly policy: number;
  readonly member: number;
  /** by value: of the prologue, epilogue and constants once, of the step body for each step */
  readonly values: readonly Float64Array[][];
  readonly adjoints: readonly Float64Array[][];
  /** rows newest first: time t begins at row steps − t */
  readonly series: readonly Float64Array[];
  readonly seriesAdjoints: readonly Float64Array[];
}

type Read = (value: ValueId, cell: Cell, adjoint?: boolean) => Float64Array;

/**
 * The terms of the loss, [terms × policies × members], and with `gradient` their adjoints, weighted, added to those of
 * the cells. Diversity as in DIVERSITY of the kernel: per start sqrt(ε + Σ over steps and rows of weight · difference²),
 * averaged over members and starts; then the minimum over partners, ties to the lower index.
 */
export function evaluateTerms(program: Program, cells: readonly Cell[], termWeights: Float64Array, read: Read, gradient: boolean): Float64Array {
  const { policies, members } = program;
  const values = new Float64Array(program.terms.length * policies * members);
  program.terms.forEach((term, index) => {
    const out = values.subarray(index * policies * members, (index + 1) * policies * members);
    const alpha = termWeights[index];
    if (term.kind === 'diversity') diversity(program, term, cells, read, out, gradient ? alpha : null);
    else if (term.members === 'sum') sumOverMembers(program, term, cells, read, out, gradient ? alpha : null);
    else leastMember(program, term, cells, read, out, gradient ? alpha : null);
  });
  return values;
}

type SumTerm = Extract<Term, { kind: 'sum' }>;
type DiversityTerm = Extract<Term, { kind: 'diversity' }>;

function sumOverMembers(program: Program, term: SumTerm, cells: readonly Cell[], read: Read, out: Float64Array, alpha: number | null): void {
  cells.forEach((cell, c) => {
    const x = read(term.value, cell);
    const weight = read(term.weight, cell);
    for (let b = 0; b < program.starts; b++) {
      out[c] += term.coefficient * weight[b] * x[b];
      if (alpha !== null) read(term.value, cell, true)[b] += alpha * term.coefficient * weight[b];
    }
  });
}

function leastMember(program: Program, term: SumTerm, cells: readonly Cell[], read: Read, out: Float64Array, alpha: number | null): void {
  for (let policy = 0; policy < program.policies; policy++)
    for (let b = 0; b < program.starts; b++) {
      let least = policy * program.members;
      for (let c = least + 1; c < (policy + 1) * program.members; c++) if (isLess(read(term.value, cells[c])[b], read(term.value, cells[least])[b])) least = c;
      const weight = read(term.weight, cells[least])[b];
      out[policy * program.members] += term.coefficient * weight * read(term.value, cells[least])[b];
      if (alpha !== null) read(term.value, cells[least], true)[b] += alpha * term.coefficient * weight;
    }
}

function diversity(program: Program, term: DiversityTerm, cells: readonly Cell[], read: Read, out: Float64Array, alpha: number | null): void {
  const { members, starts, steps } = program;
  const { count } = term;
  if (count < 2) return;
  const rows = term.rowWeights.length;
  const rollout = (policy: number, member: number) => cells[policy * members + member].series[term.series];
  const startDistance = (i: number, j: number, member: number, b: number) => {
    let sum = term.epsilon;
    for (let r = 0; r < steps * rows; r++) sum += term.rowWeights[r % rows] * (rollout(i, member)[r * starts + b] - rollout(j, member)[r * starts + b]) ** 2;
    return Math.sqrt(sum);
  };
  const distance: number[][] = Array.from({ length: count }, () => new Array<number>(count).fill(Number.POSITIVE_INFINITY));
  for (let i = 0; i < count; i++)
    for (let j = i + 1; j < count; j++) {
      let sum = 0;
      for (let member = 0; member < members; member++) for (let b = 0; b < starts; b++) sum += read(term.weight, cells[member])[b] * startDistance(i, j, member, b);
      distance[i][j] = distance[j][i] = sum;
    }

  const { values, pulls } = chooseDistances(distance, term);
  values.forEach((value, i) => (out[i * members] = value));
  if (alpha === null) return;
  for (const { i, j, strength } of pulls) {
    for (let member = 0; member < members; member++)
      for (let b = 0; b < starts; b++) {
        const c = (-alpha * strength * read(term.weight, cells[member])[b]) / startDistance(i, j, member, b);
        for (let r = 0; r < steps * rows; r++) {
          const g = c * term.rowWeights[r % rows] * (rollout(i, member)[r * starts + b] - rollout(j, member)[r * starts + b]);
          cells[i * members + member].seriesAdjoints[term.series][r * starts + b] += g;
          cells[j * members + member].seriesAdjoints[term.series][r * starts + b] -= g;
        }
      }
  }
}
