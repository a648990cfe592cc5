/** Entry of the trainer, a process of its own: trainer --run DIR [--experiment FILE] … */
import { setPriority, constants } from 'node:os';
import { coordinate } from './coordinator';
import { InvalidInput } from './invalidInput';
import { parseTrainerArguments, TrainerArgumentsError } from '../launcher/trainerArguments';
import { RunError } from '../run/runError';

/** RunErrors that say that the input was wrong, not that the work failed. */
const INPUT_CODES: readonly string[] = ['not-a-run', 'run-exists', 'run-busy', 'file-missing', 'file-changed', 'invalid-file'];

async function main(): Promise<number> {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // a courtesy only: some systems do not allow it
  }
  try {
    return await coordinate(parseTrainerArguments(process.argv.slice(2)), __dirname);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    const invalid = error instanceof InvalidInput || error instanceof TrainerArgumentsError || (error instanceof RunError && INPUT_CODES.includes(error.code));
    return invalid ? 2 : 1;
  }
}

main().then((code) => process.exit(code));
