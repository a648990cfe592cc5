import { experimentSchemaNode } from '../experiment/schema';
import { joinPath, mappingAlternative, type SchemaNode } from '../experiment/schema/node';
import { setValue } from '../experiment/setValue';
import { validateExperiment } from '../experiment/validate';

/** A setting that can be changed for one run. */
export interface ChangeableSetting {
  readonly path: string;
  readonly description: string;
  /** as YAML; empty where the file says nothing and there is no default */
  readonly current: string;
  /** words that it may be; empty for any */
  readonly choices: readonly string[];
}

/** The settings of an experiment one by one, in the order of the schema, with what holds now. */
export function changeableSettings(text: string): ChangeableSetting[] {
  const { tree, experiment } = validateExperiment(text);
  const written: unknown = tree?.value ?? {};
  const settings: ChangeableSetting[] = [];
  const visit = (node: SchemaNode, path: string, value: unknown): void => {
    const keys = new Set(isMapping(value) ? Object.keys(value) : []);
    const kind = isMapping(value) ? value['kind'] : undefined;
    const mapping = mappingAlternative(node, keys, kind);
    const entries = Object.entries(mapping?.properties ?? {});
    const named = mapping?.patternProperties === undefined ? [] : [...keys].map((key): [string, SchemaNode] => [key, Object.values(mapping.patternProperties ?? {})[0]]);
    if (mapping !== null && (isMapping(value) || value === undefined)) {
      for (const [key, child] of [...entries, ...named]) visit(child, joinPath(path, key), isMapping(value) ? value[key] : undefined);
      return;
    }
    const current = value ?? valueAt(experiment, path) ?? node.default;
    settings.push({ path, description: node.description ?? node.title ?? '', current: current === undefined ? '' : yamlOf(current), choices: choicesOf(node) });
  };
  visit(experimentSchemaNode, '', written);
  return settings.filter(({ path }) => path !== 'ibrl');
}

/** Words that a setting may be. */
function choicesOf(node: SchemaNode): readonly string[] {
  if (node.enum !== undefined) return node.enum;
  if (node.type === 'boolean') return ['true', 'false'];
  return (node.anyOf ?? []).flatMap((one) => (one.const === undefined ? choicesOf(one) : [String(one.const)]));
}

function valueAt(tree: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (isMapping(value) ? value[key] : undefined), tree);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function yamlOf(value: unknown): string {
  return typeof value === 'string' && /^[\w.-]+$/.test(value) ? value : JSON.stringify(value);
}

/** A text with changes applied, or the first thing that is wrong with it. */
export type Changed = { readonly text: string; readonly wrong: null } | { readonly text: null; readonly wrong: string };

/** Applies lines such as `search.updates=200`, as `ibrl train --set` does. */
export function applySettings(text: string, lines: readonly string[]): Changed {
  let changed = text;
  for (const line of lines) {
    const equals = line.indexOf('=');
    try {
      changed = setValue(changed, line.slice(0, Math.max(0, equals)).trim(), line.slice(equals + 1).trim());
    } catch (error) {
      return { text: null, wrong: error instanceof Error ? error.message : String(error) };
    }
  }
  const error = validateExperiment(changed).findings.find(({ severity }) => severity === 'error');
  return error === undefined ? { text: changed, wrong: null } : { text: null, wrong: error.message };
}
