import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import typescript from 'typescript';
import { describe, expect, test } from 'vitest';
import { experimentFileSchema } from '../../src/experiment/schema';
import { yamlMessages } from '../../src/experiment/yamlSentences';

const root = join(import.meta.dirname, '../..');

/** Rooms whose words reach users of the editor. */
const rooms = ['src/sentence', 'src/experiment', 'src/run', 'src/launcher', 'src/import', 'src/learning', 'src/trainer', 'src/cli', 'src/extension', 'src/messages', 'src/report', 'src/languageServer', 'webview'];

interface Source {
  readonly path: string;
  readonly tree: typescript.SourceFile;
}

const sources: readonly Source[] = rooms.flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => {
      const path = `${room}/${name}`;
      return { path, tree: typescript.createSourceFile(path, readFileSync(join(root, path), 'utf8'), typescript.ScriptTarget.ES2022, true) };
    }),
);

/** `t(…)`, `l10n.t(…)`, and `sentence(…)`, which is said later. */
function isTranslation(node: typescript.Node): node is typescript.CallExpression {
  if (!typescript.isCallExpression(node)) return false;
  const { expression } = node;
  if (typescript.isIdentifier(expression)) return expression.text === 't' || expression.text === 'sentence';
  return typescript.isPropertyAccessExpression(expression) && expression.name.text === 't' && expression.expression.getText() === 'l10n';
}

function visit(node: typescript.Node, look: (node: typescript.Node) => boolean): void {
  if (look(node)) node.forEachChild((child) => visit(child, look));
}

/** English texts by where they are used. */
const used = new Map<string, string>();
for (const { path, tree } of sources) {
  visit(tree, (node) => {
    if (isTranslation(node) && node.arguments.length > 0 && typescript.isStringLiteralLike(node.arguments[0])) used.set(node.arguments[0].text, path);
    return true;
  });
}

for (const text of yamlMessages) used.set(text, 'src/experiment/yamlSentences.ts');

/** The texts of the schema, which the language server passes to `t` as they are. */
const fromSchema = new Set<string>();
JSON.stringify(experimentFileSchema, (key, value: unknown) => {
  if (['title', 'description', 'effect', 'unit'].includes(key) && typeof value === 'string') fromSchema.add(value);
  return value;
});

const files = readdirSync(join(root, 'l10n')).filter((name) => name.endsWith('.de.json'));
const german = Object.assign({}, ...files.map((name) => JSON.parse(readFileSync(join(root, 'l10n', name), 'utf8')) as object)) as Record<string, string>;

/** Besides what is put in. */
function hasWords(text: string): boolean {
  return /\p{L}/u.test(text.replaceAll(/\{\d+\}/g, ''));
}

describe('translations', () => {
  test('are there for every text', () => {
    const missing = [...used].filter(([text]) => hasWords(text) && !(text in german)).map(([text, path]) => `${path}: ${text}`);
    expect(missing).toEqual([]);
  });

  test('are all used', () => {
    expect(Object.keys(german).filter((text) => !used.has(text) && !fromSchema.has(text))).toEqual([]);
  });

  test('keep every value that is put in', () => {
    const values = (text: string): string[] => [...text.matchAll(/\{\d+\}/g)].map((match) => match[0]).toSorted();
    const different = Object.entries(german).filter(([english, translated]) => [...new Set(values(english))].join() !== [...new Set(values(translated))].join());
    expect(different).toEqual([]);
  });

  test('have one word for what a controller sets, Stellgröße, and one for a frame, Zeitpunkt', () => {
    expect(Object.values(german).filter((text) => /\bAktion/.test(text))).toEqual([]);
    expect(Object.entries(german).filter(([text, translated]) => /\bactuators?\b/i.test(text) && !/Stellgröße/.test(translated))).toEqual([]);
    expect(Object.values(german).filter((text) => /\bFrames?\b/.test(text))).toEqual([]);
  });

  test('are calm: no exclamation mark, no please', () => {
    const loud = Object.entries(german).filter((pair) => pair.some((text) => /!(?!=)|\b(please|oops|bitte)\b/i.test(text)));
    expect(loud).toEqual([]);
  });
});

/**
 * Texts in the code that look like words for people and do not go through `t`. As if every text were shown in a made-up
 * language: what would stay English.
 */
function hardCoded({ path, tree }: Source): string[] {
  const found: string[] = [];
  const note = (node: typescript.Node, text: string): void => void found.push(`${path}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${text}`);
  visit(tree, (node) => {
    if (isTranslation(node) || typescript.isImportDeclaration(node) || typescript.isTypeNode(node)) return false;
    if (typescript.isTaggedTemplateExpression(node)) {
      const tag = node.tag.getText();
      if (tag === 'css' || tag === 'svg') return false;
      if (tag === 'html') for (const words of wordsInHtml(node.template)) note(node, words);
      return true;
    }
    // an error that says that our own code is wrong, or the command line, is for us or in English
    if (typescript.isNewExpression(node) && ['RangeError', 'LayoutError', 'ProgramError', 'GoldenError', 'UnknownPolicyError', 'TrainerArgumentsError', 'InputError', 'InvalidArgumentError'].includes(node.expression.getText())) return false;
    if (typescript.isCallExpression(node) && /\.(debug|trace)$/.test(node.expression.getText())) return false;
    if (typescript.isStringLiteralLike(node) && !typescript.isTaggedTemplateExpression(node.parent) && looksLikeSentence(node.text)) note(node, node.text);
    if (typescript.isTemplateExpression(node) && !typescript.isTaggedTemplateExpression(node.parent)) {
      const text = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…');
      if (looksLikeSentence(text)) note(node, text);
    }
    return true;
  });
  return found;
}

/** Begins with a capital, goes on with small words: not a name, a selector, a colour or a class. */
function looksLikeSentence(text: string): boolean {
  return /^(?:\p{Lu}\p{Ll}*|…),? (?:… )*\p{Ll}{2,}/u.test(text) && !/[<{}]|=>/.test(text);
}

/** Stands where a value is put into a template. */
const gap = '\u241F';

/** Text between tags, and in attributes that are read out. */
function wordsInHtml(template: typescript.TemplateLiteral): string[] {
  const whole = typescript.isNoSubstitutionTemplateLiteral(template) ? template.text : [template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)].join(gap);
  const attributes = [...whole.matchAll(/\s(?:aria-label|aria-description|title|placeholder|alt|label|summary)="([^"]*)"/g)].flatMap((match) => match[1].split(gap)).filter((piece) => /[A-Za-z]{2,}/.test(piece));
  const between = whole
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/<[^>]*>/g, gap)
    .split(gap)
    .map((piece) => piece.trim())
    .filter((piece) => /[A-Za-z]{2,}/.test(piece));
  return [...attributes, ...between];
}

/**
 * Texts that are English on purpose: for a report that others read, made of the experiment file itself, the pages of documentation,
 * kept in a run's files, or about a mistake of ours.
 */
const english = [
  'src/extension/issueText.ts', 'src/extension/plantExperiment.ts', 'src/experiment/findings.ts', 'src/experiment/documentation.ts',
  'src/learning/system/scripted/createScripted.ts', 'src/learning/engine/kernelExecution.ts', 'src/learning/engine/layout.ts', 'src/learning/engine/rowTable.ts', 'src/learning/engine/reference.ts', 'src/learning/engine/tfjs.ts',
];

/** Texts that go through translation where they are used: `fromSchema` and the messages of the YAML library. */
const translatedElsewhere = [/^src\/experiment\/schema[./]/, /^src\/experiment\/yamlSentences\.ts$/];

describe('words for people', () => {
  test.each(['src/sentence', 'src/experiment', 'src/run', 'src/launcher', 'src/import', 'src/learning', 'src/trainer', 'src/report', 'src/extension', 'webview'])('in %s all go through translation', (room) => {
    const astray = sources.filter(({ path }) => path.startsWith(`${room}/`) && !english.includes(path) && !translatedElsewhere.some((place) => place.test(path))).flatMap(hardCoded);
    expect(astray).toEqual([]);
  });

  test('that do not would be found', () => {
    const tree = (text: string): Source => ({ path: 'a.ts', tree: typescript.createSourceFile('a.ts', text, typescript.ScriptTarget.ES2022, true) });
    expect(hardCoded(tree('say("Nothing is here.")'))).toHaveLength(1);
    expect(hardCoded(tree('say(`Run ${id} is done.`)'))).toHaveLength(1);
    expect(hardCoded(tree('html`<b title="Open">${x} left</b>`'))).toHaveLength(2);
    expect(hardCoded(tree('say(t("Nothing is here.")); html`<b class="a b">${t("left")}</b>`; throw new RangeError("Rows must fit.")'))).toEqual([]);
  });
});
