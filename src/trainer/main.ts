/** Entry of the trainer, a process of its own: trainer --run DIR [--experiment FILE] … */
import { setPriority, constants } from 'node:os';
import { coordinate } from './coordinator';
import { faultHook, faultVariable } from './faultHook';
import { InvalidInput } from './invalidInput';
import { Stopping } from './stopping';
import { whichEngine } from './engines/whichEngine';
import { askForEngine, type EngineReport } from '../launcher/engineReport';
import { parseTrainerArguments, TrainerArgumentsError } from '../launcher/trainerArguments';
import { RunError } from '../run/runError';
import { forTerminal } from '../sentence/forTerminal';
import { speakAsEditor } from '../sentence/editorLanguage';

/** RunErrors that say that the input was wrong, not that the work failed. */
const INPUT_CODES: readonly string[] = ['not-a-run', 'run-exists', 'run-busy', 'file-missing', 'file-changed', 'invalid-file'];

async function main(): Promise<number> {
  speakAsEditor();
  try {
    if (process.argv[2] === askForEngine) return await answer(whichEngine(__dirname));
    const values = parseTrainerArguments(process.argv.slice(2));
    const stopping = new Stopping();
    stopping.listen(values.attached);
    lowerPriority();
    return await coordinate(values, __dirname, stopping, faultHook(process.env[faultVariable]));
  } catch (error) {
    const code = error instanceof InvalidInput && error.code !== 'invalid-input' ? ` (${error.code})` : '';
    process.stderr.write(`${forTerminal(error instanceof Error ? error.message : String(error))}${code}\n`);
    const invalid = error instanceof InvalidInput || error instanceof TrainerArgumentsError || (error instanceof RunError && INPUT_CODES.includes(error.code));
    return invalid ? 2 : 1;
  }
}

function answer(report: EngineReport): Promise<number> {
  return new Promise((done) => process.stdout.write(JSON.stringify(report), () => done(0)));
}

function lowerPriority(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // a courtesy only: some systems do not allow it
  }
}

// whoever read what we print may be gone: no reason to leave without a checkpoint
process.stderr.on('error', () => undefined);
main().then((code) => process.exit(code));
