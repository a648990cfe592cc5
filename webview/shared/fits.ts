import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';

/** What a schema may say for its parts to be checked one by one; of any other, the whole value is checked. */
const known = new Set(['~kind', '~optional', '~unsafe', 'type', 'required', 'properties', 'items', 'anyOf']);

interface Parts {
  readonly type?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Parts>>;
  readonly items?: Parts | readonly Parts[];
  readonly anyOf?: readonly Parts[];
  readonly const?: unknown;
}

/**
 * Whether a value fits a schema. What says the same as in a value that fitted is not checked again: of one snapshot after the
 * other most stays, and comparing is many times quicker than checking.
 * @param last fitted this schema; undefined: there was none
 */
export function fits(schema: TSchema, value: unknown, last: unknown): boolean {
  return fitsParts(schema as Parts, value, last);
}

function fitsParts(schema: Parts, value: unknown, last: unknown): boolean {
  if (last !== undefined && Object.is(value, last)) return true;
  if (isObject(value) && isObject(last) && Array.isArray(value) === Array.isArray(last) && Object.getOwnPropertyNames(schema).every((name) => known.has(name))) {
    const { anyOf, items, properties, required } = schema;
    if (anyOf !== undefined) {
      const mine = anyOf.filter((one) => mayFit(one, last));
      // whether it fits another one, the whole check knows
      if (mine.length === 1 && fitsParts(mine[0], value, last)) return true;
    } else if (Array.isArray(value) && items !== undefined && !Array.isArray(items)) {
      // unlike `every`, this also looks at holes
      return value.findIndex((entry, index) => !fitsParts(items as Parts, entry, last[index])) < 0;
    } else if (!Array.isArray(value) && properties !== undefined && required?.every((name) => value[name] !== undefined)) {
      return Object.keys(properties).every((name) => (value[name] === undefined && !required.includes(name)) || fitsParts(properties[name], value[name], last[name]));
    }
  }
  return Value.Check(schema as TSchema, value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Whether one of several schemas is possible at all, by its type and by the words that tell it from the others. */
function mayFit({ type, properties }: Parts, last: Readonly<Record<string, unknown>>): boolean {
  if (type !== undefined && type !== (Array.isArray(last) ? 'array' : 'object')) return false;
  return Object.entries(properties ?? {}).every(([name, part]) => part.const === undefined || part.const === last[name]);
}
