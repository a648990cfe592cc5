import { t } from '@vscode/l10n';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { describeExperiment } from '../../experiment/describeExperiment';
import type { SystemDescription } from '../../experiment/experiment';
import { validateExperiment } from '../../experiment/validate';
import { ImportError } from '../../import/importError';
import { resolveRun } from '../../launcher/adopt';
import { type Batch, countTransitions, type Episode, joinBatches } from '../../learning/data/batch';
import { DataError } from '../../learning/data/dataError';
import { readBatch, writeBatch } from '../../learning/data/parquet';
import { iterationFiles } from '../../run/paths';
import { RunReader } from '../../run/reader';
import { RunWriter } from '../../run/writer';
import { speakAsEditor } from '../../sentence/editorLanguage';
import { english, spoken } from '../../sentence/sentence';
import { namedFiles, type PlantRecordings, readPlantRecordings } from '../../trainer/recordings/plantRecordings';
import { doubtsBeside } from '../../trainer/recordingDoubts';
import { conclude, exitCodes, InputError, print, printJson } from '../output';

interface AddDataOptions {
  readonly policy?: number;
  readonly json?: boolean;
}

/** `ibrl add-data`: takes new recordings of a plant into the iteration that waits for them; `ibrl resume` then goes on. */
export function register(program: Command): void {
  program
    .command('add-data')
    .description('take new recordings of a plant into a run that waits for them; resume it then')
    .argument('<run>', 'folder or id of the run')
    .argument('<files...>', 'CSV files with the columns that the experiment names')
    .option('--policy <k>', 'number of the policy that was at work (default: nobody says)', policyNumber)
    .option('--json', 'print JSON: { id, iteration, episodes, transitions, files: { name: sha256 }, warnings: [ … ] }')
    .action((run: string, files: string[], options: AddDataOptions) => conclude(options.json, () => {
      speakAsEditor();
      return addData(run, files, options);
    }));
}

async function addData(named: string, paths: readonly string[], options: AddDataOptions): Promise<number> {
  const folder = resolveRun(named, process.cwd());
  const reader = RunReader.open(folder);
  const { description } = reader;
  const { experiment } = validateExperiment(reader.experimentText());
  if (experiment?.system.kind !== 'plant') throw new InputError('not-a-plant', t('{0} records by itself: only the run of a plant takes new recordings.', description.id));
  const policy = options.policy ?? 0;
  if (policy > description.policies) throw new InputError('unknown-policy', t('There is no policy {0}; there are 1 to {1}.', policy, description.policies));
  // reading takes longest and needs no lock
  const read = (iteration: number): PlantRecordings => asInput(() => readPlantRecordings(experiment, namedFiles(paths), iteration, policy));
  const expected = waitingIteration(reader);
  const recordings = read(expected);
  const { warnings, ...joined } = (await endCutShort(reader, expected, recordings)) ?? (await join(reader, expected, recordings, describeExperiment(experiment), read));
  if (options.json) printJson({ id: description.id, iteration: expected, ...joined, files: recordings.sha256, warnings });
  else {
    for (const { message } of warnings) print(`Warning: ${message}`);
    print(`${joined.transitions} transitions in ${joined.episodes} episodes joined iteration ${expected}. Go on with: ibrl resume ${description.id}`);
  }
  return exitCodes.done;
}

interface Joined {
  readonly episodes: number;
  readonly transitions: number;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

/** @param read what to add, should another iteration wait for it by now */
async function join(reader: RunReader, expected: number, recordings: PlantRecordings, system: SystemDescription, read: (iteration: number) => PlantRecordings): Promise<Joined> {
  refuseKnown(recordings, reader);
  const doubts = [...recordings.doubts, ...doubtsBeside(system, await earlierEpisodes(reader), recordings.batch)];
  let joined = { episodes: 0, transitions: 0 };
  await RunWriter.amendWith(reader.folder, async (writer) => {
    const iteration = waitingIteration({ description: reader.description, fold: writer.fold });
    const { batch } = iteration === expected ? recordings : read(iteration);
    const before = await addedBefore(writer, iteration);
    joined = { episodes: batch.episodes.length, transitions: countTransitions(batch) };
    writer.writeFile(iterationFiles.batch(iteration), new Uint8Array(writeBatch(before === null ? batch : joinBatches(before, batch))), iteration, true);
    writer.append({ type: 'data-added', iteration, ...joined, files: recordings.sha256, warnings: doubts.map(({ code, said }) => ({ code, message: english(said), sentence: said })) });
    writer.append({ type: 'state-changed', state: 'stopped' });
  });
  return { ...joined, warnings: doubts.map(({ code, said }) => ({ code, message: spoken(said) })) };
}

/** Brings a call to its end that died between the word that the recordings joined and the word that the run can go on; null: there was none. */
async function endCutShort({ fold, folder }: RunReader, expected: number, { sha256 }: PlantRecordings): Promise<Joined | null> {
  const last = fold.dataAdded.at(-1);
  if (fold.state !== 'awaiting-data' || last?.iteration !== expected || JSON.stringify(last.files) !== JSON.stringify(sha256)) return null;
  await RunWriter.amend(folder, () => [{ type: 'state-changed', state: 'stopped' }]);
  const { episodes, transitions, warnings } = last;
  return { episodes, transitions, warnings: warnings.map(({ code, message, sentence }) => ({ code, message: sentence ? spoken(sentence) : message })) };
}

/** Everything that the run has recorded so far. */
async function earlierEpisodes(reader: RunReader): Promise<Episode[]> {
  const first = await readBatch(new Uint8Array(reader.readFile(iterationFiles.batch(0))).buffer);
  const added = await Promise.all(Array.from({ length: reader.description.iterations }, (_, index) => addedBefore(reader, index + 1)));
  return [first, ...added].flatMap((batch) => batch?.episodes ?? []);
}

/**
 * What joined the iteration so far; null: nothing. Rows that no event tells of are those of a command that was cut short, and is
 * given again.
 */
async function addedBefore(run: Pick<RunWriter, 'fold' | 'readFile'>, iteration: number): Promise<Batch | null> {
  const told = run.fold.dataAdded.reduce((sum, event) => sum + (event.iteration === iteration ? event.episodes : 0), 0);
  if (told === 0) return null;
  const batch = await readBatch(new Uint8Array(run.readFile(iterationFiles.batch(iteration))).buffer);
  return { ...batch, episodes: batch.episodes.slice(0, told) };
}

/** The iteration whose policies are approved and whose recordings nothing was made of yet. @throws InputError */
function waitingIteration({ description, fold }: Pick<RunReader, 'description' | 'fold'>): number {
  const { id, iterations } = description;
  for (let iteration = 1; iteration <= iterations; iteration++) {
    const decision = fold.decisions.get(iteration)?.decision;
    if (decision === 'approved' && !fold.files.has(iterationFiles.trajectories(iteration))) return iteration;
    if (decision === undefined && fold.files.has(iterationFiles.predicted(iteration))) {
      throw new InputError('not-approved', t('Nobody has approved the policies of iteration {0} yet. Begin with: ibrl approve {1}', iteration, id));
    }
  }
  throw new InputError('not-waiting', fold.state === 'done' ? t('{0} does not wait for recordings: it is done.', id) : t('{0} does not wait for recordings: go on with: ibrl resume.', id));
}

/** The same recording twice would count twice. */
function refuseKnown({ sha256 }: PlantRecordings, { description, fold }: RunReader): void {
  const known = new Set([description.dataSha256, ...fold.dataAdded.map(({ files }) => files)].flatMap((files) => Object.values(files)));
  const again = Object.entries(sha256).find(([, hash]) => known.has(hash));
  if (again !== undefined) throw new InputError('already-added', t('{0} is part of the run already. Leave it out.', again[0]));
}

function asInput<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof ImportError || cause instanceof DataError) throw new InputError(cause.code, cause.sentence, { cause });
    throw cause;
  }
}

function policyNumber(text: string): number {
  const policy = Number(text);
  if (!Number.isInteger(policy) || policy < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return policy;
}
