import { type Program, ProgramBuilder, ProgramError, type Value, type ValueId } from './program';

/**
 * Holds a program, which is plain data, to every rule of the builder: by writing it once more.
 *
 * @throws ProgramError
 */
export function verifyProgram(program: Program): void {
  const builder = new ProgramBuilder(program);
  for (const { name, sizes, extent, trainable } of program.parameters) builder.parameters(name, sizes, extent, trainable);
  const beginSteps = () => {
    for (const { name, rows, past, initial } of program.series) builder.carry(name, rows, past, initial);
    builder.beginSteps();
  };
  const beginEpilogue = () => {
    program.series.forEach(({ next }, series) => builder.advance(series as never, next));
    builder.beginEpilogue();
  };
  const begin = [beginSteps, beginEpilogue];
  let inputs = 0;
  program.values.forEach((value, index) => {
    if (value.scope === 'step' && begin.length === 2) begin.shift()?.();
    while (value.scope === 'epilogue' && begin.length > 0) begin.shift()?.();
    if (value.operation.kind === 'input' && value.operation.input !== inputs++) throw new ProgramError(`Value ${index} is not the input that it says.`);
    const id = written(builder, program, value);
    if (id !== index || value.id !== index || builder.rows(id) !== value.rows || builder.scopeOf(id) !== value.scope) throw new ProgramError(`Value ${index} is not what it says.`);
  });
  for (const next of begin) next();
  if (inputs !== program.inputs.length) throw new ProgramError(`The program has ${program.inputs.length} inputs, of which ${inputs} are values.`);
  for (const term of program.terms) {
    if (term.kind === 'sum') builder.term(term.name, term.value, term.weight, term.coefficient, term.members);
    else builder.diversity(term);
  }
  builder.build();
}

function written(builder: ProgramBuilder, program: Program, { operation, rows }: Value): ValueId {
  switch (operation.kind) {
    case 'input': {
      const input = program.inputs[operation.input];
      if (input === undefined) throw new ProgramError(`There is no input ${operation.input}.`);
      return builder.input(input.name, input.rows, input.extent, input.perStep);
    }
    case 'constant': return builder.constant(operation.values);
    case 'dense': return builder.dense(operation.parts, operation.parameters, operation.layer, operation.activation);
    case 'elementwise': return builder.apply(operation.operation, ...operation.operands);
    case 'sum-rows': return builder.sumRows(operation.operand);
    case 'slice': return builder.slice(operation.operand, operation.from, rows);
    case 'concat': return builder.concat(operation.operands);
    case 'window': return builder.window(operation.series, operation.frames);
  }
}
