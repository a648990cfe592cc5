import { t } from '@vscode/l10n';

/**
 * What the YAML library says, as sentences. Its words are texts to translate like ours; whatever is not listed here
 * stays as the library says it.
 */

/** By the code of an error: what is wrong and what to do. */
export function syntaxSentence(code: string, message: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return t('A tab is used for indentation. Indent with spaces.');
    case 'BAD_INDENT':
      return t('The indentation does not fit the lines around it. Align the keys of a section.');
    case 'MISSING_CHAR':
      return `${yamlSentence(message)} ${t('Close what was opened.')}`;
    default:
      return `${yamlSentence(message)} ${t('Correct the YAML here.')}`;
  }
}

/** Longer messages quote much of the file; they are cut and not searched, which could take long. */
const longestMessage = 300;

/** The first line of a message, with a full stop. */
export function yamlSentence(message: string): string {
  const line = message.split('\n', 1)[0].trim();
  const words = line.length > longestMessage ? `${line.slice(0, longestMessage)}…` : inWords(line);
  return /[.!?…]$/.test(words) ? words : `${words}.`;
}

/** The library's messages; `{0}` stands for what it puts in. */
export const yamlMessages: readonly string[] = [
  'A block sequence may not be used as an implicit map key',
  'A node can have at most one anchor',
  'A node can have at most one tag',
  'Alias cannot be an empty string',
  'Alias ending in : is ambiguous',
  'An alias node must not specify any properties',
  'Anchor cannot be an empty string',
  'Anchor ending in : is ambiguous',
  'Anchors and tags must be after the {0} indicator',
  'Block collection cannot start on same line with directives-end marker',
  'Block collections are not allowed within flow collections',
  'Block scalar header includes extra characters: {0}',
  'Block scalars with more-indented leading empty lines must use an explicit indentation indicator',
  'Comments must be separated from other tokens by white space characters',
  'Could not resolve tag: {0}',
  'Each pair must have its own sequence indicator',
  'Expected a flow scalar value, but found: {0}',
  'Expected a mapping for this tag',
  'Expected a sequence for this tag',
  'Flow end indicator should be more indented than parent',
  'Flow map must end with a {0}',
  'Flow sequence must end with a {0}',
  'Implicit keys need to be on a single line',
  'Implicit keys of flow sequence pairs need to be on a single line',
  'Implicit map keys need to be followed by map values',
  'Invalid escape sequence {0}',
  'Map keys must be unique',
  'Missing , between {0} items',
  'Missing , or : between {0} items',
  'Missing closing "quote',
  "Missing closing 'quote",
  'Missing directives-end indicator line',
  'Missing directives-end/doc-start indicator line',
  'Missing newline after block sequence props',
  'Missing space after : in {0}',
  'Nested mappings are not allowed in compact mappings',
  'Not a valid tag: {0}',
  'Not a YAML token: {0}',
  'Ordered maps must not include duplicate keys: {0}',
  'Plain value cannot start with {0}',
  'Sequence item without - indicator',
  'Set items must all have null values',
  'Tags and anchors must be separated from the next token by white space',
  'The : indicator must be at most 1024 chars after the start of an implicit block mapping key',
  'The : indicator must be at most 1024 chars after the start of an implicit flow sequence key',
  'The {0} tag has no suffix',
  'Unexpected doc-end without preceding document',
  'Unexpected empty item in {0}',
  'Unexpected {0} at node end',
  'Unexpected {0} in {1}',
  'Unexpected {0} token',
  'Unexpected token in block scalar header: {0}',
  'Unknown directive {0}',
  'Unresolved plain scalar {0}',
  'Unresolved tag: {0}',
  'Unsupported YAML version {0}',
  "Verbatim tags aren't resolved, so {0} is invalid.",
  'Verbatim tags must end with a >',
  '%TAG directive should contain exactly two parts',
  '%YAML directive should contain exactly one part',
  '{0} used for {1} collection, but expects {2}',
  // what is put into others
  'a tab character',
  'block map',
  'block scalar indicator {0}',
  'block sequence',
  'directive indicator character {0}',
  'flow collection',
  'flow indicator character {0}',
  'flow map',
  'flow sequence',
  'reserved character {0}',
];

const patterns = yamlMessages.map((template): readonly [string, RegExp] => {
  const parts = template.split(/\{\d\}/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return [template, new RegExp(`^${parts.join('(.+)')}$`)];
});

function inWords(message: string): string {
  for (const [template, pattern] of patterns) {
    const found = pattern.exec(message);
    if (found) return t(template, ...found.slice(1).map(inWords));
  }
  return message;
}
