import { readFileSync } from 'node:fs';
import { ProgramBuilder } from '../../../src/learning/engine/program';
import { WasmEngine } from '../../../src/learning/engine/wasm';

/** A process of its own: opens an engine with 3 threads, runs a program and, unless told `keep`, disposes. Built by the tests. */
const [kernel, helper, what] = process.argv.slice(2);
const engine = new WasmEngine(new Uint8Array(readFileSync(kernel)), 3, helper);
if (what !== 'unused') {
  const builder = new ProgramBuilder({ policies: 4, members: 1, starts: 40, steps: 1 });
  const weight = builder.input('weight', 1);
  const x = builder.carry('x', 1, 1, null);
  builder.beginSteps();
  builder.advance(x, builder.apply('add', builder.window(x, 1), builder.constant([1])));
  builder.beginEpilogue();
  builder.term('x', builder.window(x, 1), weight, 1);
  const execution = engine.open(builder.build());
  execution.write(weight, new Array<number>(40).fill(1));
  execution.run('forward');
  process.stdout.write(execution.readTerms().join(' '));
}
if (what !== 'keep') engine.dispose();
