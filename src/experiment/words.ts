import type { SchemaNode } from './schema/node';

/** The words in which schema terms are put to people; messages and documentation share them. */

/** Such as "a whole number", "a list of 2", "one of a, b". */
export function typeWords(node: SchemaNode): string {
  if (node.anyOf) return [...new Set(node.anyOf.map(typeWords))].join(' or ');
  if (node.const !== undefined) return `\`${node.const}\``;
  if (node.enum) return `one of ${node.enum.map((word) => `\`${word}\``).join(', ')}`;
  switch (node.type) {
    case 'number':
      return 'a number';
    case 'integer':
      return 'a whole number';
    case 'boolean':
      return '`true` or `false`';
    case 'string':
      return 'a text';
    case 'null':
      return '`null`';
    case 'array':
      return Array.isArray(node.items) ? 'a list of two numbers, `[low, high]`' : `a list of ${plural(node.items as SchemaNode)}`;
    default:
      return 'a mapping of keys to values';
  }
}

function plural(node: SchemaNode): string {
  return node.type === 'string' ? 'names' : node.type === 'integer' ? 'whole numbers' : 'numbers';
}

/** Such as "from 0 to 1", "above 0", or '' where anything goes. */
export function rangeWords(node: SchemaNode): string {
  const low = node.minimum !== undefined ? `at least ${node.minimum}` : node.exclusiveMinimum !== undefined ? `above ${node.exclusiveMinimum}` : '';
  const high = node.maximum !== undefined ? `at most ${node.maximum}` : node.exclusiveMaximum !== undefined ? `below ${node.exclusiveMaximum}` : '';
  if (node.minimum !== undefined && node.maximum !== undefined) return `from ${node.minimum} to ${node.maximum}`;
  return [low, high].filter((part) => part !== '').join(' and ');
}

/** Whether a number lies where the schema allows. */
export function inRange(node: SchemaNode, value: number): boolean {
  return (
    value >= (node.minimum ?? -Infinity) &&
    value <= (node.maximum ?? Infinity) &&
    value > (node.exclusiveMinimum ?? -Infinity) &&
    value < (node.exclusiveMaximum ?? Infinity)
  );
}

/** A list of names in a sentence: `a`, `b` or `c`. */
export function listWords(names: readonly string[], conjunction = 'or'): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2 ? (quoted[0] ?? 'nothing') : `${quoted.slice(0, -1).join(', ')} ${conjunction} ${quoted.at(-1)}`;
}
