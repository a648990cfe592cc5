import { operandsOf, type Program } from './program';

/** Which values and series a gradient flows through: those that trainable parameters reach. */
export function gradientFlow(program: Program): { readonly values: readonly boolean[]; readonly series: readonly boolean[] } {
  const values = program.values.map(() => false);
  const series = program.series.map(() => false);
  for (let changed = true; changed; ) {
    changed = false;
    for (const { id, operation } of program.values) {
      if (values[id]) continue;
      values[id] =
        operandsOf(operation).some((operand) => values[operand]) ||
        (operation.kind === 'dense' && program.parameters[operation.parameters].trainable) ||
        (operation.kind === 'window' && series[operation.series]);
      changed ||= values[id];
    }
    program.series.forEach((carried, index) => {
      if (series[index] || !(values[carried.next] || (carried.initial !== null && values[carried.initial]))) return;
      series[index] = changed = true;
    });
  }
  return { values, series };
}
