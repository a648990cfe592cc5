import * as l10n from '@vscode/l10n';
import { defaultOf } from '../experiment/defaults';
import { inYaml } from '../experiment/inYaml';
import type { SchemaNode } from '../experiment/schema/node';
import { systemKinds } from '../experiment/systems';
import { rangeWords } from '../experiment/words';
import type { KnownVariable } from './knownSystem';
import { alternativesOf, type Kind } from './schemaAt';

/** What people are told of a setting or a variable, as Markdown. */

export function settingInWords(schemas: readonly SchemaNode[], path: readonly string[], kind: Kind): string {
  const dotted = path.join('.');
  const lines = schemas.flatMap((schema) => [
    heading(schema.title, dotted),
    l10n.t(schema.description ?? ''),
    schema.effect ? l10n.t('Effect: {0}', l10n.t(schema.effect)) : '',
    allowedInWords(schema, kind),
    defaultInWords(schema, dotted, kind),
  ]);
  return lines.filter((line) => line !== '').join('\n\n');
}

function heading(title: string | undefined, path: string): string {
  return title === undefined ? `\`${path}\`` : `**${l10n.t(title)}** · \`${path}\``;
}

function allowedInWords(schema: SchemaNode, kind: Kind): string {
  const values = valuesInWords(schema, kind);
  const unit = schema.unit && schema.unit !== '1' ? l10n.t('Unit: {0}', l10n.t(schema.unit)) : '';
  return [values === '' ? '' : l10n.t('Allowed: {0}', values), unit].filter((part) => part !== '').join('  \n');
}

/** What may be written, such as "a whole number from 1 to 64"; '' for sections. */
export function valuesInWords(schema: SchemaNode, kind: Kind): string {
  return [...new Set(alternativesOf(schema, kind).map(valueInWords).filter((words) => words !== ''))].join(' · ');
}

function valueInWords(schema: SchemaNode): string {
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum) return schema.enum.map((word) => `\`${word}\``).join(', ');
  switch (schema.type) {
    case 'number':
      return withRange(l10n.t('a number'), schema);
    case 'integer':
      return withRange(l10n.t('a whole number'), schema);
    case 'boolean':
      return '`true`, `false`';
    case 'null':
      return '`null`';
    case 'string':
      return l10n.t('a text');
    case 'array':
      return listInWords(schema);
    default:
      return '';
  }
}

function listInWords({ items }: SchemaNode): string {
  if (Array.isArray(items)) return withRange(l10n.t('a pair `[low, high]`'), (items as readonly SchemaNode[])[0]);
  const item = (items ?? {}) as SchemaNode;
  return item.type === 'string' ? l10n.t('a list of names') : withRange(l10n.t('a list of numbers'), item);
}

function withRange(what: string, schema: SchemaNode): string {
  const range = rangeWords(schema);
  return range === '' ? what : `${what} ${range}`;
}

/** The default for the chosen system; while none is chosen, that of each. */
function defaultInWords(schema: SchemaNode, path: string, kind: Kind): string {
  const values = (kind === null ? systemKinds : [kind]).flatMap((one) => {
    const value = defaultOf(schema, path, one);
    return value === undefined ? [] : [{ one, word: `\`${inYaml(value)}\`` }];
  });
  if (values.length === 0) return '';
  if (values.every(({ word }) => word === values[0].word)) return l10n.t('Default: {0}', values[0].word);
  return l10n.t('Default: {0}', values.map(({ one, word }) => `${word} (${one})`).join(', '));
}

export function variableInWords({ follows, name, range, role, unit }: KnownVariable): string {
  const roles = { state: l10n.t('State'), action: l10n.t('Action'), exogenous: l10n.t('Disturbance') };
  const physical = l10n.t('Physical range: {0} to {1}', ...range);
  return [
    `**${name}** · ${roles[role]}`,
    unit === '1' ? physical : `${physical} ${unit}`,
    follows === null ? '' : l10n.t('Follows `{0}` by formula, gain {1}: a bound can be held exactly.', follows.action, Number(follows.gain.toPrecision(6))),
    role === 'exogenous' ? l10n.t('No policy moves it; rollouts replay what was recorded.') : '',
  ].filter((line) => line !== '').join('\n\n');
}
