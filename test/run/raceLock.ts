import { Lock } from '../../src/run/lock';

/** A process of its own that tries to take a lock once, at the word "go", and says how that went. Built by the tests. */
process.stdout.write('ready\n');
process.stdin.once('data', () => {
  try {
    Lock.acquire(process.argv[2]);
    process.stdout.write('held\n');
  } catch (error) {
    process.stdout.write(`${error instanceof Error && 'code' in error ? String(error.code) : String(error)}\n`);
  }
});
