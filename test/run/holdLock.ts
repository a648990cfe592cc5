import { Lock } from '../../src/run/lock';

/** A process of its own that takes a lock, says so, and keeps it until it is killed. Built by the tests. */
const lock = Lock.acquire(process.argv[2], { attempt: 1 });
lock.startHeartbeat();
process.stdout.write('held\n');
setInterval(() => undefined, 1_000);
