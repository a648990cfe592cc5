import { readFileSync } from 'node:fs';
import { LeaseWatch } from '../../src/launcher/lease';
import { parseTrainerArguments } from '../../src/launcher/trainerArguments';
import { iterationFiles } from '../../src/run/paths';
import { RunWriter } from '../../src/run/writer';
import type { AttemptFacts } from '../../src/run/writer';

/**
 * A process that goes through a run as the trainer does, and learns nothing: it counts to `updates` in each of two
 * iterations, ten milliseconds each, with a checkpoint at every tenth. Built by the tests.
 */
const values = parseTrainerArguments(process.argv.slice(2));
const facts: AttemptFacts = { engine: values.engine ?? 'none', arithmetic: 'portable', threads: values.threads ?? 1, versions: { ibrl: 'test', node: process.version } };
let leaving: 'no' | 'stop-now' | 'SIGTERM' = 'no';
let afterIteration = false;
process.on('SIGTERM', () => (leaving = 'SIGTERM'));
process.on('SIGINT', () => (leaving = 'stop-now'));
if (values.attached) process.stdin.resume().on('end', () => (leaving = 'SIGTERM'));
const lease = values.lease === null ? null : new LeaseWatch(values.lease);

async function main(): Promise<void> {
  const writer = await open();
  const updates = Number(/updates: (\d+)/.exec(readFileSync(`${values.run}/experiment.yaml`, 'utf8'))?.[1] ?? 10);
  const checkpoint = writer.readCheckpoint();
  let position = checkpoint === null ? 0 : checkpoint.bytes.readUInt32LE(0);
  if (checkpoint !== null) {
    const iteration = Math.floor(position / updates) + 1;
    writer.append({ type: 'resumed', from: { seq: checkpoint.seq, iteration, phase: 'searching', done: position % updates } });
  }
  const save = (): void => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(position);
    writer.writeCheckpoint(bytes, Math.floor(position / updates) + 1);
  };
  for (; position < 2 * updates; position++) {
    const iteration = Math.floor(position / updates) + 1;
    if (position % updates === 0) writer.append({ type: 'phase-started', iteration, phase: 'searching' });
    await new Promise((done) => setTimeout(done, 10));
    writer.progress(iteration, 'searching', (position % updates) + 1, updates, { loss: 1 / (position + 1) });
    if (position % 10 === 9) save();
    for (const request of writer.requests()) {
      if (request.kind === 'stop-now') leaving = 'stop-now';
      if (request.kind === 'stop-after-iteration') afterIteration = true;
      writer.answer(request, 'done');
    }
    if (leaving !== 'no' || lease?.holds() === false) {
      save();
      writer.end('stopped', leaving === 'SIGTERM' ? 75 : 0);
      process.exit(leaving === 'SIGTERM' ? 75 : 0);
    }
    if (position % updates === updates - 1) {
      evaluate(writer, iteration);
      writer.append({ type: 'phase-ended', iteration, phase: 'searching' });
      if (afterIteration && iteration === 1) {
        position++;
        save();
        writer.end('stopped', 0);
        process.exit(0);
      }
    }
  }
  writer.end('done', 0);
  process.exit(0);
}

async function open(): Promise<RunWriter> {
  if (values.experiment === null) return RunWriter.resume(values.run, facts);
  const experimentText = readFileSync(values.experiment, 'utf8');
  const id = values.run.split(/[\\/]/).at(-1) ?? '';
  return RunWriter.create(values.run, { id, name: 'Walking', seed: 1, iterations: 2, policies: 1, source: values.source, experimentText, dataSha256: {} }, facts);
}

function evaluate(writer: RunWriter, iteration: number): void {
  const { sha256 } = writer.writeFile(iterationFiles.policy(iteration, 1), `policy ${iteration}`, iteration);
  const policy = { policy: 1, sha256, costs: [10 - iteration, 12 - iteration], returns: [iteration - 10, iteration - 12], violations: { steps: 0, share: 0, worst: 0 } };
  const common = { version: 1, iteration, steps: 5, policies: [policy], recommended: 1 };
  writer.writeFile(iterationFiles.predicted(iteration), JSON.stringify({ format: 'ibrl-predicted', ...common, probe: null, behaviour: null }), iteration);
  const references = { doNothing: { costs: [20, 20], returns: [-20, -20] }, behaviour: { costs: [15], returns: [-15] } };
  writer.writeFile(iterationFiles.evaluation(iteration), JSON.stringify({ format: 'ibrl-evaluation', ...common, probe: { ...policy, policy: 0 }, references, coverage: 0.5, minLsed: 0 }), iteration);
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
