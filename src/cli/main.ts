import { Command } from 'commander';
import { version } from '../../package.json';
import { register as registerAddData } from './commands/addData';
import { register as registerApprove } from './commands/approve';
import { register as registerDescribe } from './commands/describe';
import { register as registerDiff } from './commands/diff';
import { register as registerDoctor } from './commands/doctor';
import { register as registerReplay } from './commands/replay';
import { register as registerReport } from './commands/report';
import { register as registerResume } from './commands/resume';
import { register as registerRuns } from './commands/runs';
import { register as registerSchema } from './commands/schema';
import { register as registerShow } from './commands/show';
import { register as registerSimulate } from './commands/simulate';
import { register as registerStop } from './commands/stop';
import { register as registerTrain } from './commands/train';
import { register as registerValidate } from './commands/validate';
import { register as registerVerify } from './commands/verify';
import { exitCodes } from './output';

function createProgram(): Command {
  const program = new Command('ibrl')
    .description('Iterative batch reinforcement learning: from recordings of a plant to safe, deliberately different policies.')
    .version(version)
    .showHelpAfterError('(ibrl --help tells more)')
    // commander ends with 1 for a wrong command line; ours is 2. Help and version end with 0
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : exitCodes.invalidInput));
  registerValidate(program);
  registerDescribe(program);
  registerTrain(program);
  registerResume(program);
  registerStop(program);
  registerApprove(program);
  registerAddData(program);
  registerRuns(program);
  registerShow(program);
  registerReport(program);
  registerDiff(program);
  registerReplay(program);
  registerSimulate(program);
  registerVerify(program);
  registerSchema(program);
  registerDoctor(program);
  return program;
}

// a reader that has seen enough (`| head`) is no failure
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.done);
});

void createProgram().parseAsync(process.argv);
