import type { FaultHook } from '../run/faults';
import { faultPoints } from '../run/faults';

/** The environment variable in which a test asks for a fault. */
export const faultVariable = 'IBRL_TEST_FAULT';

/**
 * A fault for tests of reliability: `<point> <n>` ends this process, as `kill -9` would, the n-th time that it comes to
 * the point; `<point> <n> <code>` throws an error of the system once instead, `ENOSPC` for a full disk.
 *
 * @param text the variable's; undefined: no faults
 * @throws RangeError for anything else, so that no test passes because its fault was misspelt
 */
export function faultHook(text: string | undefined): FaultHook | undefined {
  if (text === undefined || text === '') return undefined;
  const [word, count, code, ...more] = text.split(' ');
  const point = faultPoints.find((candidate) => candidate === word);
  const fatal = Number(count);
  if (point === undefined || !Number.isInteger(fatal) || fatal < 1 || more.length > 0) throw new RangeError(`${faultVariable}: “${text}” is no fault.`);
  let passed = 0;
  return (reached) => {
    if (reached !== point || ++passed !== fatal) return;
    if (code !== undefined) throw Object.assign(new Error(`${code}: a fault that a test asked for`), { code });
    process.kill(process.pid, 'SIGKILL');
  };
}
