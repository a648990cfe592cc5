import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunCache } from '../../src/extension/dashboard/runCache';
import { effectsOf, fullSelection, iterationsOf, runPart } from '../../src/extension/policyDiff/model';
import { type IterationPair, readIterationPairs } from '../../src/messages/comparison';
import { comparisonFacts } from '../../src/messages/comparisonFacts';
import type { ComparisonStatus, PolicyDiffMessage, PolicyDiffView } from '../../src/messages/policyDiff';
import { iterationFiles } from '../../src/run/paths';
import { RunReader } from '../../src/run/reader';
import { trainSmallRun } from '../dashboard/trained';
import { pseudoTranslations, untranslated, withoutTranslated } from './pseudoLocale';
import { type OpenedPage, type PageOptions, WebviewRig } from './rig';
import { themeNames } from './themes';

let rig: WebviewRig;
let trained: ReturnType<typeof trainSmallRun>;
let view: PolicyDiffView;
let file: Uint8Array<ArrayBuffer>;
let pairs: readonly IterationPair[];
const key = 'of the test';

beforeAll(async () => {
  trained = trainSmallRun();
  const reader = RunReader.open(trained.folder);
  const cache = new RunCache(reader);
  file = new Uint8Array(reader.readFile(iterationFiles.diff(2)));
  pairs = readIterationPairs(file);
  const selection = { ...fullSelection({ run: reader.folder, iteration: 2 }, cache), policy: 3 };
  const { id, name } = reader.description;
  view = {
    kind: 'view', runs: [{ folder: reader.folder, id, name, iterations: [...iterationsOf(reader)] }], selection, ...runPart(cache, selection),
    trusted: true, effects: effectsOf(reader.experimentText()), comparison: { status: 'ready', key, source: 'iteration' },
  };
  rig = await WebviewRig.start();
}, 60_000);
afterAll(async () => {
  await rig.close();
  trained.remove();
});

/** Opens the page as its host does: the view, then the file. */
async function opened(change: Partial<PolicyDiffView> = {}, options: PageOptions = {}): Promise<OpenedPage> {
  const page = await rig.open('policyDiff', { ...options, messages: [{ ...view, ...change }] });
  await page.send({ kind: 'comparison', key, source: 'iteration', file } satisfies PolicyDiffMessage);
  await page.page.locator('ibrl-heat-map').or(page.page.getByRole('table', { name: 'cells' })).first().waitFor();
  return page;
}

/** Opens it where there is no comparison. */
async function without(comparison: ComparisonStatus, change: Partial<PolicyDiffView> = {}): Promise<OpenedPage> {
  const page = await rig.open('policyDiff', { messages: [{ ...view, ...change, comparison }] });
  await page.page.locator('.toolbar').waitFor();
  return page;
}

const pressed = ({ page }: OpenedPage): Promise<string[]> => page.locator('.chips[aria-label=Policy] [aria-pressed=true]').allInnerTexts();

test('the verdict and the facts are those of the file', async () => {
  const page = await opened();
  const facts = comparisonFacts(pairs[2]);
  const text = await page.page.locator('.verdict').innerText();
  const word = { falls: 'falls by', rises: 'rises by', same: 'stays about the same', unknown: 'not predicted' }[facts.direction];
  expect(text).toContain('If you deploy π3: ');
  expect(text).toContain(word);
  expect(text).toContain(`${(100 * (facts.support?.after ?? 0)).toFixed(1)}\u202f%`);
  expect(text).toContain(`${facts.cost?.after.toFixed(3).replace('-', '−')}`);
  expect(await page.page.locator('.facts li').count()).toBe(5);
  expect(page.problems).toEqual([]);
  await page.close();
});

test.each(themeNames)('in the %s theme the page is accessible and breaks no policy, as charts, as tables, and narrow', async (theme) => {
  const page = await opened({ awaiting: true, state: 'awaiting-approval', decision: null, deployed: null }, { theme });
  expect(await page.accessibility()).toEqual([]);
  await page.page.locator('ibrl-heat-map .map').focus();
  await page.page.keyboard.press('ArrowRight');
  await page.page.keyboard.press('Enter');
  await page.page.getByText('Selected cell').waitFor();
  expect(await page.accessibility()).toEqual([]);
  await page.page.getByText('Show as tables').click();
  await page.page.locator('ibrl-table table').first().waitFor();
  expect(await page.page.locator('ibrl-table table').count()).toBe(4);
  await page.page.setViewportSize({ width: 480, height: 900 });
  expect(await page.accessibility()).toEqual([]);
  expect(page.problems).toEqual([]);
  await page.close();
});

test('nothing scrolls sideways, however narrow', async () => {
  const page = await opened({ awaiting: true }, { locale: 'de' });
  for (const width of [1280, 1000, 800, 640, 480, 320]) {
    await page.page.setViewportSize({ width, height: 900 });
    await expect.poll(() => page.page.evaluate('document.documentElement.scrollWidth - innerWidth'), { message: `${width} px` }).toBeLessThanOrEqual(0);
  }
  await page.close();
});

test('cells are walked with the arrow keys and told, Enter pins one and lists its frames, Escape lets it go', async () => {
  const page = await opened();
  const map = page.page.locator('ibrl-heat-map .map');
  await map.focus();
  await page.page.keyboard.press('ArrowRight');
  const spoken = page.page.locator('ibrl-heat-map [aria-live]');
  await expect.poll(() => spoken.innerText()).toMatch(/^x [\d.]+ to [\d.]+, y [\d.]+ to [\d.]+: /);
  const first = await spoken.innerText();
  await page.page.keyboard.press('ArrowUp');
  await expect.poll(() => spoken.innerText()).not.toBe(first);
  await page.page.keyboard.press('ArrowDown');
  await expect.poll(() => spoken.innerText()).toBe(first);
  await page.page.keyboard.press('Enter');
  // the walk begins at the largest change among cells with enough frames
  await expect.poll(() => page.page.locator('.frames li').count()).toBeGreaterThanOrEqual(5);
  expect(await page.page.locator('.frames li').first().innerText()).toMatch(/^episode \d+, row \d+: −?[\d.]+ → −?[\d.]+$/);
  await page.page.keyboard.press('Escape');
  await page.page.locator('.frames').waitFor({ state: 'detached' });
  await page.close();
});

test('keys choose the policy, all of them, tables and the card, unless a field has the focus', async () => {
  const page = await opened();
  await page.page.keyboard.press('2');
  expect(await page.received()).toContainEqual({ kind: 'select', selection: { ...view.selection, policy: 2 } });
  await page.page.keyboard.press('0');
  await expect.poll(() => pressed(page)).toEqual(['all']);
  await page.page.keyboard.press('t');
  await page.page.locator('ibrl-table').first().waitFor();
  await page.page.keyboard.press('c');
  await expect.poll(async () => (await page.received()).filter((message) => (message as { kind: string }).kind === 'card')).toHaveLength(1);
  const before = (await page.received()).length;
  await page.page.locator('select').first().focus();
  await page.page.keyboard.press('4');
  expect((await page.received()).length).toBe(before);
  await page.close();
});

test('the cursor of the common start moves by key and its values are told', async () => {
  const page = await opened();
  const chart = page.page.getByRole('slider').first();
  await chart.focus();
  await page.page.keyboard.press('Home');
  await page.page.keyboard.press('ArrowRight');
  await page.page.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => chart.getAttribute('aria-valuenow')).toBe('11');
  const told = pairs[2].predicted?.trajectories[0].states[0].after.mean[11] ?? 0;
  expect(await chart.getAttribute('aria-valuetext')).toContain(`π3 ${told.toFixed(2)}`);
  await page.page.keyboard.press('End');
  await expect.poll(() => chart.getAttribute('aria-valuenow')).toBe('25');
  await page.close();
});

test('with another measure the numbers are effects on the state', async () => {
  const page = await opened({ effects: [{ action: 'dx', variable: 'x', unit: 'm', gain: 10 }, { action: 'dy', variable: 'y', unit: 'm', gain: 10 }] });
  expect(await page.page.locator('.histogram .name').first().innerText()).toContain('dx');
  await page.page.getByText('effect on the state').click();
  // drawn with the next frame
  await expect.poll(() => page.page.locator('.histogram .name').first().innerText()).toMatch(/^x\s+effect per sample, 10 per unit$/);
  expect(await page.page.locator('.scaleBar').innerText()).toContain('+10.0');
  await page.close();
});

test('the card goes to the editor’s own comparison, with the names of both', async () => {
  const page = await opened();
  await page.page.getByText('Policy card as text').click();
  const { against, cards } = pairs[2];
  expect(await page.received()).toContainEqual({ kind: 'card', ...cards, beforeName: `iteration 1, π${against.kind === 'policy' ? against.policy : ''}`, afterName: 'iteration 2, π3' });
  await page.close();
});

test('only an iteration that awaits approval can be approved or rejected, with the verdict, and only with trust', async () => {
  const decided = await opened();
  expect(await decided.page.getByText(/^(Approve|Reject)/).count()).toBe(0);
  await decided.close();
  const untrusted = await opened({ awaiting: true, trusted: false });
  expect(await untrusted.page.getByText(/^(Approve iteration|Reject…)/).count()).toBe(0);
  await untrusted.close();
  const page = await opened({ awaiting: true });
  const verdict = await page.page.locator('h1').innerText();
  await page.page.getByText('Approve iteration 2').click();
  await page.page.getByText('Reject…').click();
  expect(await page.received()).toEqual([{ kind: 'approve', verdict }, { kind: 'reject', verdict }]);
  await page.close();
});

test('a choice of the selectors goes to the host as a whole selection', async () => {
  const page = await opened();
  const selects = page.page.locator('.toolbar select');
  await selects.nth(0).selectOption('1');
  await selects.nth(1).selectOption('behaviour');
  await selects.nth(1).selectOption(JSON.stringify([trained.folder, 1, 4]));
  expect(await page.received()).toEqual([
    { kind: 'select', selection: { run: trained.folder, iteration: 1, policy: 3, against: { kind: 'predecessor' } } },
    { kind: 'select', selection: { ...view.selection, against: { kind: 'behaviour' } } },
    { kind: 'select', selection: { ...view.selection, against: { kind: 'policy', run: trained.folder, iteration: 1, policy: 4 } } },
  ]);
  await page.close();
});

const states: readonly (readonly [string, ComparisonStatus, string])[] = [
  ['computing', { status: 'computing' }, 'Comparing on recorded frames and through the models'],
  ['untrusted', { status: 'untrusted' }, 'This pair has not been compared yet.'],
  ['failed', { status: 'failed', message: 'The policy is one for a, but the recordings are of x.' }, 'The two could not be compared.'],
  ['not searched', { status: 'absent', reason: 'nothing-searched' }, 'This iteration has no policies yet.'],
  ['not predicted', { status: 'absent', reason: 'not-predicted' }, 'This iteration is not compared yet.'],
  ['without its models', { status: 'absent', reason: 'no-models' }, 'The models of this iteration are missing.'],
  ['not a policy', { status: 'absent', reason: 'no-such-policy' }, 'There is no such policy in this iteration.'],
];
test.each(states)('a comparison that is %s says so, in an accessible way', async (_name, comparison, fact) => {
  const page = await without(comparison);
  expect(await page.page.locator('ibrl-banner').getByRole('group').first().getAttribute('aria-label')).toBe(fact);
  if (comparison.status === 'failed') expect(await page.page.getByText(comparison.message).count()).toBe(1);
  expect(await page.accessibility()).toEqual([]);
  expect(page.problems).toEqual([]);
  await page.close();
});

test.each([
  ['waits', { awaiting: true }, 'Iteration 2 waits for approval'],
  ['was rejected', { decision: 'rejected' }, 'Iteration 2 was rejected'],
  ['belongs to a failed run', { state: 'failed', failure: 'not finite' }, 'The run has failed.'],
  ['belongs to a trainer that is gone', { state: 'interrupted' }, 'The trainer has ended without a word'],
  ['is not the newest', { state: 'running', newest: 3 }, 'Iteration 3 is there by now.'],
] as const)('an iteration that %s is shown with that', async (_name, change, fact) => {
  const page = await opened(change);
  expect(await page.page.locator('ibrl-banner').getByRole('group').first().getAttribute('aria-label')).toBe(fact);
  await page.close();
});

test('a damaged file is told, and the rest of the page stays', async () => {
  const page = await rig.open('policyDiff', { messages: [view] });
  await page.send({ kind: 'comparison', key, source: 'iteration', file: new Uint8Array(file.slice(0, 100)) });
  await expect.poll(() => page.page.locator('ibrl-banner').getByRole('group').first().getAttribute('aria-label')).toBe('The comparison is not JSON.');
  expect(await page.page.locator('.toolbar select').count()).toBe(2);
  await page.close();
});

test('a run that is gone is told, and looked for again', async () => {
  const page = await rig.open('policyDiff', { messages: [{ kind: 'missing', folder: '/gone' }] });
  await page.page.getByText('Look again').click();
  expect(await page.received()).toEqual([{ kind: 'retry' }]);
  await page.close();
});

test('selection and arrangement outlast a reload', async () => {
  const page = await opened();
  await page.page.getByRole('button', { name: 'dx' }).click();
  await page.page.locator('select[aria-label="Start"]').selectOption('2');
  const kept = await page.kept();
  expect(kept).toMatchObject({ selection: view.selection, arranged: { action: 'dx', start: 2 } });
  await page.close();
  const again = await opened({}, { state: kept });
  expect(await again.page.locator('select[aria-label="Start"]').inputValue()).toBe('2');
  expect(await again.page.getByRole('button', { name: 'dx' }).getAttribute('aria-pressed')).toBe('true');
  await again.close();
});

test('a host that is gone is said, and the page goes on when it is back', async () => {
  const page = await opened();
  await page.answer(false);
  await page.page.getByText('The extension does not answer.').waitFor({ timeout: 15_000 });
  expect(await page.page.locator('ibrl-heat-map').count()).toBe(1);
  await page.answer(true);
  await page.page.getByText('The extension does not answer.').waitFor({ state: 'detached', timeout: 15_000 });
  await page.close();
});

test('every word of the page goes through a translation', async () => {
  const page = await opened({ awaiting: true, trusted: false, newest: 3 }, { translations: pseudoTranslations() });
  const run = view.runs[0];
  const data = [run.name, run.id.slice(-4), run.folder, 'dx', 'dy', 'x', 'y', 'Nov'];
  expect(await untranslated(page.page, data)).toEqual([]);
  await page.page.keyboard.press('t');
  await page.page.locator('ibrl-table').first().waitFor();
  expect(await untranslated(page.page, data)).toEqual([]);
  await page.page.keyboard.press('c');
  const [card] = (await page.received()).filter((message): message is { readonly before: string; readonly after: string } => (message as { readonly kind?: unknown }).kind === 'card');
  for (const text of [card.before, card.after]) expect(withoutTranslated(text, ['tanh', 'relu', ...data])).not.toMatch(/\p{L}{2,}/u);
  await page.close();
});
