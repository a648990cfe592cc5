import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { rooms } from '../scripts/rooms.mjs';
import { describeSystemOfKind, shippedKinds } from '../src/experiment/systems';
import { validateExperiment } from '../src/experiment/validate';
import { iterationFiles } from '../src/run/paths';

const root = join(import.meta.dirname, '..');
const documentation = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'bench/README.md', ...documentation];
const read = (page: string): string => readFileSync(join(root, page), 'utf8');
const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1]);

/** Texts between fences of a language. */
const fenced = (page: string, language: string): string[] => found(read(page), new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'));
/** The part of a page under a heading, up to the next one of the same depth. */
const section = (page: string, heading: string): string => read(page).split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
/** Cells of a Markdown table's rows, headings and rule left out. */
const rows = (text: string): string[][] =>
  [...text.matchAll(/^\|(.*)\|$/gm)].map((match) => match[1].split(/(?<!\\)\|/).map((cell) => cell.trim())).filter((cells, i, all) => !/^-+$/.test(cells[0]) && !/^-+$/.test(all[i + 1]?.[0] ?? ''));
const codes = (cell: string): string[] => found(cell, /`([^`]+)`/g);

describe('what pages name is there', () => {
  test('every file and heading that a page links to', () => {
    const slug = (heading: string): string => heading.toLowerCase().replaceAll(/[^\w\- ]/g, '').replaceAll(' ', '-');
    for (const page of pages) {
      const missing = found(read(page), /\]\((?!https?:)([^)\s]+)\)/g).filter((link) => {
        const [path, anchor] = link.split('#');
        const target = path === '' ? page : join(dirname(page), path);
        if (!existsSync(join(root, target))) return true;
        return anchor !== undefined && !found(read(target), /^#+ (.+)$/gm).map(slug).includes(anchor);
      });
      expect({ page, missing }).toEqual({ page, missing: [] });
    }
  });

  test('every source', () => {
    for (const page of pages) {
      const named = found(read(page), /`((?:src|scripts|test|bench|docs|examples|dist)\/[\w./-]+\.\w+)`/g);
      expect({ page, missing: named.filter((path) => !existsSync(join(root, path))) }).toEqual({ page, missing: [] });
    }
  });

  test('every npm script', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = pages.flatMap((page) => found(read(page), /npm run ([\w:-]+)/g));
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('tables are complete', () => {
  const help = (...words: string[]): string => execFileSync(process.execPath, [join(root, 'dist/ibrl.cjs'), ...words, '--help'], { encoding: 'utf8' });
  const commands = found(help().split('Commands:')[1] ?? '', /^ {2}([a-z-]+)/gm).filter((name) => name !== 'help');

  test('the README lists exactly the commands that there are', () => {
    expect(commands.length).toBeGreaterThan(10);
    expect(rows(section('README.md', 'The command line')).map(([command]) => /ibrl ([a-z-]+)/.exec(command)?.[1])).toEqual(commands);
  });

  test('the page of the command line has every command with exactly its options', () => {
    expect(found(read('docs/command-line.md'), /^## ([a-z-]+)$/gm).toSorted()).toEqual(commands.toSorted());
    for (const command of commands) {
      const options = found(help(command), /^ {2}(?:-\w, )?(--[a-z-]+)/gm).filter((option) => option !== '--help');
      const told = rows(section('docs/command-line.md', command)).flatMap(([cell]) => codes(cell).map((code) => code.split(' ')[0]));
      expect({ command, told: told.toSorted() }).toEqual({ command, told: options.toSorted() });
    }
  });

  test('the page of the run folder has every event, request and file', () => {
    const contract = read('src/run/contract.ts');
    const types = found(/export type EventBody =([\s\S]*?)\nexport type/.exec(contract)?.[1] ?? '', /type: '([a-z-]+)'/g);
    expect(types.length).toBeGreaterThan(10);
    expect(rows(section('docs/run-folder.md', 'Events')).flatMap(([cell]) => codes(cell)).toSorted()).toEqual(types.toSorted());
    const requests = found(/export type RequestKind = (.*)/.exec(contract)?.[1] ?? '', /'([a-z-]+)'/g);
    expect(rows(section('docs/run-folder.md', 'Requests')).flatMap(([cell]) => codes(cell)).toSorted()).toEqual(requests.toSorted());
    const files = Object.values(iterationFiles).map((name) => name(1, 1).replace('iterations/001/', '').replace('-1', '-<k>'));
    const listed = rows(section('docs/run-folder.md', 'The files of an iteration').split('**`batch.parquet`**')[0]).flatMap(([cell]) => codes(cell));
    expect(listed.toSorted()).toEqual(files.toSorted());
  });

  test.each(shippedKinds)('the page of systems has every variable, action and scripted policy of %s', (kind) => {
    const { actions, behaviours, states } = describeSystemOfKind(kind);
    const told = rows(section('docs/systems.md', kind)).flatMap(([cell]) => codes(cell));
    const names = [...states, ...actions].map((variable) => variable.name).concat(behaviours);
    expect(names.filter((name) => !told.includes(name))).toEqual([]);
    const policies = rows(section('docs/systems.md', kind).split('| scripted policy |')[1].split('\n\n')[0]).flatMap(([cell]) => codes(cell));
    expect(policies.filter((name) => !behaviours.includes(name))).toEqual([]);
  });

  test('the architecture’s rooms and arrows are those that the lint checks', () => {
    const table = rows(section('ARCHITECTURE.md', 'The house')).map(([room, , arrows]) => [codes(room)[0], codes(arrows)]);
    const whole = (room: string): string => (Object.hasOwn(rooms, `learning/${room}`) ? `learning/${room}` : room);
    const told = Object.fromEntries(table.map(([room, arrows]) => [room, (arrows as string[]).map(whole).toSorted()]));
    const there = Object.entries(rooms).filter(([room]) => existsSync(join(root, 'src', room)));
    expect(told).toEqual(Object.fromEntries(there.map(([room, { imports }]) => [room, imports.toSorted()])));
  });
});

describe('examples on pages work', () => {
  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  test('every experiment is valid', () => {
    const experiments = pages.flatMap((page) => fenced(page, 'yaml')).filter((text) => text.startsWith('ibrl:'));
    expect(experiments.length).toBeGreaterThan(0);
    for (const text of experiments) expect(validateExperiment(text).findings).toEqual([]);
  });

  /** What is added to long commands; a later option wins over an earlier one. */
  const shortened: readonly (readonly [RegExp, readonly string[]])[] = [
    [/^train .*grid-2d/, ['search.updates=6', 'models.updates=50', 'models.laterUpdates=50', 'deployment.evaluate=20'].flatMap((setting) => ['--set', setting])],
    [/^train .*industrial-benchmark/, ['search.updates=4', 'models.updates=50', 'models.laterUpdates=50', 'deployment.steps=100', 'deployment.evaluateSteps=50'].flatMap((setting) => ['--set', setting])],
    [/^train .*plant-csv/, ['search.updates=6', 'models.updates=50', 'models.laterUpdates=50'].flatMap((setting) => ['--set', setting])],
    [/^simulate .*--episodes \d{3,}/, ['--episodes', '4']],
  ];

  const commandsOf = (page: string): string[] => fenced(page, 'sh').flatMap((text) => found(text, /^npx --no-install ibrl (.*)$/gm));
  const withCommands = pages.filter((page) => commandsOf(page).length > 0);

  test.each(withCommands)('every command of %s ends with 0, in the order of the page', (page) => {
    const folder = mkdtempSync(join(tmpdir(), 'ibrl-documentation-'));
    folders.push(folder);
    cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
    cpSync(join(root, 'test/fixtures/ib-golden'), join(folder, 'test/fixtures/ib-golden'), { recursive: true });
    for (const command of commandsOf(page)) {
      const words = found(command.replaceAll(/"([^"]*)"/g, (_, quoted: string) => quoted.replaceAll(' ', '\u0000')), /(\S+)/g).map((word) => word.replaceAll('\u0000', ' '));
      const more = shortened.flatMap(([pattern, options]) => (pattern.test(command) ? options : []));
      const { status, stderr } = spawnSync(process.execPath, [join(root, 'dist/ibrl.cjs'), ...words, ...more], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
      expect({ command, status, stderr: status === 0 ? '' : stderr }).toEqual({ command, status: 0, stderr: '' });
    }
  }, 240_000);

  test('npx finds the command in the project’s folder, without a network', () => {
    const { status, stdout } = spawnSync('npx', '--no-install ibrl --version'.split(' '), { cwd: root, encoding: 'utf8', shell: process.platform === 'win32', env: { ...process.env, npm_config_offline: 'true', npm_config_update_notifier: 'false' } });
    expect([status, stdout.trim()]).toEqual([0, (JSON.parse(read('package.json')) as { version: string }).version]);
  }, 60_000);
});
