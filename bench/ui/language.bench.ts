import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterEach, inject, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { exampleText } from '../../test/workbench/driver/experiments';
import { Workbench } from '../../test/workbench/driver/workbench';
import { longExperiment } from './longExperiment';
import { keepResult } from './results';

const aim = { kind: 'at most', value: 50 } as const;
const keysAtServer = 100;
const keysInWindow = 12;
/** A key whose effect has not come by then never has one. */
const patienceMs = 30_000;
/** Behind this, a line waits for another key of its section. */
const place = '  constrain: true\n  ';
const files = [
  { name: 'the example', text: withPlace(exampleText('grid-2d.ibrl.yaml')) },
  { name: 'with 200 variables', text: withPlace(longExperiment()) },
] as const;

const serverMissed = 'each version of the file is parsed whole and checked by every rule';
const diagnosticsMissed = 'the rows of the server are its share, and those of the editor alone what the same window takes for an extension that answers at once: its way to the extension host and back, and its drawing';
const completionMissed = 'those of the editor alone are what the same window takes for an extension that answers at once: VS Code itself shows its list 100 ms after it has the proposals';
/** The probe answers for it at once. */
const trivialFile = 'bench.trivial.txt';

function withPlace(text: string): string {
  return text.replace(/^ {2}constrain: true.*$/m, place);
}

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test.each(files)('the language server as a process, with $name', async ({ name, text }) => {
  const server = spawn(process.execPath, [resolve(import.meta.dirname, '../../dist/languageServer.cjs'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  const client = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  const uri = 'file:///bench.ibrl.yaml';
  let told: (version: number) => void = () => undefined;
  client.onNotification('textDocument/publishDiagnostics', ({ version }: { version: number }) => told(version));
  client.listen();
  await client.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
  let document = TextDocument.create(uri, 'ibrl', 1, text);
  const diagnosed = (): Promise<void> => new Promise((done) => (told = (version) => version === document.version && done()));
  const opened = diagnosed();
  await client.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'ibrl', version: 1, text } });
  await opened;

  /** As a key press does: types a character behind a text, or takes it away again. */
  const press = async (behind: string, character: string, typed: boolean): Promise<void> => {
    const offset = document.getText().indexOf(behind) + behind.length;
    const range = { start: document.positionAt(offset), end: document.positionAt(offset + (typed ? character.length : 0)) };
    const change = { range, text: typed ? '' : character };
    document = TextDocument.update(document, [change], document.version + 1);
    await client.sendNotification('textDocument/didChange', { textDocument: { uri, version: document.version }, contentChanges: [change] });
  };
  const [diagnostics, completions]: number[][] = [[], []];
  for (let key = 0; key < keysAtServer; key++) {
    const there = diagnosed();
    const begun = performance.now();
    await press('\niterations: ', '7', key % 2 === 1);
    await there;
    diagnostics.push(performance.now() - begun);
  }
  for (let key = 0; key < keysAtServer; key++) {
    const there = diagnosed();
    const begun = performance.now();
    await press(place, 's', key % 2 === 1);
    await client.sendRequest('textDocument/completion', { textDocument: { uri }, position: document.positionAt(document.getText().indexOf(place) + place.length) });
    completions.push(performance.now() - begun);
    await there;
  }
  await client.sendRequest('shutdown');
  await client.sendNotification('exit');
  await ended;
  client.dispose();
  keepResult(inject('results'), { name: `diagnostics after a key press, server: ${name}`, unit: 'ms', aim, values: diagnostics, missed: serverMissed });
  keepResult(inject('results'), { name: `completion after a key press, server: ${name}`, unit: 'ms', aim, values: completions, missed: serverMissed });
});

test.each(files)('in the window, with $name', async ({ name, text }) => {
  workbench = await Workbench.open({ files: { 'bench.ibrl.yaml': text, [trivialFile]: 'first\nsecond\n  \n' }, settings: { 'editor.autoClosingBrackets': 'never', 'editor.wordBasedSuggestions': 'off' } });
  await workbench.openFile('bench.ibrl.yaml');
  const ours = await pressKeys(workbench, 'ibrl: 1', 'constrain: true');
  await workbench.openFile(trivialFile);
  const alone = await pressKeys(workbench, 'first', 'second');
  keepResult(inject('results'), { name: `diagnostics after a key press, window: ${name}`, unit: 'ms', aim, values: ours.diagnostics, missed: diagnosticsMissed });
  keepResult(inject('results'), { name: `completion after a key press, window: ${name}`, unit: 'ms', aim, values: ours.completions, missed: completionMissed });
  keepResult(inject('results'), { name: `diagnostics after a key press, window: ${name}, the editor alone`, unit: 'ms', aim: null, values: alone.diagnostics });
  keepResult(inject('results'), { name: `completion after a key press, window: ${name}, the editor alone`, unit: 'ms', aim: null, values: alone.completions });
});

/** Of the file in front, ms. @param wrong with an x behind it there is an error @param above the line before one on which there are proposals */
async function pressKeys(opened: Workbench, wrong: string, above: string): Promise<{ readonly diagnostics: number[]; readonly completions: number[] }> {
  const { page } = opened;
  const measure = async (key: string, selector: string, there: boolean): Promise<number> => {
    await page.evaluate(armed, { selector, there, patienceMs });
    await page.keyboard.press(key);
    return page.evaluate(() => (globalThis as unknown as { measured: Promise<number> }).measured);
  };
  const [diagnostics, completions]: number[][] = [[], []];
  await opened.cursorBehind(wrong);
  for (let key = 0; key < keysInWindow; key++) {
    diagnostics.push(await measure('x', '.squiggly-error', true));
    await page.keyboard.press('Escape');
    diagnostics.push(await measure('Backspace', '.squiggly-error', false));
  }
  await opened.cursorBehind(above);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  for (let key = 0; key < keysInWindow; key++) {
    completions.push(await measure('Control+Space', '.suggest-widget.visible .monaco-list-row', true));
    await page.keyboard.press('Escape');
    await page.locator('.suggest-widget.visible').waitFor({ state: 'hidden' });
  }
  return { diagnostics, completions };
}

interface InPage {
  document: { body: unknown; querySelector(selector: string): unknown };
  addEventListener(type: string, listener: () => void, options: object): void;
  requestAnimationFrame(next: () => void): void;
  measured: Promise<number>;
}

/** Runs in the window: from the next key press to the first frame in which there is, or is no longer, such an element. */
function armed({ selector, there, patienceMs: most }: { readonly selector: string; readonly there: boolean; readonly patienceMs: number }): void {
  const page = globalThis as unknown as InPage;
  page.measured = new Promise((done, refuse) => {
    page.addEventListener('keydown', () => {
      const begun = performance.now();
      const look = (): void => {
        const passed = performance.now() - begun;
        if ((page.document.querySelector(selector) !== null) === there) done(passed);
        else if (passed > most) refuse(new Error(`${selector} is ${there ? 'not there' : 'still there'} long after the key.`));
        else page.requestAnimationFrame(look);
      };
      page.requestAnimationFrame(look);
    }, { once: true, capture: true });
  });
}
