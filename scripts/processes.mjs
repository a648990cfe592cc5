/** Processes of a temporary folder, on Linux: what was started with a path in it, however far away from us by now. */
import { readdirSync, readFileSync } from 'node:fs';

const look = 20;

/** @returns ids of living processes whose command line names a path in the folder */
export function processesOf(folder) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => isAlive(pid) && read(pid, 'cmdline').split('\0').some((word) => word === folder || word.includes(`${folder}/`)));
}

export function isAlive(pid) {
  return /^State:\s+[^ZX]/m.test(read(pid, 'status'));
}

/** @returns id of the process that started it, 1 when that one is gone */
export function parentOf(pid) {
  return Number(/^PPid:\s+(\d+)/m.exec(read(pid, 'status'))?.[1] ?? 0);
}

/** Ends them and waits until they are gone. */
export async function endProcessesOf(folder) {
  for (let left = processesOf(folder); left.length > 0; left = processesOf(folder)) {
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, look));
  }
}

function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it is gone
  }
}
