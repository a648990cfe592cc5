import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../src/experiment/findings';
import { RunReader } from '../../src/run/reader';
import { run, TestFolder } from './processes';
import { translationsVariable } from '../../src/sentence/editorLanguage';
import { english } from '../../src/sentence/sentence';

/** What only the first batch shows to be impossible: validator and trainer say the same, and both end with 2. */

const dist = join(import.meta.dirname, '../../dist');
const folder = new TestFolder();
afterAll(() => folder.clean());

const small = 'policies: { count: 1, hidden: [4], history: 1 }\nmodels: { members: 1, hidden: [4], history: 1, updates: 2, laterUpdates: 2 }\nsearch: { updates: 1, horizon: 5 }\niterations: 1\ndeployment: { evaluate: 20 }\n';
const cart = `variables:
  x: { role: state, unit: m, range: [0, 10], next: x + push }
  twice: { role: state, unit: m, range: [0, 20], next: twice + 2 * push }
  push: { role: action, unit: m, range: [-1, 1] }
bounds: { x: [0, 0.1], twice: [19.8, 20] }
`;

function validated(file: string): { readonly status: number | null; readonly errors: readonly string[] } {
  const { status, stdout } = spawnSync(process.execPath, [join(dist, 'ibrl.cjs'), 'validate', '--data', file, '--json'], { encoding: 'utf8' });
  return { status, errors: (JSON.parse(stdout) as Finding[]).filter(({ severity }) => severity === 'error').map(({ code }) => code) };
}

describe('a first batch that no action can bring within the bounds', () => {
  test('of a plant: the validator finds it, and the trainer makes no run', async () => {
    writeFileSync(folder.at('cart.csv'), `x,twice,push\n${Array.from({ length: 200 }, (_, t) => `${t % 2 === 0 ? 3 : 3.5},${t % 2 === 0 ? 6 : 7},${t % 2 === 0 ? 0.5 : -0.5}`).join('\n')}\n`);
    const file = folder.experiment(`ibrl: 1\nname: Plant\nsystem: { kind: plant }\n${cart}data: { files: [cart.csv], samplingTime: 1 }\nreward: -x\n${small.replace(/deployment.*\n/, '')}`, 'plant.ibrl.yaml');
    expect(validated(file)).toEqual({ status: 2, errors: ['bounds-exclude'] });
    const { code, stderr } = await run(['train', file, '--run', folder.at('plant')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no action ever brings both within their bounds.*\(bounds-exclude\)/);
    expect(existsSync(folder.at('plant/run.json'))).toBe(false);
    // started by an editor, the trainer says so in the editor's language
    const { status, stderr: german } = spawnSync(process.execPath, [join(dist, 'trainer.cjs'), '--run', folder.at('german'), '--experiment', file], { encoding: 'utf8', env: { ...process.env, [translationsVariable]: join(dist, 'l10n/bundle.l10n.de.json') } });
    expect(status).toBe(2);
    expect(german).toMatch(/bringt keine Stellgröße je beide in ihre Grenzen/);
  });

  test('of a simulator program: the run says so, and ends with 2 each time that it is resumed', async () => {
    const command = JSON.stringify([process.execPath, join(import.meta.dirname, '../system/cart.mjs')]);
    const file = folder.experiment(`ibrl: 1\nname: Program\nsystem: { kind: program, command: ${command} }\n${cart}data: { generate: { behaviour: random, epsilon: 0, episodes: 2, steps: 30 } }\n${small}`, 'program.ibrl.yaml');
    const { code, events, stderr } = await run(['train', file, '--run', folder.at('program')]);
    expect({ code, stderr: stderr.match(/\(bounds-exclude\)/g) }).toEqual({ code: 2, stderr: ['(bounds-exclude)'] });
    const failed = events.find((event) => event.type === 'failed');
    expect(failed).toMatchObject({ code: 'bounds-exclude' });
    expect(failed?.sentences?.map(english)).toEqual([failed?.message, ...(failed?.causes ?? [])]);
    expect(failed?.sentences?.[0].values).toEqual(['x', 'twice', 'push']);
    expect(events.at(-1)).toMatchObject({ type: 'attempt-ended', state: 'failed', exitCode: 2 });
    expect((await run(['resume', folder.at('program')])).code).toBe(2);
    expect(RunReader.open(folder.at('program')).summary().failure?.code).toBe('bounds-exclude');
  });
});

test('percentiles of what never moves give no bounds: validator and trainer refuse a simulator’s batch alike', async () => {
  const file = folder.experiment(`ibrl: 1\nname: Still\nsystem: { kind: industrial-benchmark }\ndata: { generate: { behaviour: do-nothing, epsilon: 0, episodes: 1, steps: 40 } }\nbounds: { percentiles: [5, 95] }\n${small}`, 'still.ibrl.yaml');
  expect(validated(file)).toEqual({ status: 2, errors: ['recordings-unusable'] });
  const { code, events } = await run(['train', file, '--run', folder.at('still')]);
  expect(code).toBe(2);
  expect(events.find(({ type }) => type === 'failed')).toMatchObject({ code: 'recordings-unusable' });
});
