import { t } from '@vscode/l10n';
import { type Sentence, sentence, spoken, verbatim } from '../sentence/sentence';
import type { SchemaNode } from './schema/node';

/** The words in which schema terms are put to people; messages and documentation share them. */

/** Such as "a whole number", "a list of 2", "one of a, b". */
export function typeWords(node: SchemaNode): string {
  if (node.anyOf) return [...new Set(node.anyOf.map(typeWords))].reduce((before, one) => t('{0} or {1}', before, one));
  if (node.const !== undefined) return `\`${node.const}\``;
  if (node.enum) return t('one of {0}', node.enum.map((word) => `\`${word}\``).join(', '));
  switch (node.type) {
    case 'number':
      return t('a number');
    case 'integer':
      return t('a whole number');
    case 'boolean':
      return t('`true` or `false`');
    case 'string':
      return t('a text');
    case 'null':
      return '`null`';
    case 'array':
      return Array.isArray(node.items) ? t('a list of two numbers, `[low, high]`') : listTypeWords(node.items as SchemaNode);
    default:
      return t('a mapping of keys to values');
  }
}

function listTypeWords(item: SchemaNode): string {
  return item.type === 'string' ? t('a list of names') : item.type === 'integer' ? t('a list of whole numbers') : t('a list of numbers');
}

/** Such as "from 0 to 1", "above 0", or '' where anything goes. */
export function rangeWords(node: SchemaNode): string {
  if (node.minimum !== undefined && node.maximum !== undefined) return t('from {0} to {1}', node.minimum, node.maximum);
  const low = node.minimum !== undefined ? t('at least {0}', node.minimum) : node.exclusiveMinimum !== undefined ? t('above {0}', node.exclusiveMinimum) : '';
  const high = node.maximum !== undefined ? t('at most {0}', node.maximum) : node.exclusiveMaximum !== undefined ? t('below {0}', node.exclusiveMaximum) : '';
  return low !== '' && high !== '' ? t('{0} and {1}', low, high) : low || high;
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
export function listWords(names: readonly string[], conjunction: 'and' | 'or' = 'or'): string {
  return spoken(listSentence(names, conjunction));
}

/** The same, to be put into a sentence that is kept. */
export function listSentence(names: readonly string[], conjunction: 'and' | 'or'): Sentence {
  if (names.length === 0) return sentence('nothing');
  const quoted = names.map((name) => `\`${name}\``);
  const last = quoted[quoted.length - 1];
  if (quoted.length === 1) return verbatim(last);
  const others = quoted.slice(0, -1).join(', ');
  return conjunction === 'or' ? sentence('{0} or {1}', others, last) : sentence('{0} and {1}', others, last);
}
