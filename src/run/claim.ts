import { linkSync, openSync, readdirSync, rmSync, statSync, closeSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { asideSuffix, readTextFile, writeFully } from './atomicFile';
import { countAt, fieldsAt, parseJson, textAt } from './guards';
import type { ProcessIdentity } from './processIdentity';
import { systemCode } from './runError';

/**
 * One claim on a lock: the file lock/<number>.json. The highest number is the holder's; it is never deleted, only
 * marked as released, so a number is given to one process only.
 */
export interface Claim extends ProcessIdentity {
  readonly number: number;
  /** tells apart two processes that look alike */
  readonly token: string;
  /** the attempt that the holder is, 0 when it is none */
  readonly attempt: number;
  /** counted up by the holder while it lives */
  readonly heartbeat: number;
  readonly released: boolean;
}

/** Room for any claim: it is rewritten in place, so its length stays, and a reader never sees half a number. */
const claimBytes = 512;

export function claimPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(6, '0')}.json`);
}

function encode(claim: Claim): string {
  const { number: _number, heartbeat, ...rest } = claim;
  return `${JSON.stringify({ heartbeat: String(heartbeat).padStart(12, '0'), ...rest }).padEnd(claimBytes - 1)}\n`;
}

/** Rewrites the holder's own claim. `file` stays with the file even when its name is gone: it can spoil nothing. */
export function rewriteClaim(file: number, claim: Claim): void {
  writeSync(file, encode(claim), 0);
}

/** Numbers of the claims in a folder, ascending; none when there is no folder. */
export function claimNumbers(folder: string): number[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .map((name) => Number(/^(\d{6,12})\.json$/.exec(name)?.[1] ?? 0))
    .filter((number) => number > 0)
    .toSorted((a, b) => a - b);
}

/**
 * The newest claim: null when there never was one, `unreadable` while one is being written on a file system without
 * links, or when it is damaged.
 */
export function newestClaim(folder: string): Claim | { readonly number: number; readonly unreadable: true } | null {
  const number = claimNumbers(folder).at(-1);
  if (number === undefined) return null;
  try {
    const claim = fieldsAt(parseJson(readTextFile(claimPath(folder, number), 1 << 16), 'lock'), 'lock');
    return {
      number,
      machine: textAt(claim['machine'], 'lock'),
      pid: countAt(claim['pid'], 'lock'),
      started: claim['started'] === null ? null : textAt(claim['started'], 'lock'),
      token: textAt(claim['token'], 'lock'),
      attempt: countAt(claim['attempt'], 'lock'),
      heartbeat: Number(textAt(claim['heartbeat'], 'lock')),
      released: claim['released'] === true,
    };
  } catch {
    return { number, unreadable: true };
  }
}

/** Codes of file systems that have no hard links. */
const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK', 'EINVAL']);

/**
 * Creates a claim, whole and under a number that nobody has: written aside, then linked to its name, which fails when
 * the name exists.
 * @returns the open file, or null when somebody was faster
 */
export function createClaim(folder: string, claim: Claim): number | null {
  const path = claimPath(folder, claim.number);
  const aside = `${path}.${claim.token}${asideSuffix}`;
  const file = openSync(aside, 'wx+');
  let kept = false;
  try {
    writeFully(file, new TextEncoder().encode(encode(claim)));
    linkSync(aside, path);
    kept = true;
    return file;
  } catch (error) {
    // the former where the winner is gone again, the latter where it has removed what we wrote aside
    if (systemCode(error) === 'EEXIST' || exists(path)) return null;
    if (withoutLinks.has(systemCode(error))) return createInPlace(path, claim);
    throw error;
  } finally {
    if (!kept) closeSync(file);
    rmSync(aside, { force: true });
  }
}

function createInPlace(path: string, claim: Claim): number | null {
  let file: number;
  try {
    file = openSync(path, 'wx+');
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return null;
    throw error;
  }
  rewriteClaim(file, claim);
  return file;
}

/** Removes the claims before the given one, oldest first, and what was left aside by processes that died or came too late. */
export function removeOlderClaims(folder: string, number: number): void {
  for (const older of claimNumbers(folder)) if (older < number) rmSync(claimPath(folder, older), { force: true });
  for (const name of readdirSync(folder)) {
    if (name.endsWith(asideSuffix) && Number(name.slice(0, name.indexOf('.'))) <= number) rmSync(join(folder, name), { force: true });
  }
}

/** True while the claim's file is there and nobody has claimed after it. */
export function isNewest(folder: string, number: number): boolean {
  return exists(claimPath(folder, number)) && !exists(claimPath(folder, number + 1));
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
