import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandIds } from '../../src/extension/commandIds';

const root = join(import.meta.dirname, '../..');
const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));

interface MenuEntry {
  readonly command?: string;
  readonly when?: string;
}
interface Manifest {
  readonly main: string;
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string; readonly enablement?: string }[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly keybindings: readonly { readonly command: string; readonly key: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope?: string; readonly default?: unknown; readonly markdownDescription?: string }>> };
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly when: string }[];
    readonly walkthroughs: readonly { readonly steps: readonly object[] }[];
  };
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
}
const manifest = read('package.json') as Manifest;
const { contributes } = manifest;
const texts = (language: string): Record<string, string> => read(`package.nls${language}.json`) as Record<string, string>;
const sourcesOf = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'));

describe('commands', () => {
  test('are those of the table, in the manifest and registered, no more and no fewer', () => {
    const ids = Object.values(commandIds).toSorted();
    expect(contributes.commands.map(({ command }) => command).toSorted()).toEqual(ids);
    const registered = sourcesOf('src/extension').flatMap((text) => [...text.matchAll(/register\(commandIds\.(\w+)/g)].map((match) => commandIds[match[1] as keyof typeof commandIds]));
    expect(registered.toSorted()).toEqual(ids);
  });

  test('have one category', () => {
    for (const { category } of contributes.commands) expect(category).toBe('IBRL');
  });

  test('that start a process or change a run are there in trusted folders only', () => {
    const harmless = new Set(['newExperiment', 'openExample', 'validate', 'openDashboard', 'openPolicyDiff', 'compareRuns', 'openTrajectories', 'openDesigner', 'openAsText', 'exportReport', 'revealRunFolder', 'showLog', 'reportIssue', 'refresh'].map((name) => `ibrl.${name}`));
    const untrusted = contributes.commands.filter(({ enablement }) => !/^isWorkspaceTrusted( && |$)/.test(enablement ?? '')).map(({ command }) => command);
    expect(untrusted.filter((command) => !harmless.has(command))).toEqual([]);
  });

  test('of every menu and key are there', () => {
    const known = new Set(contributes.commands.map(({ command }) => command));
    const used = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(({ command }) => command).filter((command) => command !== undefined);
    expect(used.filter((command) => !known.has(command))).toEqual([]);
  });

  test('of welcome texts and the walkthrough are there', () => {
    const known = new Set<string>([...Object.values(commandIds), 'vscode.openFolder', 'workbench.trust.manage']);
    const linked = Object.values(texts('')).flatMap((text) => [...text.matchAll(/\(command:([\w.]+)/g)].map((match) => match[1]));
    expect(linked.length).toBeGreaterThan(5);
    expect(linked.filter((command) => !known.has(command))).toEqual([]);
  });
});

test('every context that the manifest asks for is set by the extension, and every one that is set is asked for', () => {
  const conditions = JSON.stringify(contributes);
  const asked = new Set([...conditions.matchAll(/ibrl\.has\w+/g)].map((match) => match[0]));
  const set = new Set(sourcesOf('src/extension').flatMap((text) => [...text.matchAll(/tell\('(ibrl\.\w+)'/g)].map((match) => match[1])));
  expect([...asked].toSorted()).toEqual([...set].toSorted());
});

describe('settings', () => {
  const settings = Object.entries(contributes.configuration.properties);

  test('are few, and each has a scope, a default and a meaning', () => {
    expect(settings.length).toBeLessThanOrEqual(20);
    for (const [name, setting] of settings) expect({ name, ...setting }).toMatchObject({ scope: expect.any(String) as string, default: expect.anything() as unknown, markdownDescription: expect.any(String) as string });
  });

  test('are all read, and none is read that is not there', () => {
    const readKeys = [...readFileSync(join(root, 'src/extension/settings.ts'), 'utf8').matchAll(/read\('([\w.]+)'/g)].map((match) => `ibrl.${match[1]}`);
    // the client of the language server reads this one by itself
    expect([...readKeys, 'ibrl.trace.server'].toSorted()).toEqual(settings.map(([name]) => name).toSorted());
  });

  test('that choose a program belong to the machine, and no untrusted folder decides what a run computes with', () => {
    expect(contributes.configuration.properties['ibrl.runs.executable'].scope).toBe('machine');
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(expect.arrayContaining(['ibrl.runs.executable']));
  });
});

describe('texts', () => {
  test('are there in both languages, and all are used', () => {
    const used = [...readFileSync(join(root, 'package.json'), 'utf8').matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]);
    expect(Object.keys(texts('')).toSorted()).toEqual([...new Set(used)].toSorted());
    expect(Object.keys(texts('.de'))).toEqual(Object.keys(texts('')));
  });

  test('differ between the languages, but for names', () => {
    const german = texts('.de');
    const same = Object.entries(texts('')).filter(([key, text]) => german[key] === text);
    expect(same.map(([key]) => key)).toEqual([]);
  });

  test('have the same links and paragraphs in both languages', () => {
    const german = texts('.de');
    const links = (text: string): string[] => [...text.matchAll(/\((command:[^)]+)\)/g)].map((match) => match[1]);
    for (const [key, text] of Object.entries(texts(''))) {
      expect({ key, links: links(german[key]), lines: german[key].split('\n').length }).toEqual({ key, links: links(text), lines: text.split('\n').length });
    }
  });
});

test('every file that the manifest names is there', () => {
  const named = [...readFileSync(join(root, 'package.json'), 'utf8').matchAll(/"(?:\.\/)?((?:media|dist)\/[\w./-]+\.\w+)"/g)].map((match) => match[1]);
  expect(named).toContain('dist/extension.cjs');
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test('every view has a welcome text for each state in which it is empty', () => {
  const whens = (view: string): string[] => contributes.viewsWelcome.filter((welcome) => welcome.view === view).map(({ when }) => when);
  expect(whens('ibrl.experiments')).toEqual(expect.arrayContaining(['workbenchState == empty', expect.stringContaining('workbenchState != empty')]));
  expect(whens('ibrl.runs').some((when) => when.includes('!isWorkspaceTrusted'))).toBe(true);
  expect(whens('ibrl.runs').some((when) => when.includes('isWorkspaceTrusted && ibrl.hasExperiments'))).toBe(true);
});

test('the extension wakes for every file system of its own, so that editors of it come back with the window', () => {
  const schemes = sourcesOf('src/extension').filter((text) => text.includes('registerFileSystemProvider(')).flatMap((text) => [...text.matchAll(/scheme = '([\w-]+)'/g)].map((match) => `onFileSystem:${match[1]}`));
  expect(schemes).toHaveLength(1);
  expect(manifest.activationEvents).toEqual(expect.arrayContaining(schemes));
});
