import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestKind, RunRequest } from './contract';
import { readTextFile, writeFileAtomically } from './atomicFile';
import { parseRequest } from './parseFiles';
import { controlFolder } from './paths';
import { inputOutputError, RunError, systemCode } from './runError';
import { makeId } from './runId';

const mostBytes = 1 << 20;

/**
 * Asks something of a run: whoever works on it answers with a `request-handled` event of the same id.
 * @param folder the run folder
 * @throws RunError not-writable, disk-full, folder-vanished
 */
export function makeRequest(folder: string, kind: RequestKind, more: { readonly files?: readonly string[]; readonly reason?: string } = {}): RunRequest {
  const now = new Date();
  const request: RunRequest = { format: 'ibrl-request', version: 1, id: makeId(now, Math.random), kind, created: now.toISOString(), ...more };
  writeFileAtomically(join(folder, controlFolder, `${request.id}.json`), `${JSON.stringify(request)}\n`, { sync: false, within: folder });
  return request;
}

/**
 * What is asked, oldest first: every readable request without an answer. Damaged files are left out.
 * @param answered ids of requests that were answered
 */
export function pendingRequests(folder: string, answered: ReadonlySet<string>): RunRequest[] {
  const control = join(folder, controlFolder);
  let names: string[];
  try {
    names = readdirSync(control);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw inputOutputError(error, control);
  }
  const requests: RunRequest[] = [];
  for (const name of names.toSorted()) {
    const id = name.endsWith('.json') ? name.slice(0, -'.json'.length) : '';
    if (id === '' || answered.has(id)) continue;
    try {
      const request = parseRequest(readTextFile(join(control, name), mostBytes), name);
      if (request.id === id) requests.push(request);
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
    }
  }
  return requests;
}
