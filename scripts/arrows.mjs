/**
 * Checks the arrows of the house (scripts/rooms.mjs) on the sources: every import, and everything that can be reached
 * through imports. Run by `npm run lint`; test/architecture.test.ts plants violations and expects each to be found.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import typescript from 'typescript';
import { names, neverReach, roomOf, rooms } from './rooms.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The sources of the package. @returns a map from path (relative, forward slashes) to text */
export function readSources(folder = root) {
  const sources = new Map();
  if (!existsSync(join(folder, 'src'))) return sources;
  for (const entry of readdirSync(join(folder, 'src'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.m?ts$/.test(entry.name)) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    sources.set(relative(folder, path).split(sep).join('/'), readFileSync(path, 'utf8'));
  }
  return sources;
}

/** Every arrow that the sources break, as sentences. An empty list: the house is in order. */
export function findViolations(sources) {
  const files = [...sources].map(([path, text]) => ({ path, room: roomOf(path), ...readImports(path, text) }));
  const known = new Map(files.map((file) => [file.path, file]));
  const violations = [];
  for (const file of files) {
    if (!(file.room in rooms)) {
      violations.push(`${file.path}: there is no room "${file.room}". Add it to scripts/rooms.mjs, or move the file.`);
      continue;
    }
    if (file.onlyReExports) violations.push(`${file.path}: only passes on what other files export. Import from those files instead.`);
    for (const found of file.imports) {
      const sentence = judge(file, found, known);
      if (sentence) violations.push(`${file.path}:${found.line}: ${sentence}`);
    }
  }
  return [...violations, ...findForbiddenPaths(files, known)];
}

function judge(file, found, known) {
  const room = rooms[file.room];
  if (!found.specifier.startsWith('.')) return judgePackage(file, found, room);
  const target = resolveImport(file.path, found.specifier, known);
  if (!target) return null; // not a source of ours (a text or a missing file): the compiler's concern
  const other = known.get(target).room;
  if (other === file.room || names(room.imports, other)) return null;
  if (found.typeOnly && names(room.types ?? [], other)) return null;
  return `${file.room} must not import ${other} (${found.specifier}).`;
}

function judgePackage(file, found, room) {
  const name = found.specifier.startsWith('node:') ? found.specifier : packageName(found.specifier);
  if (name.startsWith('node:') || builtinModules.includes(name)) {
    const inside = file.path.slice(`src/${file.room}/`.length);
    const allowed = room.node === true || (Array.isArray(room.node) && room.node.some((part) => inside.startsWith(part)));
    if (!allowed) return `${file.room} must not use Node's modules (${found.specifier}).`;
    return name.startsWith('node:') ? null : `write node:${found.specifier}.`;
  }
  return (room.packages ?? []).includes(name) ? null : `${file.room} must not use the package ${name}.`;
}

/** Follows imports that exist when built, from each room that must not reach another. */
function findForbiddenPaths(files, known) {
  const violations = new Set();
  for (const file of files) {
    const forbidden = neverReach.filter((rule) => names(rule.from, file.room)).flatMap((rule) => rule.to);
    if (forbidden.length === 0) continue;
    const cameFrom = new Map([[file.path, null]]);
    for (const path of cameFrom.keys()) {
      for (const found of known.get(path).imports) {
        const target = found.typeOnly ? null : resolveImport(path, found.specifier, known);
        if (!target || cameFrom.has(target)) continue;
        cameFrom.set(target, path);
        if (names(forbidden, known.get(target).room)) violations.add(`${file.path}: reaches ${known.get(target).room} through ${chain(cameFrom, target)}.`);
      }
    }
  }
  return [...violations];
}

function chain(cameFrom, end) {
  const steps = [];
  for (let path = end; path; path = cameFrom.get(path)) steps.unshift(path);
  return steps.join(' → ');
}

/** Static imports, re-exports and `import()`, each with its line and whether it vanishes when built. */
function readImports(path, text) {
  const source = typescript.createSourceFile(path, text, typescript.ScriptTarget.Latest, true);
  const imports = [];
  const note = (node, specifier, typeOnly) => {
    imports.push({ specifier: specifier.text, typeOnly, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
  };
  const visit = (node) => {
    if (typescript.isImportDeclaration(node)) note(node, node.moduleSpecifier, isTypeOnly(node.importClause));
    else if (typescript.isExportDeclaration(node) && node.moduleSpecifier) note(node, node.moduleSpecifier, node.isTypeOnly);
    else if (typescript.isCallExpression(node) && node.expression.kind === typescript.SyntaxKind.ImportKeyword && typescript.isStringLiteralLike(node.arguments[0])) note(node, node.arguments[0], false);
    else if (typescript.isImportTypeNode(node) && typescript.isLiteralTypeNode(node.argument) && typescript.isStringLiteral(node.argument.literal)) note(node, node.argument.literal, true);
    typescript.forEachChild(node, visit);
  };
  visit(source);
  const statements = source.statements.filter((statement) => !typescript.isImportDeclaration(statement));
  const onlyReExports = statements.length > 0 && statements.every((statement) => typescript.isExportDeclaration(statement));
  return { imports, onlyReExports };
}

function isTypeOnly(clause) {
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const bindings = clause.namedBindings;
  return !clause.name && bindings !== undefined && typescript.isNamedImports(bindings) && bindings.elements.length > 0 && bindings.elements.every((element) => element.isTypeOnly);
}

function resolveImport(from, specifier, known) {
  if (!specifier.startsWith('.')) return null;
  const path = posix.join(posix.dirname(from), specifier);
  return [path, `${path}.ts`, `${path}.mts`, `${path}.d.ts`].find((candidate) => known.has(candidate)) ?? null;
}

function packageName(specifier) {
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const violations = findViolations(readSources());
  for (const violation of violations) console.error(violation);
  if (violations.length > 0) {
    console.error(`${violations.length} arrow${violations.length === 1 ? '' : 's'} broken. The table is scripts/rooms.mjs.`);
    process.exitCode = 1;
  }
}
