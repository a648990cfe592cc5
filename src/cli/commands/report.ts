import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { gatherReport } from '../../report/gatherReport';
import { renderReport } from '../../report/renderReport';
import { writeFileAtomically } from '../../run/atomicFile';
import { RunReader } from '../../run/reader';
import { RunError } from '../../run/runError';

interface ReportOptions {
  readonly out?: string;
  readonly json?: boolean;
}

/** `ibrl report`: one run as one HTML page. Exit code 0, 1 when the run is damaged, 2 when there is no run. */
export function register(program: Command): void {
  program
    .command('report')
    .description('write one self-contained HTML page about a run, with charts and tables')
    .argument('<run>', 'folder of the run')
    .option('--out <file>', 'where to write the page (default: report.html in the run folder)')
    .option('--json', 'print where the page is, and what could not be read, as JSON')
    .action((run: string, options: ReportOptions) => {
      try {
        const data = gatherReport(RunReader.open(run));
        const file = resolve(options.out ?? join(run, 'report.html'));
        writeFileAtomically(file, renderReport(data), { sync: false });
        const result = { file, iterations: data.summary.iterations.length, state: data.summary.state, unreadable: data.unreadable };
        process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `${[...data.unreadable, file].join('\n')}\n`);
      } catch (error) {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exitCode = error instanceof RunError && error.code === 'not-a-run' ? 2 : 1;
      }
    });
}
