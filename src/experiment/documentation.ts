import { defaultWords } from './defaults';
import { functionNames, largestPower } from './expression';
import { findingCodes } from './findings';
import { experimentSchemaNode } from './schema';
import { joinPath, kindOf, type SchemaNode } from './schema/node';
import { describeSystemOfKind, shippedKinds } from './systems';
import { rangeWords, typeWords } from './words';

/** The reference page of the experiment file in Markdown, made from the schema, the systems and the finding codes. */
export function experimentFileDocumentation(): string {
  const properties = Object.entries(experimentSchemaNode.properties ?? {});
  const single = properties.filter(([, schema]) => !isSection(schema));
  const sections = properties.filter(([, schema]) => isSection(schema));
  return [
    introduction,
    '## Top level\n',
    settingsTable(single.flatMap(([key, schema]) => rows(schema, key))),
    ...sections.map(([key, schema]) => section(key, schema)),
    '## Variables and actions\n',
    'Names, units and ranges belong to the system. A variable that follows an action by formula can be kept within bounds exactly.\n',
    ...shippedKinds.map(variables),
    formulas,
    '## Findings\n',
    '`ibrl validate` and the editor report these codes. An error means that the file cannot run or means nothing; a warning, that it is legal but doubtful.\n',
    `| code | meaning |\n| --- | --- |\n${Object.entries(findingCodes)
      .map(([code, meaning]) => `| \`${code}\` | ${meaning} |`)
      .join('\n')}\n`,
  ].join('\n');
}

const introduction = `# The experiment file

An experiment is one YAML file, \`<name>.ibrl.yaml\`. Only the format and the system are required; everything else has a
default, often one that fits the system. This page is made from the schema that the editor, the command line and the
trainer share.

\`\`\`yaml
ibrl: 1
system: { kind: grid-2d, start: far }
bounds:
  x: [0, 10]
  y: [0, 10]
iterations: 4
seed: 7
\`\`\`

The file is UTF-8, at most 1 MiB; a byte order mark and Windows line ends are fine. Check a file with
\`npx --no-install ibrl validate FILE\`, and against its recordings with \`--data\`; print the schema for other tools with
\`npx --no-install ibrl schema\`.
`;

const formulas = `## Formulas

A formula is read, differentiated and computed, never run as code: \`reward\`, \`variables.<name>.next\` and, as a condition, \`data.where\`.

| written | means |
| --- | --- |
| \`1.5\`, \`2e-3\` | numbers |
| \`level\` | a variable: in \`next\` its value before the step, in \`reward\` the one after it; an action is the one of the step |
| \`previous.level\` | in \`reward\`: the value before the step |
| \`+ - * /\`, parentheses | as in mathematics |
| \`x^2\` | whole powers from 2 to ${largestPower}; \`-x^2\` is \`-(x^2)\` |
| \`${functionNames.join('(x)`, `')}(x)\` | of one argument; \`log\` is the natural one |
| \`min(a, b)\`, \`max(a, b)\`, \`clamp(x, low, high)\` | smallest, largest, kept within |
| \`where(condition, a, b)\` | \`a\` where the condition holds, else \`b\` |
| \`x < 1\`, \`<=\`, \`>\`, \`>=\`, \`==\`, \`!=\` | conditions, joined by \`&&\` or \`and\`, \`\\|\\|\` or \`or\`, turned by \`!\` or \`not\` |

In \`data.where\`, other columns of the files may stand beside variables; a heading that is not a plain word stands between
backticks, and the whole then in quotes. A variable whose \`next\` is itself plus a constant times one action, such as
\`level + 0.1 * valve\`, can be kept within bounds exactly; every other formula can only be predicted.
`;

function isSection(schema: SchemaNode): boolean {
  return schema.type === 'object' || (schema.anyOf ?? []).some((alternative) => alternative.type === 'object');
}

function section(key: string, schema: SchemaNode): string {
  const kinds = (schema.anyOf ?? []).filter((alternative) => kindOf(alternative) !== null);
  const tables =
    kinds.length > 0
      ? kinds.map((alternative) => `### ${alternative.title}\n\n${alternative.description}\n\n${settingsTable(children(alternative, key))}`)
      : [settingsTable(schema.anyOf ? rows(schema, key) : children(schema, key))];
  return [`## ${key}\n`, `${schema.description ?? ''}${schema.effect ? ` ${schema.effect}` : ''}\n`, ...tables].join('\n');
}

interface Row {
  readonly path: string;
  readonly schema: SchemaNode;
}

/** A setting and those below it, in the order of the schema. */
function rows(schema: SchemaNode, path: string): Row[] {
  const below = (schema.anyOf ?? [schema]).flatMap((alternative) => children(alternative, path));
  return schema.type === 'object' ? below : [{ path, schema }, ...below];
}

function children(schema: SchemaNode, path: string): Row[] {
  const named = Object.values(schema.patternProperties ?? {}).flatMap((property) => rows(property, joinPath(path, '<name>')));
  return [...named, ...Object.entries(schema.properties ?? {}).flatMap(([key, property]) => rows(property, joinPath(path, key)))];
}

function settingsTable(settings: readonly Row[]): string {
  const lines = settings.map(({ path, schema }) => {
    const unit = schema.unit && schema.unit !== '1' ? ` Unit: ${schema.unit}.` : '';
    const meaning = `${schema.description ?? schema.title ?? ''}${schema.effect ? ` ${schema.effect}` : ''}${unit}`;
    return `| \`${path}\` | ${valueWords(schema)} | ${defaultWords(schema, path)} | ${meaning} |`;
  });
  return `| setting | value | default | meaning and effect |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n`;
}

function valueWords(schema: SchemaNode): string {
  if (schema.anyOf) return [...new Set(schema.anyOf.map(valueWords))].join(', or ');
  const range = rangeWords(Array.isArray(schema.items) ? schema.items[0] : ((schema.items as SchemaNode | undefined) ?? schema));
  return range === '' ? typeWords(schema) : `${typeWords(schema)}, ${range}`;
}

function variables(kind: (typeof shippedKinds)[number]): string {
  const { actions, behaviours, states } = describeSystemOfKind(kind);
  const lines = [
    ...states.map(({ name, next, range, unit }) => {
      const follows = next?.kind === 'affine' ? `follows \`${next.action}\`, gain ${Number(next.gain.toPrecision(6))}` : next ? 'stays as it is' : 'predicted';
      return `| \`${name}\` | state | ${unit} | ${range[0]} to ${range[1]} | ${follows} |`;
    }),
    ...actions.map(({ name, range, unit }) => `| \`${name}\` | action | ${unit} | ${range[0]} to ${range[1]} | |`),
  ];
  return `### ${kind}\n\n| name | role | unit | range | next value |\n| --- | --- | --- | --- | --- |\n${lines.join('\n')}\n\nBehaviours: ${behaviours.map((name) => `\`${name}\``).join(', ')}.\n`;
}
