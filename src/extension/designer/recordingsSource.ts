import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { l10n } from 'vscode';
import type { Experiment } from '../../experiment/experiment';
import { validateExperiment } from '../../experiment/validate';
import type { KnownRecordings, Recordings } from '../../messages/designer';
import { iterationFiles } from '../../run/paths';
import { RunReader } from '../../run/reader';
import { RunError } from '../../run/runError';
import type { ObservedRun } from '../catalogue/observedRun';
import type { Services } from '../services';
import { recordingsKey, type Values, valuesOfDescription, valuesOfDiff } from './recordedValues';

/** Descriptions that are kept, of whatever files. */
const mostKept = 50;

/** What may be done for an experiment. */
export interface Permissions {
  readonly trusted: boolean;
  /** the file is on this machine's disk */
  readonly onDisk: boolean;
}

/** Finds out which values a batch holds: from the newest run of the experiment, else by describing its recordings. */
export class RecordingsSource {
  /** by hash of what decides the recordings; the oldest first */
  private readonly described = new Map<string, KnownRecordings>();
  /** what decides the batch of a run, by its folder; null: cannot be told */
  private readonly keysOfRuns = new Map<string, string | null>();
  /** of the newest run that was looked at; its files never change */
  private sampled: { readonly place: string; readonly values: Values } | null = null;

  constructor(private readonly services: Pick<Services, 'catalogue' | 'runCommandLine' | 'log'>) {}

  /**
   * @param path of the experiment on disk
   * @param text its saved text
   * @param computing told when a process is started for it
   */
  async find(path: string, text: string, { onDisk, trusted }: Permissions, computing: () => void, signal: AbortSignal): Promise<Recordings> {
    const { experiment } = validateExperiment(text);
    if (experiment === null) return { kind: 'none', reason: 'faulty' };
    if (!onDisk) return { kind: 'none', reason: 'virtual' };
    const ofRun = await this.ofNewestRun(path, experiment);
    if (ofRun) return ofRun;
    if (!trusted) return { kind: 'none', reason: 'untrusted' };
    if (experiment.system.kind === 'program') return { kind: 'none', reason: 'program' };
    return this.describe(path, experiment, computing, signal);
  }

  /** The runs of an experiment file, newest first. */
  runsOf(path: string): readonly ObservedRun[] {
    return this.services.catalogue.runs.filter((run) => run.source !== null && resolve(run.source) === resolve(path));
  }

  private async ofNewestRun(path: string, experiment: Experiment): Promise<KnownRecordings | null> {
    const key = recordingsKey(experiment);
    for (const run of this.runsOf(path)) {
      if (this.keyOfRun(run.folder) !== key) continue;
      // reading a run takes some ten milliseconds: the host attends to others in between
      await nextTurn();
      return this.ofRun(run);
    }
    return null;
  }

  private keyOfRun(folder: string): string | null {
    const known = this.keysOfRuns.get(folder);
    if (known !== undefined) return known;
    const key = this.reading(folder, (reader) => {
      const { experiment } = validateExperiment(reader.experimentText());
      return experiment && recordingsKey(experiment);
    });
    this.keysOfRuns.set(folder, key);
    return key;
  }

  private async ofRun({ created, folder, iterations, name }: ObservedRun): Promise<KnownRecordings | null> {
    const reader = this.reading(folder, (opened) => opened);
    const iteration = [...Array(iterations).keys()].map((index) => iterations - index).find((one) => reader?.has(iterationFiles.diff(one)));
    if (reader === null || iteration === undefined) return null;
    const place = `${folder} ${iteration}`;
    if (this.sampled?.place !== place) {
      await nextTurn();
      const text = this.reading(folder, () => reader.readText(iterationFiles.diff(iteration)));
      await nextTurn();
      const values = text === null ? null : valuesOfDiff(text);
      if (values === null) return null;
      this.sampled = { place, values };
    }
    return { kind: 'known', ...this.sampled.values, run: { name, created, iteration }, stale: false };
  }

  /** null where the run cannot be read; why is said in the log. */
  private reading<Result>(folder: string, read: (reader: RunReader) => Result | null): Result | null {
    try {
      return read(RunReader.open(folder));
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      this.services.log(error.message);
      return null;
    }
  }

  private async describe(path: string, experiment: Experiment, computing: () => void, signal: AbortSignal): Promise<Recordings> {
    try {
      const key = await contentKey(path, experiment);
      const known = this.described.get(key);
      if (known) return known;
      computing();
      const values = valuesOfDescription(await this.services.runCommandLine(['describe', path, '--json'], signal));
      if (values === 'program') return { kind: 'none', reason: 'program' };
      if (values === null) return { kind: 'failed', message: l10n.t('What the command line said about the recordings was not understood.') };
      const found: KnownRecordings = { kind: 'known', ...values, run: null, stale: false };
      this.described.set(key, found);
      for (const oldest of [...this.described.keys()].slice(0, Math.max(0, this.described.size - mostKept))) this.described.delete(oldest);
      return found;
    } catch (error) {
      return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** A hash of everything that decides the recordings: the settings, the seed, and how the files are now. */
async function contentKey(path: string, experiment: Experiment): Promise<string> {
  const files = experiment.data.files?.files ?? [];
  const states = await Promise.all(
    files.map(async (file) => {
      const { mtimeMs, size } = await stat(resolve(dirname(path), file));
      return [file, mtimeMs, size];
    }),
  );
  return createHash('sha256').update(JSON.stringify([path, recordingsKey(experiment), experiment.seed, states])).digest('hex');
}
