import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { resolveRun } from '../launcher/adopt';
import type { PolicyDefinition } from '../learning/policy/definition';
import { readPolicy } from '../learning/policy/policyFile';
import { PolicyError } from '../learning/policy/policyError';
import { iterationFiles, runFile } from '../run/paths';
import { readPlainFile } from '../run/readBytes';
import { RunReader } from '../run/reader';
import { sha256Of } from '../run/verifiedFile';
import { checkSystem } from '../trainer/comparing';
import type { IterationView } from '../trainer/iterationView';
import { InputError } from './output';

/** A policy that somebody named, read; or β of an iteration. */
export type NamedPolicy = {
  /** as it was named */
  readonly name: string;
  /** of its file; of β: of the models that hold it, see `behaviourSha256` */
  readonly sha256: string;
  /** the iteration of a run that it comes from, or null for a file that lies in none */
  readonly origin: Origin | null;
} & ({ readonly kind: 'policy'; readonly definition: PolicyDefinition } | { readonly kind: 'behaviour' });

export interface Origin {
  readonly reader: RunReader;
  readonly iteration: number;
}

/** How policies are named, for help texts. */
export const policyWords = 'a policy file, or RUN:ITERATION/POLICY such as first:2/1, first:2/probe or first:2/behaviour';

/**
 * Reads the policy that a person names: a file, or `RUN:ITERATION/POLICY` with a number from 1, `probe` or `behaviour`.
 * @throws InputError, RunError not-a-run, file-missing
 */
export function readNamedPolicy(name: string, from: string): NamedPolicy {
  const [, run, number, which] = /^(.+):(\d+)\/(\d+|probe|behaviour)$/.exec(name) ?? [];
  if (run === undefined) return readFile(name, resolve(from, name));
  const origin: Origin = { reader: RunReader.open(resolveRun(run, from)), iteration: Number(number) };
  if (which === 'behaviour') return { name, kind: 'behaviour', origin, sha256: behaviourSha256(origin.reader.readText(iterationFiles.models(origin.iteration))) };
  const path = which === 'probe' || which === '0' ? iterationFiles.probe(origin.iteration) : iterationFiles.policy(origin.iteration, Number(which));
  return { name, origin, ...parsed(name, origin.reader.readText(path)) };
}

/** The iteration that `--on RUN:ITERATION` names. @throws InputError, RunError not-a-run */
export function readNamedIteration(name: string, from: string): Origin {
  const [, run, number] = /^(.+):(\d+)$/.exec(name) ?? [];
  if (run === undefined) throw new InputError('unknown-iteration', `"${name}" names no iteration. Give RUN:ITERATION, such as first:2.`);
  return { reader: RunReader.open(resolveRun(run, from)), iteration: Number(number) };
}

/** @throws InputError other-system for a policy that sees or steers something else than the iteration's recordings hold */
export function requireSystem(named: NamedPolicy, view: IterationView): void {
  try {
    if (named.kind === 'policy') checkSystem(named.definition, view);
  } catch (error) {
    throw error instanceof PolicyError ? new InputError('other-system', error.sentence) : error;
  }
}

/** β is no file of its own; the models that it was fitted with stand for it. */
function behaviourSha256(models: string): string {
  return sha256Of(`behaviour of ${sha256Of(models)}`);
}

function readFile(name: string, file: string): NamedPolicy {
  if (!existsSync(file)) throw new InputError('unknown-policy', `There is no ${name}. Give ${policyWords}.`);
  let text: string;
  try {
    text = readPlainFile(file).toString();
  } catch (cause) {
    throw new InputError('unreadable-file', `${name} cannot be read. Give ${policyWords}.`, { cause });
  }
  return { name, origin: originOf(file), ...parsed(name, text) };
}

function parsed(name: string, text: string): { kind: 'policy'; definition: PolicyDefinition; sha256: string } {
  try {
    return { kind: 'policy', definition: readPolicy(text), sha256: sha256Of(text) };
  } catch (cause) {
    throw new InputError('invalid-policy', `${name} cannot be used. ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** A policy file that lies in a run, as the run wrote it: <run>/iterations/NNN/policies/<file>. */
function originOf(file: string): Origin | null {
  const iteration = dirname(dirname(file));
  const run = dirname(dirname(iteration));
  if (basename(dirname(file)) !== 'policies' || !/^\d{3,}$/.test(basename(iteration)) || !existsSync(join(run, runFile))) return null;
  return { reader: RunReader.open(run), iteration: Number(basename(iteration)) };
}
