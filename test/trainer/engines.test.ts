import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostName } from '../../scripts/buildNative.mjs';
import { RunReader } from '../../src/run/reader';
import { buildAddon } from '../learning/engine/buildAddon';
import { built, nativeAddon } from '../learning/engine/engines';
import { type Ended, fingerprints, run, SMALL, TestFolder, trainAndReact } from './processes';

/** a search of some seconds even where an update takes a ten-thousandth of one */
const LONG_SEARCH = SMALL.replace('updates: 60', 'updates: 5000');
const folder = new TestFolder();
afterAll(() => folder.clean());

const train = (name: string, words: readonly string[], react?: Parameters<typeof run>[1], program?: string): Promise<Ended> =>
  run(['train', folder.experiment(SMALL, `${name}.ibrl.yaml`), '--run', folder.at(name), ...words], react, program);
const attempts = (name: string) => RunReader.open(folder.at(name)).events.filter((event) => event.type === 'attempt-started');

let wasm: Record<string, string>;
beforeAll(async () => {
  const { code, takenOver } = await train('wasm', ['--engine', 'wasm', '--threads', '1']);
  expect(code).toBe(0);
  expect(takenOver).toEqual([]);
  expect(attempts('wasm')).toMatchObject([{ engine: 'wasm', arithmetic: 'portable', threads: 1 }]);
  wasm = fingerprints(folder.at('wasm'));
}, 180_000);

describe.skipIf(nativeAddon === null)('with the native kernel', () => {
  test.each([[1, 1024], [2, 0], [4, 1024]])('a whole run on %i threads with %i MiB for activations gives the bits of WebAssembly', async (threads, memory) => {
    const name = `native-${threads}`;
    const { code, stderr, takenOver } = await train(name, ['--engine', 'native', '--threads', String(threads), '--memory', String(memory)]);
    expect({ code, stderr, takenOver }).toEqual({ code: 0, stderr: '', takenOver: [] });
    expect(attempts(name)).toMatchObject([{ engine: 'native', arithmetic: 'portable', threads, versions: { kernel: expect.stringMatching(/^(avx512|avx2|neon)$/) } }]);
    expect(fingerprints(folder.at(name))).toEqual(wasm);
  }, 180_000);

  describe('left in the middle of a search and resumed', () => {
    let whole: Record<string, string>;
    beforeAll(async () => {
      expect((await trainAndReact(folder, LONG_SEARCH, 'long', () => undefined, { engine: 'wasm' })).code).toBe(0);
      whole = fingerprints(folder.at('long'));
    }, 180_000);

    test.each([['wasm', 'native'], ['native', 'wasm']])('a run begun on %s and resumed on %s gives the same bits', async (first, second) => {
      const name = `${first}-then-${second}`;
      await leaveInSearch(name, { engine: first });
      expect((await run(['resume', folder.at(name), '--engine', second])).code).toBe(0);
      expect(attempts(name).map(({ engine }) => engine)).toEqual([first, second]);
      expect(fingerprints(folder.at(name))).toEqual(whole);
    }, 180_000);

    test('fused arithmetic is recorded, has bits of its own, and is kept', async () => {
      await leaveInSearch('fused', { arithmetic: 'fused' });
      expect((await run(['resume', folder.at('fused')])).code).toBe(0);
      expect(attempts('fused')).toMatchObject([{ engine: 'native', arithmetic: 'fused' }, { engine: 'native', arithmetic: 'fused' }]);
      const fused = fingerprints(folder.at('fused'));
      expect(fused['001/models.json']).not.toBe(whole['001/models.json']);
      expect((await trainAndReact(folder, LONG_SEARCH, 'fused-whole', () => undefined, { arithmetic: 'fused' })).code).toBe(0);
      expect(fingerprints(folder.at('fused-whole'))).toEqual(fused);
    }, 180_000);
  });

  test('auto takes it', async () => {
    await train('auto', [], (event, child) => event.type === 'attempt-started' && child.kill('SIGTERM'));
    expect(attempts('auto')).toMatchObject([{ engine: 'native' }]);
  });

  const damages: Record<string, (addon: string, facts: string) => void> = {
    'cut short': (addon) => writeFileSync(addon, readFileSync(addon).subarray(0, 40_000)),
    'changed in one byte': (addon) => {
      const bytes = readFileSync(addon);
      bytes[bytes.length >> 1] ^= 1;
      writeFileSync(addon, bytes);
    },
    'without its checksum': (_, facts) => rmSync(facts),
    'not an addon at all': (addon, facts) => {
      writeFileSync(addon, 'not an addon');
      writeFileSync(facts, JSON.stringify({ sha256: createHash('sha256').update('not an addon').digest('hex') }));
    },
  };
  describe.each(Object.entries(damages))('an addon that is %s', (what, damage) => {
    const name = `damaged ${what}`.replaceAll(' ', '-');
    let program: string;
    let addon: string;
    beforeAll(() => {
      program = copiedProgram(`program-${name}`);
      addon = join(program, 'native', `${hostName()}.node`);
      damage(addon, addon.replace('.node', '.json'));
    });

    test('WebAssembly takes over with one line and the same bits', async () => {
      const { code, stderr, takenOver } = await train(name, [], undefined, join(program, 'ibrl.cjs'));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(takenOver).toEqual([expect.stringContaining(`(${addon} is damaged: `)]);
      expect(attempts(name)).toMatchObject([{ engine: 'wasm', arithmetic: 'portable' }]);
      expect(fingerprints(folder.at(name))).toEqual(wasm);
    }, 180_000);

    test.each([['--engine', 'native'], ['--arithmetic', 'fused']])('%s %s ends with 2, and says where it is and what to do', async (...words) => {
      const { code, stderr } = await train('refused', words, undefined, join(program, 'ibrl.cjs'));
      expect(code).toBe(2);
      expect(stderr).toContain(`${addon} is damaged: `);
      expect(stderr).toContain('Install IBRL Studio again, or run "npm run build"');
      expect(existsSync(folder.at('refused/run.json'))).toBe(false);
    });

    test('ibrl doctor finds it', () => {
      const { status, checks } = doctor(program);
      expect(status).toBe(1);
      expect(checks).toContainEqual({ name: 'engine', ok: false, detail: expect.stringContaining(`${addon} is damaged: `) });
    });
  });

  test('ibrl doctor tells the kernel that runs compute with', () => {
    expect(doctor(built('.')).checks).toContainEqual({ name: 'engine', ok: true, detail: expect.stringMatching(/^native \((avx512|avx2|neon)\)$/) });
  });
});

describe('built where no C compiler was', () => {
  let program: string;
  beforeAll(() => {
    program = copiedProgram('program-without');
    rmSync(join(program, 'native'), { recursive: true, force: true });
    expect(buildAddon(join(program, 'native'), { PATH: folder.at('nothing'), TMPDIR: folder.path })).toBe('skipped: no cc, no gcc, no clang');
  });

  test('auto is WebAssembly without a word, with the same bits, and the record says so', async () => {
    const { code, stderr, takenOver } = await train('without', [], undefined, join(program, 'ibrl.cjs'));
    expect({ code, stderr, takenOver }).toEqual({ code: 0, stderr: '', takenOver: [] });
    expect(attempts('without')).toMatchObject([{ engine: 'wasm', arithmetic: 'portable' }]);
    expect(fingerprints(folder.at('without'))).toEqual(wasm);
  }, 180_000);

  test.each([['--engine', 'native'], ['--arithmetic', 'fused']])('%s %s ends with 2, and says what is missing and what to do', async (...words) => {
    const { code, stderr } = await train('refused', words, undefined, join(program, 'ibrl.cjs'));
    expect(code).toBe(2);
    expect(stderr).toContain(`${join(program, 'native')} has none for ${process.platform}-${process.arch}. Run "npm run build" where there is a C compiler, or use `);
    expect(existsSync(folder.at('refused/run.json'))).toBe(false);
  });

  test('ibrl doctor says so, and that all is well', () => {
    expect(doctor(program).checks).toContainEqual({ name: 'engine', ok: true, detail: 'wasm; there is no native kernel for this computer' });
  });
});

test.each([
  [['--engine', 'abacus'], 'There is no engine “abacus”; there are auto, native, wasm, tfjs, reference.'],
  [['--arithmetic', 'exact'], 'There is no arithmetic “exact”; there are portable, fused.'],
  [['--engine', 'wasm', '--arithmetic', 'fused'], 'The engine wasm has no fused arithmetic: leave --arithmetic out, or use --engine native.'],
])('%j ends with 2, says what there is, and leaves no run', async (words, sentence) => {
  const { code, stderr } = await train('refused', words);
  expect(code).toBe(2);
  expect(stderr).toContain(sentence);
  expect(existsSync(folder.at('refused/run.json'))).toBe(false);
});

/** Stops a run between two updates of its second search. */
async function leaveInSearch(name: string, on: Parameters<typeof trainAndReact>[4]): Promise<void> {
  const { code } = await trainAndReact(folder, LONG_SEARCH, name, (event, trainer) => event.type === 'progress' && event.phase === 'searching' && event.iteration === 2 && trainer.kill('SIGTERM'), on);
  expect(code).toBe(75);
  const { fold } = RunReader.open(folder.at(name));
  expect(fold.position).toMatchObject({ iteration: 2, phase: 'searching' });
}

function doctor(program: string): { readonly status: number | null; readonly checks: unknown } {
  const { status, stdout } = spawnSync(process.execPath, [join(program, 'ibrl.cjs'), 'doctor', '--json'], { encoding: 'utf8', cwd: folder.path });
  const { checks } = JSON.parse(stdout) as { readonly checks: unknown };
  return { status, checks };
}

/** The built program, copied so that a part of it can be damaged. @returns its folder */
function copiedProgram(name: string): string {
  const place = folder.at(name);
  cpSync(built('.'), place, { recursive: true });
  return place;
}
