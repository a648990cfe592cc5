/**
 * Compiles the engine's C source: the kernel once for each kind of processor and arithmetic, and the Node-API addon around
 * them. `npm run build` makes this computer's addon with its own C compiler; where there is none, or it refuses, there is no addon, and
 * the engine runs in WebAssembly; that is no error.
 *
 * npm run build:native [-- NAME …] makes those of all computers, or of the named ones, with zig (`ziglang` of PyPI, in a Python environment
 * of its own): Python 3 is needed, and the network the first time.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeAside } from './writeAside.mjs';

const run = promisify(execFile);

/** Portable arithmetic rests on -ffp-contract=off; see kernel/vector.h for the rest. */
export const flags = ['-O3', '-std=gnu11', '-fPIC', '-fvisibility=hidden', '-fno-math-errno', '-ffp-contract=off', '-Wall'];

/** For each architecture, the processors that the kernel is compiled for, with the shape of its vectors and tiles. */
export const processors = {
  x64: {
    avx2: ['-march=x86-64-v3', '-DVW=8', '-DRB=4', '-DCB=2'],
    avx512: ['-march=x86-64-v4', '-mprefer-vector-width=512', '-DVW=16', '-DRB=8', '-DCB=2'],
  },
  arm64: { neon: ['-DVW=4', '-DRB=4', '-DCB=4'] },
};
export const arithmetics = { portable: [], fused: ['-DFUSED'] };

/** The computers that `npm run build:native` makes addons for, as zig calls them. On Linux without “musl”: any glibc from 2.17 on. */
const targets = {
  'linux-x64': 'x86_64-linux-gnu.2.17',
  'linux-x64-musl': 'x86_64-linux-musl',
  'linux-arm64': 'aarch64-linux-gnu.2.17',
  'linux-arm64-musl': 'aarch64-linux-musl',
  'darwin-x64': 'x86_64-macos',
  'darwin-arm64': 'aarch64-macos',
  'win32-x64': 'x86_64-windows-gnu',
};
const zigVersion = '0.17.1';
const zigName = `zig ${zigVersion}`;
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

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
  const name = hostName();
  if (process.platform === 'win32' || processors[process.arch] === undefined) return `skipped: no compiler is asked on ${process.platform} with ${process.arch}`;
  if (readSources(engine).length === 0) return 'absent';
  if (isFresh(name, engine, output)) return 'kept';
  forget(name, output); // an old kernel must not pass for these sources

  const headers = await nodeHeaders();
  if (headers === null) return 'skipped: node-api-headers is not installed; npm ci brings it';
  const refusals = [];
  for (const compiler of process.env.CC ? [process.env.CC] : ['cc', 'gcc', 'clang']) {
    try {
      await makeAddon({ name, engine, output, compiler: [compiler] });
      return `built with ${compiler}`;
    } catch (error) {
      refusals.push(error.code === 'ENOENT' ? `no ${compiler}` : `${compiler}: ${String(error.stderr || error.message).split('\n').find((line) => line.includes('error')) ?? error.message}`);
    }
  }
  return `skipped: ${refusals.join(', ')}`;
}

/**
 * The addons in `from` that were made from the present sources, copied to `to`.
 * @returns their names
 */
export function keepFreshAddons(engine, from, to) {
  const fresh = Object.keys(targets).filter((name) => isFresh(name, engine, from));
  mkdirSync(to, { recursive: true });
  for (const name of fresh) for (const file of filesOf(name, '')) cpSync(join(from, file), join(to, file));
  return fresh;
}

async function buildWithZig(names, report) {
  const engine = join(root, 'src/learning/engine');
  const output = join(root, 'dist/native');
  const zig = await installedZig();
  for (const name of names) {
    if (isFresh(name, engine, output) && factsOf(name, output).compiler === zigName) {
      report(`dist/native/${name}.node (kept)`);
      continue;
    }
    forget(name, output);
    await makeAddon({ name, engine, output, compiler: [...zig, 'cc', '-target', targets[name]], zig: true });
    report(`dist/native/${name}.node (built)`);
  }
}

/** @returns the words that start zig, from an environment that is made when it is not there */
async function installedZig() {
  const place = join(root, 'node_modules/.cache', `zig-${zigVersion}`);
  const python = join(place, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const zig = [python, '-m', 'ziglang'];
  process.env.ZIG_GLOBAL_CACHE_DIR ??= join(place, 'cache');
  try {
    await run(zig[0], [...zig.slice(1), 'version']);
  } catch {
    rmSync(place, { recursive: true, force: true });
    await run(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', place]);
    await run(python, ['-m', 'pip', 'install', '--quiet', `ziglang==${zigVersion}`]);
  }
  return zig;
}

function filesOf(name, folder) {
  return [join(folder, `${name}.node`), join(folder, `${name}.json`)];
}

function forget(name, output) {
  for (const file of filesOf(name, output)) rmSync(file, { force: true });
}

/** Whether an addon is there and made from the present sources, by whichever compiler. */
function isFresh(name, engine, output) {
  const [addon, facts] = filesOf(name, output);
  return existsSync(addon) && existsSync(facts) && factsOf(name, output).key === keyOf(name, engine);
}

/** @returns what was written beside an addon when it was made */
function factsOf(name, output) {
  return JSON.parse(readFileSync(filesOf(name, output)[1], 'utf8'));
}

function keyOf(name, engine) {
  return createHash('sha256').update(JSON.stringify([flags, processors[architectureOf(name)], arithmetics, readSources(engine)])).digest('hex');
}

function architectureOf(name) {
  return name.split('-')[1];
}

/** Writes an addon and the facts beside it: checksum, compiler, and the key of what it was made from. @throws what the compiler says, in `stderr` */
async function makeAddon({ name, engine, output, compiler, zig = false }) {
  const bytes = await compile({ name, engine, compiler, zig });
  const [addon, facts] = filesOf(name, output);
  mkdirSync(output, { recursive: true });
  writeAside(addon, bytes, 0o755);
  writeAside(facts, JSON.stringify({ sha256: createHash('sha256').update(bytes).digest('hex'), compiler: zig ? zigName : compiler[0], key: keyOf(name, engine) }));
}

/** @returns the addon's bytes @throws what the compiler says, in `stderr` */
async function compile({ name, engine, compiler: [command, ...first], zig }) {
  const variants = processors[architectureOf(name)];
  const call = (words) => run(command, [...first, ...words]);
  const headers = await nodeHeaders();
  if (headers === null) throw new Error('node-api-headers is not installed: npm ci brings it.');
  const folder = mkdtempSync(join(tmpdir(), 'ibrl-native-'));
  try {
    const kernels = Object.entries(variants).flatMap(([processor, shape]) =>
      Object.entries(arithmetics).map(([arithmetic, how]) => ({
        object: join(folder, `${processor}-${arithmetic}.o`),
        words: [...shape.map((word) => (zig ? word.replace('x86-64-v', 'x86_64_v') : word)), ...how, '-DEXPORT=', `-Dtask=task_${processor}_${arithmetic}`, `-DpanelRows=panelRows_${processor}_${arithmetic}`, '-c', join(engine, 'kernel/kernel.c')],
      })),
    );
    const shell = { object: join(folder, 'addon.o'), words: [`-I${headers}`, '-c', join(engine, 'native/addon.c')] };
    const units = [shell, ...kernels];
    await Promise.all(units.map(({ object, words }) => call([...flags, ...words, '-o', object])));
    const addon = join(folder, 'kernel.node');
    const shared = name.startsWith('darwin') ? ['-shared', '-undefined', 'dynamic_lookup'] : name.startsWith('linux') ? ['-shared', '-pthread', '-s'] : ['-shared', '-s'];
    await call([...shared, ...units.map(({ object }) => object), '-o', addon]);
    return readFileSync(addon);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The folder of Node's own headers, or null where the package with them is not installed. */
async function nodeHeaders() {
  try {
    return (await import('node-api-headers')).default.include_dir;
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return null;
    throw error;
  }
}

function readSources(engine) {
  return ['kernel', 'native'].flatMap((part) => {
    const folder = join(engine, part);
    if (!existsSync(folder)) return [];
    return readdirSync(folder).filter((name) => /\.[ch]$/.test(name)).sort().map((name) => [`${part}/${name}`, readFileSync(join(folder, name), 'utf8')]);
  });
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const asked = process.argv.slice(2);
  const unknown = asked.find((name) => targets[name] === undefined);
  try {
    if (unknown !== undefined) throw new Error(`There is no addon “${unknown}”; there are ${Object.keys(targets).join(', ')}.`);
    await buildWithZig(asked.length > 0 ? asked : Object.keys(targets), (line) => console.log(line));
  } catch (error) {
    console.error(error.stderr || error.message);
    process.exitCode = 1;
  }
}
