import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Who a process is, beyond a number that the system will give to another one day. */
export interface ProcessIdentity {
  /** the space in which `pid` means something: host and, on Linux, boot, process namespace (a container) and the machine's own id */
  readonly machine: string;
  readonly pid: number;
  /** clock ticks since boot, from /proc/PID/stat; null where there is no /proc */
  readonly started: string | null;
}

/** Of this process. */
export function ownIdentity(): ProcessIdentity {
  return { machine: machine(), pid: process.pid, started: startTime(process.pid) };
}

/**
 * `gone` only when that is certain; `unknown` when the process cannot be seen from here, or when a process of that
 * number is there and nothing tells whether it is the same one.
 */
export function processState(identity: ProcessIdentity): 'alive' | 'gone' | 'unknown' {
  if (identity.machine !== machine()) return isEarlierBoot(identity.machine, machine()) ? 'gone' : 'unknown';
  if (identity.started !== null) return startTime(identity.pid) === identity.started ? 'alive' : 'gone';
  if (identity.pid === process.pid) return 'alive';
  try {
    process.kill(identity.pid, 0);
    return 'unknown';
  } catch (error) {
    // EPERM: somebody else's, so it is there
    return error instanceof Error && 'code' in error && error.code === 'ESRCH' ? 'gone' : 'unknown';
  }
}

/** The process namespace that a machine begins with. Elsewhere, in containers, names and ids may be those of an image. */
const firstNamespace = 'pid:[4026531836]';

/** Whether one machine is the other before it was started anew, as after a power cut: then nothing of that time runs any more. */
export function isEarlierBoot(machine: string, now: string): boolean {
  const [host, boot, namespace, id] = machine.split(' ');
  const [hostNow, bootNow, namespaceNow, idNow] = now.split(' ');
  return id !== undefined && id === idNow && host === hostNow && boot !== bootNow && namespace === firstNamespace && namespaceNow === firstNamespace;
}

/** Field 22 of /proc/PID/stat; null when there is no such process, also when it only waits to be collected. */
function startTime(pid: number): string | null {
  try {
    // the command's name, in parentheses, may itself hold spaces and parentheses
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : fields[19];
  } catch {
    return null;
  }
}

function machine(): string {
  return [hostname(), tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()), tryRead(() => readlinkSync('/proc/self/ns/pid')), tryRead(() => readFileSync('/etc/machine-id', 'utf8').trim())]
    .filter((part) => part !== '')
    .join(' ');
}

function tryRead(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
