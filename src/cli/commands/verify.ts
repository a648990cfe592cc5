import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import type { GoldenReport } from '../../learning/system/golden';
import { verifyGolden } from '../../learning/system/golden';
import type { GoldenEntry, GoldenFile } from '../../learning/system/golden/goldenFile';
import { GoldenError, readGoldenIndex } from '../../learning/system/golden/goldenFile';
import { conclude, exitCodes, InputError, print, printJson } from '../output';

/** Largest relative error with which the simulator counts as equal to its reference. */
const tolerance = 1e-9;

interface VerifyOptions {
  readonly golden: string;
  readonly json?: boolean;
}

/** `ibrl verify`: is our simulator the reference's? Exit code 0 when it is, 1 when not, 2 when that cannot be told. */
export function register(program: Command): void {
  program
    .command('verify')
    .description('compare a simulator with recorded reference data')
    .argument('<system>', 'industrial-benchmark')
    .requiredOption('--golden <folder>', 'folder of the reference data, with an index.json')
    .option('--json', 'print JSON')
    .action((system: string, options: VerifyOptions) => {
      return conclude(options.json, () => {
        const report = reportOn(system, options.golden);
        if (options.json) printJson(report);
        else print(describe(report));
        return report.worstRelativeError <= tolerance ? exitCodes.done : exitCodes.failed;
      });
    });
}

function reportOn(system: string, folder: string): GoldenReport {
  if (system !== 'industrial-benchmark') {
    throw new InputError('no-reference', `There is no reference data for "${system}": verify takes industrial-benchmark.`);
  }
  try {
    return verifyGolden(readFolder(folder));
  } catch (error) {
    throw error instanceof GoldenError ? new InputError(error.code, `${folder}: ${error.message}`) : error;
  }
}

function readFolder(folder: string): GoldenFile[] {
  return readGoldenIndex(readText(folder, 'index.json')).map((entry: GoldenEntry) => ({ entry, text: readText(folder, entry.file) }));
}

function readText(folder: string, name: string): string {
  if (basename(name) !== name) throw new GoldenError('index.json', `names "${name}", which is not in the folder.`);
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch (cause) {
    throw new InputError('unreadable-file', `${join(folder, name)} cannot be read. Give --golden a folder with an index.json and the files that it names.`, { cause });
  }
}

function describe(report: GoldenReport): string {
  const off = report.results.filter((result) => (result.worstRelativeError ?? 0) > tolerance);
  const lines = off.flatMap((result) => [`${result.file}: ${result.worstRelativeError}`, ...result.notes.slice(0, 5).map((note) => `  ${note}`)]);
  const statistics = report.worstZScore === null ? [] : [`largest standardised difference of a statistic: ${report.worstZScore.toFixed(2)}`];
  const verdict = off.length === 0 ? 'The simulator agrees with the reference.' : `${off.length} of ${report.files} files differ by more than ${tolerance}.`;
  return [...lines, `files: ${report.files}`, `worst relative error: ${report.worstRelativeError}`, ...statistics, verdict].join('\n');
}
