/**
 * Compiles the engine's C source for this computer with its own C compiler: the kernel once for each kind of processor and
 * arithmetic, and the Node-API addon around them. Where there is no compiler, or it refuses, there is no addon, and the
 * engine runs in WebAssembly; that is no error.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeAside } from './writeAside.mjs';

const run = promisify(execFile);

/** Portable arithmetic rests on -ffp-contract=off; see kernel/vector.h for the rest. */
const flags = ['-O3', '-std=gnu11', '-fPIC', '-fvisibility=hidden', '-fno-math-errno', '-ffp-contract=off', '-Wall'];

/** For each architecture, the processors that the kernel is compiled for, with the shape of its vectors and tiles. */
const processors = {
  x64: {
    avx2: ['-march=x86-64-v3', '-DVW=8', '-DRB=4', '-DCB=2'],
    avx512: ['-march=x86-64-v4', '-mprefer-vector-width=512', '-DVW=16', '-DRB=4', '-DCB=2'],
  },
  arm64: { neon: ['-DVW=4', '-DRB=4', '-DCB=4'] },
};
const arithmetics = { portable: [], fused: ['-DFUSED'] };

/** The name of this computer's addon: platform, architecture and, on Linux, the C library where it is not glibc. */
export function hostName() {
  const musl = process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined;
  return `${process.platform}-${process.arch}${musl ? '-musl' : ''}`;
}

/**
 * The host's addon, for the kernel in `engine`/kernel and the shell in `engine`/native.
 *
 * @param engine  folder of the engine
 * @param output  folder of the addons; beside each lies what it was made from and its checksum
 * @returns 'built', 'kept' (nothing changed), or 'skipped' with the reason
 */
export async function buildHostAddon(engine, output) {
  const variants = processors[process.arch];
  if (process.platform === 'win32' || variants === undefined) return `skipped: no compiler is asked on ${process.platform} with ${process.arch}`;
  const sources = readSources(engine);
  if (sources.length === 0) return 'absent';
  const name = hostName();
  const addon = join(output, `${name}.node`);
  const facts = join(output, `${name}.json`);
  const key = createHash('sha256').update(JSON.stringify([flags, variants, arithmetics, sources])).digest('hex');
  if (existsSync(addon) && existsSync(facts) && JSON.parse(readFileSync(facts, 'utf8')).key === key) return 'kept';
  rmSync(addon, { force: true }); // an old kernel must not pass for these sources
  rmSync(facts, { force: true });

  const refusals = [];
  for (const compiler of process.env.CC ? [process.env.CC] : ['cc', 'gcc', 'clang']) {
    try {
      const bytes = await compile({ compiler, engine, variants });
      mkdirSync(output, { recursive: true });
      writeAside(addon, bytes, 0o755);
      writeAside(facts, JSON.stringify({ sha256: createHash('sha256').update(bytes).digest('hex'), compiler, key }));
      return `built with ${compiler}`;
    } catch (error) {
      refusals.push(error.code === 'ENOENT' ? `no ${compiler}` : `${compiler}: ${String(error.stderr || error.message).split('\n').find((line) => line.includes('error')) ?? error.message}`);
    }
  }
  return `skipped: ${refusals.join(', ')}`;
}

/** @returns the addon's bytes @throws what the compiler says, in `stderr` */
async function compile({ compiler, engine, variants }) {
  const { include_dir: headers } = (await import('node-api-headers')).default;
  const folder = mkdtempSync(join(tmpdir(), 'ibrl-native-'));
  try {
    const kernels = Object.entries(variants).flatMap(([processor, shape]) =>
      Object.entries(arithmetics).map(([arithmetic, how]) => ({
        object: join(folder, `${processor}-${arithmetic}.o`),
        words: [...shape, ...how, '-DEXPORT=', `-Dtask=task_${processor}_${arithmetic}`, `-DpanelRows=panelRows_${processor}_${arithmetic}`, '-c', join(engine, 'kernel/kernel.c')],
      })),
    );
    const shell = { object: join(folder, 'addon.o'), words: [`-I${headers}`, '-c', join(engine, 'native/addon.c')] };
    const units = [shell, ...kernels];
    await Promise.all(units.map(({ object, words }) => run(compiler, [...flags, ...words, '-o', object])));
    const addon = join(folder, 'kernel.node');
    const shared = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared', '-pthread', '-s'];
    await run(compiler, [...shared, ...units.map(({ object }) => object), '-o', addon]);
    return readFileSync(addon);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readSources(engine) {
  return ['kernel', 'native'].flatMap((part) => {
    const folder = join(engine, part);
    if (!existsSync(folder)) return [];
    return readdirSync(folder).filter((name) => /\.[ch]$/.test(name)).sort().map((name) => [`${part}/${name}`, readFileSync(join(folder, name), 'utf8')]);
  });
}
