import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { resolveRun } from '../../launcher/adopt';
import { gatherReport } from '../../report/gatherReport';
import { renderReport } from '../../report/renderReport';
import { writeFileAtomically } from '../../run/atomicFile';
import { RunReader } from '../../run/reader';
import { conclude, exitCodes, print, printJson } from '../output';

interface ReportOptions {
  readonly out?: string;
  readonly json?: boolean;
}

/** `ibrl report`: one run as one HTML page. */
export function register(program: Command): void {
  program
    .command('report')
    .description('write one self-contained HTML page about a run, with charts and tables')
    .argument('<run>', 'folder or id of the run')
    .option('--out <file>', 'where to write the page (default: report.html in the run folder)')
    .option('--json', 'print JSON: { file, state, iterations, unreadable }')
    .action((run: string, options: ReportOptions) =>
      conclude(options.json, () => {
        const reader = RunReader.open(resolveRun(run, process.cwd()));
        const data = gatherReport(reader);
        const file = resolve(options.out ?? join(reader.folder, 'report.html'));
        writeFileAtomically(file, renderReport(data), { sync: false, ...(options.out === undefined && { within: reader.folder }) });
        if (options.json) printJson({ file, state: data.summary.state, iterations: data.summary.iterations.length, unreadable: data.unreadable });
        else print([...data.unreadable, file].join('\n'));
        return exitCodes.done;
      }),
    );
}
