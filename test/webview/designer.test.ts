import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DesignerState, FromDesigner, RecordedVariable } from '../../src/messages/designer';
import { PlayedHost } from '../designer/playedHost';
import { type OpenedPage, type PageOptions, WebviewRig } from './rig';
import { themeNames } from './themes';

const example = readFileSync(join(import.meta.dirname, '../../examples/industrial-benchmark.ibrl.yaml'), 'utf8');
const plant = readFileSync(join(import.meta.dirname, '../../examples/plant-csv/tank.ibrl.yaml'), 'utf8');

const recorded = (minimum: number, maximum: number): RecordedVariable => ({
  counts: Array.from({ length: 40 }, (_, bin) => 1 + Math.min(bin, 39 - bin)),
  minimum, maximum, mean: (minimum + maximum) / 2, p5: minimum + 3, p95: maximum - 3,
});
const known: DesignerState['recordings'] = { kind: 'known', rows: 5000, run: null, stale: false, variables: { velocity: recorded(30, 50), gain: recorded(36.2, 91), shift: recorded(39.5, 77.6) } };

let rig: WebviewRig;
let opened: OpenedPage;
/** edits that the host has answered */
let answered = 0;
beforeAll(async () => {
  rig = await WebviewRig.start();
});
afterAll(() => rig.close());
afterEach(() => opened.close());

async function open(host: PlayedHost, options: PageOptions = {}): Promise<OpenedPage> {
  answered = 0;
  opened = await rig.open('designer', { messages: [host.state], ...options });
  await opened.page.locator('ibrl-designer :is(h1)').first().waitFor();
  return opened;
}

/** The next messages of a kind that the page sends. */
async function messages<Kind extends FromDesigner['kind']>(kind: Kind, count: number): Promise<Extract<FromDesigner, { kind: Kind }>[]> {
  await opened.page.waitForFunction(([wanted, least]) => (globalThis as unknown as { rig: { received: { kind: string }[] } }).rig.received.filter((message) => message.kind === wanted).length >= Number(least), [kind, count]);
  return (await opened.received()).filter((message): message is Extract<FromDesigner, { kind: Kind }> => (message as FromDesigner).kind === kind);
}

/** Answers the next edit as the host does. */
async function settle(host: PlayedHost): Promise<Extract<FromDesigner, { kind: 'edit' }>> {
  answered++;
  const edit = (await messages('edit', answered))[answered - 1];
  for (const message of await host.answer(edit)) await opened.send(message);
  return edit;
}

const slider = (name: string) => opened.page.getByRole('slider', { name });
const lineOf = (text: string, start: string): string | undefined => text.split('\n').find((line) => line.trim().startsWith(start));

describe('an edit', () => {
  test('by the arrow keys of a bound changes only that number of the file, comments kept', async () => {
    const host = new PlayedHost(example.replace('shift: [40, 90]', 'shift: [40, 90] # agreed with operations'));
    await open(host);
    await slider('shift, upper bound').focus();
    await opened.page.keyboard.press('ArrowLeft');
    expect((await settle(host)).changes).toEqual([{ kind: 'set', path: 'bounds.shift', value: [40, 89] }]);
    expect(host.text).toBe(host.saved.replace('shift: [40, 90] #', 'shift: [40, 89] #'));
    expect(await slider('shift, upper bound').getAttribute('aria-valuetext')).toContain('89');
    expect(opened.problems).toEqual([]);
  });

  test('of a slider is one for a held key, ten steps with Shift, 5 % of the shown range with the page keys', async () => {
    const host = new PlayedHost(example);
    await open(host);
    await slider('gain, upper bound').focus();
    await opened.page.keyboard.down('ArrowLeft');
    await opened.page.keyboard.down('ArrowLeft');
    await opened.page.keyboard.up('ArrowLeft');
    expect((await settle(host)).changes).toEqual([{ kind: 'set', path: 'bounds.gain', value: [40, 83] }]);
    await opened.page.keyboard.press('Shift+ArrowLeft');
    expect((await settle(host)).changes).toEqual([{ kind: 'set', path: 'bounds.gain', value: [40, 73] }]);
    const [low, high] = await slider('gain, upper bound').evaluate((input) => [Number((input as unknown as { min: string }).min), Number((input as unknown as { max: string }).max)]);
    await opened.page.keyboard.press('PageDown');
    expect((await settle(host)).changes).toEqual([{ kind: 'set', path: 'bounds.gain', value: [40, Math.round(73 - (high - low) / 20)] }]);
  });

  test('by dragging a thumb is told once, when it is let go', async () => {
    const host = new PlayedHost(example);
    await open(host);
    const box = await slider('velocity, upper bound').boundingBox();
    if (!box) throw new Error('The slider is not drawn.');
    const [low, high] = await slider('velocity, upper bound').evaluate((input) => [Number((input as unknown as { min: string }).min), Number((input as unknown as { max: string }).max)]);
    const x = (value: number): number => box.x + 7 + ((value - low) / (high - low)) * (box.width - 14);
    await opened.page.mouse.move(x(50), box.y + 12);
    await opened.page.mouse.down();
    await opened.page.mouse.move(x(47), box.y + 12, { steps: 4 });
    await opened.page.mouse.move(x(45), box.y + 12, { steps: 4 });
    await opened.page.mouse.up();
    expect((await settle(host)).changes).toEqual([{ kind: 'set', path: 'bounds.velocity', value: [30, 45] }]);
    expect((await opened.received()).length).toBe(1);
  });

  test('of a generated field is made on Enter, for the version that is shown', async () => {
    const host = new PlayedHost(example);
    await open(host);
    await opened.page.getByLabel('Horizon', { exact: true }).fill('60');
    await opened.page.keyboard.press('Enter');
    expect(await settle(host)).toMatchObject({ version: 1, changes: [{ kind: 'set', path: 'search.horizon', value: 60 }] });
    await opened.page.getByLabel('Setpoint process', { exact: true }).selectOption('varying');
    expect(await settle(host)).toMatchObject({ version: 2, changes: [{ kind: 'set', path: 'system.setpointProcess', value: 'varying' }] });
    expect(lineOf(host.text, 'horizon')).toBe('  horizon: 60');
  });

  test('that is no number is said and not sent', async () => {
    await open(new PlayedHost(example));
    const field = opened.page.getByLabel('Horizon', { exact: true });
    await field.fill('many');
    await opened.page.keyboard.press('Tab');
    await opened.page.getByText('Write a number, such as 0.5.').waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await opened.received()).toEqual([]);
  });

  test('that is only begun outlives a new snapshot', async () => {
    const host = new PlayedHost(example);
    await open(host);
    const field = opened.page.getByLabel('Horizon', { exact: true });
    await field.press('End');
    await field.pressSequentially('0');
    host.situation.recordings = known;
    await opened.send(host.state);
    await opened.page.getByText('Bars show the 5,000 recorded values.').waitFor();
    expect(await field.inputValue()).toBe('500');
  });

  test('that is refused leaves the field as the file is', async () => {
    const host = new PlayedHost(example);
    await open(host);
    const field = opened.page.getByLabel('Horizon', { exact: true });
    await field.fill('60');
    await opened.page.keyboard.press('Enter');
    const [edit] = await messages('edit', 1);
    await opened.send({ kind: 'answer', id: edit.id, refused: { message: 'Another place shares it.', place: null } });
    await opened.page.getByText('Another place shares it.').waitFor();
    expect(await field.inputValue()).toBe('50');
  });

  test('against an earlier version is refused in words, and the page shows the present text', async () => {
    const host = new PlayedHost(example);
    await open(host);
    host.replace(example.replace('horizon: 50', 'horizon: 40'));
    await opened.page.getByLabel('Horizon', { exact: true }).fill('60');
    await opened.page.keyboard.press('Enter');
    await settle(host);
    await opened.page.getByText('stale').waitFor();
    expect(await opened.page.getByLabel('Horizon', { exact: true }).inputValue()).toBe('40');
    expect(lineOf(host.text, 'horizon')).toBe('  horizon: 40');
  });

  test('of a safety form is its check box or its weight', async () => {
    const host = new PlayedHost(example);
    await open(host);
    await opened.page.getByRole('checkbox', { name: 'Soft', exact: true }).check();
    expect((await settle(host)).changes).toEqual([{ kind: 'set', path: 'safety.soft.weight', value: 0.1 }]);
    expect(host.text).toContain('soft: { weight: 0.1 }');
    await opened.page.getByLabel('weight Soft').fill('0,25');
    await opened.page.keyboard.press('Enter');
    await settle(host);
    expect(host.text).toContain('soft: { weight: 0.25 }');
  });

  test('of the diversity weight is logarithmic, and 0 at its left end', async () => {
    const host = new PlayedHost(example.replace('measure: none ', 'measure: min-lsed\n  weight: 0.01 '));
    await open(host);
    const weight = slider('Diversity weight, logarithmic');
    await weight.focus();
    await opened.page.keyboard.press('ArrowRight');
    expect((await settle(host)).changes).toEqual([{ kind: 'set', path: 'diversity.weight', value: 0.011 }]);
    await opened.page.keyboard.press('Home');
    expect((await settle(host)).changes).toEqual([{ kind: 'set', path: 'diversity.weight', value: 0 }]);
  });

  test('back to the default takes the line out of the file', async () => {
    const host = new PlayedHost(example.replace('updates: 250 ', 'updates: 400 '));
    await open(host);
    await opened.page.getByRole('button', { name: 'Updates: back to the default, 250' }).click();
    expect((await settle(host)).changes).toEqual([{ kind: 'remove', path: 'search.updates' }]);
    expect(lineOf(host.text.slice(host.text.indexOf('search:')), 'updates')).toBeUndefined();
  });

  test('of all bounds to the recorded range is one message', async () => {
    const host = new PlayedHost(example);
    host.situation.recordings = known;
    await open(host);
    await opened.page.getByRole('button', { name: 'Use the 5–95 % range of the recordings' }).click();
    expect((await settle(host)).changes).toEqual([
      { kind: 'set', path: 'bounds.velocity', value: [33, 47] },
      { kind: 'set', path: 'bounds.gain', value: [39, 88] },
      { kind: 'set', path: 'bounds.shift', value: [42, 75] },
    ]);
    expect(host.text).toContain('shift: [42, 75]');
  });
});

describe('keys', () => {
  test('of undo and redo are left to the workbench', async () => {
    await open(new PlayedHost(example));
    await opened.page.evaluate(() => {
      const page = globalThis as unknown as { seen: string[]; addEventListener(type: string, listener: (event: { key: string; defaultPrevented: boolean }) => void): void };
      page.seen = [];
      page.addEventListener('keydown', ({ defaultPrevented, key }) => page.seen.push(`${key} ${defaultPrevented}`));
    });
    for (const field of [slider('gain, upper bound'), opened.page.getByLabel('Horizon', { exact: true }), slider('Diversity weight, logarithmic')]) {
      await field.focus();
      for (const key of ['Control+z', 'Control+y', 'Control+s']) await opened.page.keyboard.press(key);
    }
    const seen = await opened.page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen.filter((key) => !key.startsWith('Control')));
    expect(seen).toEqual(Array.from({ length: 3 }, () => ['z false', 'y false', 's false']).flat());
    expect(await opened.received()).toEqual([]);
  });

  test('F8 goes from finding to finding, into closed sections too, and round', async () => {
    const host = new PlayedHost(example.replace('evaluate: 20', 'evaluate: 10'));
    host.situation.recordings = known;
    await open(host);
    const focused = (): Promise<string> => opened.page.evaluate(() => (globalThis as unknown as { document: { activeElement: { innerText: string } } }).document.activeElement.innerText);
    await opened.page.keyboard.press('F8');
    expect(await focused()).toContain('Recordings end at 77.6. Up to 90 the models would have to guess.');
    await opened.page.keyboard.press('F8');
    expect(await focused()).toContain('10 evaluation episodes say little');
    await opened.page.keyboard.press('F8');
    expect(await focused()).toContain('Recordings end at 77.6.');
  });
});

describe('findings', () => {
  test('stand beside their field, with their fix and the line', async () => {
    const host = new PlayedHost(example.replace('evaluate: 20', 'evaluate: 10'));
    await open(host);
    await opened.page.getByRole('button', { name: 'Deployment 1 warning' }).click();
    const field = opened.page.locator('[data-path="deployment.evaluate"]');
    await field.getByRole('button', { name: /^Line/ }).click();
    expect(await messages('reveal', 1)).toMatchObject([{ range: { start: { line: host.text.slice(0, host.text.indexOf('evaluate: 10')).split('\n').length - 1 } } }]);
    await field.getByRole('button', { name: 'Write 20' }).click();
    expect(await messages('fix', 1)).toMatchObject([{ version: 1, finding: 0 }]);
  });

  test('say where recordings end in the slider’s own words; keeping the value takes them away for good', async () => {
    const host = new PlayedHost(example);
    host.situation.recordings = known;
    await open(host);
    expect(await slider('shift, upper bound').getAttribute('aria-valuetext')).toBe('90. Warning: Recordings end at 77.6. Up to 90 the models would have to guess.');
    await opened.page.getByRole('button', { name: 'Keep 90' }).click();
    await opened.page.getByText('Recordings end').first().waitFor({ state: 'detached' });
    const state = await opened.kept();
    await opened.close();
    await open(host, { state });
    expect(await slider('shift, upper bound').getAttribute('aria-valuetext')).toBe('90');
  });

  test('that recordings end can be followed by one press', async () => {
    const host = new PlayedHost(example);
    host.situation.recordings = known;
    await open(host);
    await opened.page.getByRole('button', { name: 'Set to 78' }).click();
    expect((await settle(host)).changes).toEqual([{ kind: 'set', path: 'bounds.shift', value: [40, 78] }]);
  });
});

describe('states', () => {
  test('of an empty file: a template is chosen', async () => {
    await open(new PlayedHost(''));
    await opened.page.getByRole('button', { name: /^Plant/ }).click();
    expect(await messages('template', 1)).toMatchObject([{ version: 1, system: 'plant' }]);
    expect(await opened.accessibility()).toEqual([]);
  });

  test('of broken YAML: the last good values, not to be edited, and the way to the line', async () => {
    const host = new PlayedHost(example);
    host.replace(`${example}\n  bad: [1\n`);
    await open(host);
    expect(await opened.page.getByLabel('Horizon', { exact: true }).getAttribute('readonly')).toBe('');
    expect(await opened.page.getByLabel('Horizon', { exact: true }).inputValue()).toBe('50');
    expect(await slider('shift, upper bound').isDisabled()).toBe(true);
    expect(await opened.page.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true);
    await opened.page.getByRole('button', { name: /^Go to line/ }).click();
    await messages('reveal', 1);
  });

  test('of a shared value: not to be edited, and the way to its other end', async () => {
    const host = new PlayedHost('ibrl: 1\nsystem: { kind: grid-2d }\nbounds:\n  x: &b [0, 10]\n  y: *b\n');
    await open(host);
    expect(await slider('x, upper bound').isDisabled()).toBe(true);
    await opened.page.locator('[data-path="bounds.y"]').getByRole('button', { name: /^Line/ }).click();
    await messages('reveal', 1);
  });

  test('of a folder without trust: edits and validation, no run and no description', async () => {
    const host = new PlayedHost(plant);
    host.situation = { ...host.situation, trusted: false, recordings: { kind: 'none', reason: 'untrusted' } };
    await open(host);
    expect(await opened.page.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true);
    expect(await opened.page.getByRole('button', { name: 'Queue', exact: true }).isDisabled()).toBe(true);
    await opened.page.getByRole('button', { name: 'Validate' }).click();
    await opened.page.getByRole('button', { name: 'Manage trust' }).click();
    expect((await messages('command', 2)).map(({ command }) => command)).toEqual(['validate', 'manageTrust']);
    await slider('valve, lower bound').focus();
    await opened.page.keyboard.press('ArrowRight');
    await settle(host);
    expect(host.text).toContain('valve: [21, 80]');
  });

  test('of recordings: why there are no bars, and how there will be some', async () => {
    const host = new PlayedHost(example);
    await open(host);
    await opened.page.getByText('There are no bars before the first run, which starts your program.').waitFor();
    host.situation.recordings = { kind: 'failed', message: 'monday.csv is not there.' };
    await opened.send(host.state);
    await opened.page.getByText('monday.csv is not there.').waitFor();
    await opened.page.getByRole('button', { name: 'Describe recordings' }).click();
    expect(await messages('command', 1)).toMatchObject([{ command: 'describe' }]);
    host.situation.recordings = known;
    await opened.send(host.state);
    await opened.page.getByText('Bars show the 5,000 recorded values.').waitFor();
    expect(await opened.page.locator('rect.bar').count()).toBeGreaterThan(60);
  });

  test('of a language server that does not answer: said, and the log is offered', async () => {
    const host = new PlayedHost(example);
    await open(host);
    await opened.send({ kind: 'unavailable', message: 'The connection is closed.' });
    await opened.page.getByText('The connection is closed.').waitFor();
    await opened.page.getByRole('button', { name: 'Show the log' }).click();
    expect(await messages('command', 1)).toMatchObject([{ command: 'showLog' }]);
  });
});

test('the summary shows which lines of the file have changed', async () => {
  const host = new PlayedHost(example.replace('shift: [40, 90]', 'shift: [40, 88]'), example);
  await open(host);
  expect(await opened.page.locator('.line.changed').allInnerTexts()).toEqual([expect.stringContaining('shift: [40, 88]')]);
  await opened.page.getByText('1 line changed or new.').waitFor();
});

test.each(themeNames)('in the theme %s nothing is inaccessible, all sections open', async (theme) => {
  const host = new PlayedHost(example.replace('evaluate: 20', 'evaluate: 10'));
  host.situation.recordings = known;
  await open(host, { theme });
  for (const summary of await opened.page.locator('main summary').all()) await summary.click();
  expect(await opened.accessibility()).toEqual([]);
  expect(opened.problems).toEqual([]);
});

test.each(themeNames)('in the theme %s the colours of states stand out from the page', async (theme) => {
  await open(new PlayedHost(example), { theme });
  const colours = await opened.page.evaluate<Record<string, string>>(`(() => {
    const probe = document.body.appendChild(document.createElement('span'));
    const told = (colour) => {
      probe.style.color = colour;
      return getComputedStyle(probe).color;
    };
    return Object.fromEntries([['page', 'var(--vscode-editor-background)'], ...['pass', 'warning', 'error', 'waiting'].map((state) => [state, 'var(--ibrl-' + state + ')'])].map(([name, colour]) => [name, told(colour)]));
  })()`);
  const { page, ...states } = colours;
  // WCAG 1.4.11: signs that are no text
  for (const [state, colour] of Object.entries(states)) expect.soft(contrast(colour, page), `${state} ${colour}`).toBeGreaterThan(3);
});

/** Of two computed colours, as WCAG 2 has it. */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((one, other) => other - one);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = (colour.match(/[\d.]+/g) ?? []).map((part) => (colour.startsWith('rgb') ? Number(part) / 255 : Number(part))).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test.each([1280, 420])('at a width of %i the question mark of a field stands beside the last line of its label', async (width) => {
  await open(new PlayedHost(example), { width });
  for (const summary of await opened.page.locator('main details:not(.about) > summary').all()) await summary.click();
  const fields = await opened.page.locator('.field:not(.whole):has(.about)').all();
  expect(fields.length).toBeGreaterThan(20);
  for (const field of fields) {
    const label = field.locator('xpath=./label|./div[@class="control"]//label');
    const [mark, words] = await Promise.all([field.locator('.about summary').boundingBox(), label.boundingBox()]);
    if (!mark || !words) throw new Error('A field is not drawn.');
    const below = words.y + words.height - (mark.y + mark.height / 2);
    expect.soft(below, await label.innerText()).toBeGreaterThan(4);
    expect.soft(below, await label.innerText()).toBeLessThan(14);
  }
});

test('narrow, nothing scrolls sideways and sections are chosen from a list', async () => {
  const host = new PlayedHost(plant);
  await open(host, { width: 420 });
  expect(await opened.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await opened.page.getByRole('combobox', { name: 'Section' }).selectOption('deployment');
  expect(await opened.page.locator('#section-deployment > details').getAttribute('open')).toBe('');
});

test('in German every word of the page’s own is German', async () => {
  const host = new PlayedHost(example);
  host.situation.recordings = known;
  await open(host, { locale: 'de' });
  await opened.page.getByRole('heading', { name: 'Grenzen' }).waitFor();
  await opened.page.getByText('Die Aufzeichnungen enden bei 77,6. Bis 90 müssten die Modelle raten.').first().waitFor();
});
