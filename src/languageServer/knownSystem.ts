import { resolveReward, resolveVariables } from '../experiment/declared';
import { describeExperiment } from '../experiment/describeExperiment';
import type { SystemDescription } from '../experiment/experiment';
import type { ReadTree } from '../experiment/readTree';
import type { ExperimentFile } from '../experiment/schema';
import { describeSystemOfKind, isShipped } from '../experiment/systems';
import type { Reading } from '../experiment/validate';
import type { Kind } from './schemaAt';

/** A file in which anything may be missing or left out. */
type Draft = { readonly [Section in keyof ExperimentFile]?: ExperimentFile[Section] };

/** The settings of a reading that follow the schema, each by itself. */
export function settingsOf(tree: ReadTree | null): Draft {
  return typeof tree?.value === 'object' && tree.value !== null ? (tree.value as Draft) : {};
}

/** The kind of system that a text names. Of a kind that is being misspelt nothing is known. */
export function kindIn({ tree }: Reading): Kind {
  return settingsOf(tree).system?.kind ?? null;
}

/**
 * The system of a text that may be half written: of declared variables, those that are complete. Null where the kind is
 * not known.
 */
export function systemIn(reading: Reading): SystemDescription | null {
  const { system, reward, variables = {} } = settingsOf(reading.tree);
  if (!system) return null;
  if (isShipped(system.kind)) return describeSystemOfKind(system.kind);
  const complete = Object.entries(variables).filter(([, { range, role }]) => (role as unknown) !== undefined && Array.isArray(range));
  return describeExperiment({
    system: { kind: 'plant' },
    variables: resolveVariables(Object.fromEntries(complete)),
    reward: typeof reward === 'object' && (reward.column as unknown) === undefined ? null : resolveReward(reward),
    ...(system.kind === 'program' && { system: { kind: 'program', command: [], timeoutSeconds: 0 } }),
  });
}

/** A variable in a sentence or two, or null where the system has none of that name. */
export interface KnownVariable {
  readonly name: string;
  readonly role: 'state' | 'action' | 'exogenous';
  readonly unit: string;
  readonly range: readonly [number, number];
  /** the action that it follows by formula; of others null */
  readonly follows: { readonly action: string; readonly gain: number } | null;
}

export function variablesOf(system: SystemDescription | null): readonly KnownVariable[] {
  if (system === null) return [];
  return [
    ...system.states.map(({ name, next, range, source, unit }): KnownVariable => ({
      name, unit, range, role: source === 'exogenous' ? 'exogenous' : 'state', follows: next?.kind === 'affine' ? { action: next.action, gain: next.gain } : null,
    })),
    ...system.actions.map(({ name, range, unit }): KnownVariable => ({ name, unit, range, role: 'action', follows: null })),
  ];
}
