import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { l10n } from 'vscode';
import type { Experiment } from '../../experiment/experiment';
import { validateExperiment } from '../../experiment/validate';
import type { KnownRecordings, Recordings } from '../../messages/designer';
import { iterationFiles } from '../../run/paths';
import { RunReader } from '../../run/reader';
import { RunError } from '../../run/runError';
import type { ObservedRun } from '../catalogue/observedRun';
import type { Services } from '../services';
import { recordingsKey, valuesOfDescription, valuesOfDiff } from './recordedValues';

/** Descriptions that are kept, of whatever files. */
const mostKept = 50;

/** What may be done for an experiment. */
export interface Permissions {
  readonly trusted: boolean;
  /** the file is on this machine's disk */
  readonly onDisk: boolean;
  /** somebody has asked for it: programs of the user run only then */
  readonly asked: boolean;
}

/** Finds out which values a batch holds: from the newest run of the experiment, else by describing its recordings. */
export class RecordingsSource {
  /** by hash of what decides the recordings; the oldest first */
  private readonly described = new Map<string, KnownRecordings>();
  /** what decides the batch of a run, by its folder; null: cannot be told */
  private readonly keysOfRuns = new Map<string, string | null>();

  constructor(private readonly services: Pick<Services, 'catalogue' | 'runCommandLine' | 'log'>) {}

  /**
   * What holds now, and what will once a process that was started has ended.
   * @param path of the experiment on disk
   * @param text its saved text
   */
  find(path: string, text: string, permissions: Permissions, signal: AbortSignal): { readonly now: Recordings; readonly later: Promise<Recordings> | null } {
    const { experiment } = validateExperiment(text);
    if (experiment === null) return { now: { kind: 'none', reason: 'faulty' }, later: null };
    if (!permissions.onDisk) return { now: { kind: 'none', reason: 'virtual' }, later: null };
    const ofRun = this.ofNewestRun(path, experiment);
    if (ofRun) return { now: ofRun, later: null };
    if (!permissions.trusted) return { now: { kind: 'none', reason: 'untrusted' }, later: null };
    if (experiment.system.kind === 'program' && !permissions.asked) return { now: { kind: 'none', reason: 'program' }, later: null };
    return { now: { kind: 'computing' }, later: this.describe(path, experiment, signal) };
  }

  /** The runs of an experiment file, newest first. */
  runsOf(path: string): readonly ObservedRun[] {
    return this.services.catalogue.runs.filter((run) => run.source !== null && resolve(run.source) === resolve(path));
  }

  private ofNewestRun(path: string, experiment: Experiment): KnownRecordings | null {
    const key = recordingsKey(experiment);
    for (const run of this.runsOf(path)) {
      if (this.keyOfRun(run.folder) === key) return this.ofRun(run);
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

  private ofRun({ folder, iterations, name, created }: ObservedRun): KnownRecordings | null {
    return this.reading(folder, (reader) => {
      for (let iteration = iterations; iteration >= 1; iteration--) {
        if (!reader.has(iterationFiles.diff(iteration))) continue;
        const values = valuesOfDiff(reader.readText(iterationFiles.diff(iteration)));
        if (values) return { kind: 'known', ...values, run: { name, created, iteration }, stale: false };
      }
      return null;
    });
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

  private async describe(path: string, experiment: Experiment, signal: AbortSignal): Promise<Recordings> {
    try {
      const key = await contentKey(path, experiment);
      const known = this.described.get(key);
      if (known) return known;
      const values = valuesOfDescription(await this.services.runCommandLine(['describe', path, '--json'], signal));
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
