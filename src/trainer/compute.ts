/** Entry of the worker that computes: the coordinator's thread stays free to answer. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Experiment, SystemDescription } from '../experiment/experiment';
import { describeExperiment } from '../experiment/describeExperiment';
import { validateExperiment } from '../experiment/validate';
import { Random } from '../learning/random';
import { readVerified } from '../run/verifiedFile';
import { sentence } from '../sentence/sentence';
import { sentencesOf, SpokenError } from '../sentence/spokenError';
import { decodeCheckpoint } from './checkpoint';
import { Output, Stopped } from './context';
import { openEngine } from './engines/engines';
import { InvalidInput } from './invalidInput';
import { runLoop } from './loop';
import type { ComputeData, ComputeMessage } from './messages';
import { Players } from './simulation/players';
import { Simulators } from './simulation/simulators';

const send = (message: ComputeMessage): void => parentPort?.postMessage(message);

async function compute(data: ComputeData): Promise<void> {
  const { experiment, findings } = validateExperiment(data.experimentText);
  if (experiment === null) throw new SpokenError(sentence('The experiment cannot run: {0}', findings.find((finding) => finding.severity === 'error')?.message ?? ''));
  const files = new Map(data.files.map((file) => [file.path, file]));
  const known = (path: string) => {
    const file = files.get(path);
    if (file === undefined) throw new SpokenError(sentence('{0} is not in the run folder.', path));
    return file;
  };
  // now, and not hours later when somebody needs it; what is only drawn is missed by nobody
  for (const file of data.files) if (file.path.startsWith('iterations/') && !file.path.endsWith('.f32')) readVerified(data.folder, file);
  const checkpoint = data.checkpoint === null ? null : decodeCheckpoint(data.checkpoint);
  const output = new Output(send, data.stop, new Set(files.keys()), (path) => readVerified(data.folder, known(path)), checkpoint);
  const description = describeExperiment(experiment);
  const engine = await openEngine(data.engine, data.threads, data.dist, data.memory === null ? undefined : data.memory * 2 ** 20);
  const simulators = openSimulators(data, experiment, description, output);
  const players = new Players({ settings: experiment.system, description }, simulators, { threads: data.threads, dist: data.dist, whileWaiting: () => output.leaveIfAsked() });
  try {
    const context = { experiment, description, engine, random: new Random(experiment.seed), output, simulators, players };
    send({ kind: 'ended', state: await runLoop(context, data, (path) => known(path).sha256) });
  } finally {
    players.close();
    simulators.close();
    engine.dispose();
  }
}

function openSimulators({ dist, programFolder, programPid }: ComputeData, experiment: Experiment, description: SystemDescription, output: Output): Simulators {
  if (experiment.system.kind === 'program' && programFolder === null) throw new SpokenError(sentence('Nobody said that the experiment may start its program.'));
  return new Simulators(experiment, description, { folder: programFolder ?? '', dist, environment: process.env, pid: programPid, whileWaiting: () => output.leaveIfAsked() });
}

compute(workerData as ComputeData).catch((error: unknown) => {
  if (error instanceof Stopped) return send({ kind: 'ended', state: 'stopped' });
  if (error instanceof InvalidInput) return send({ kind: 'invalid', code: error.code, said: error.sentence });
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unexpected';
  send({ kind: 'failed', code, sentences: sentencesOf(error) });
});
