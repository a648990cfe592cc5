/**
 * Compiles the engine's C source to WebAssembly with a compiler that is itself WebAssembly (@yowasp/clang), so that
 * building needs Node only. It takes seconds, so the result is kept while sources, flags and compiler are the same.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { writeAside } from './writeAside.mjs';

/**
 * Portable arithmetic rests on these: no contraction, no fast-math. Memory is shared between workers and given from
 * outside; every worker has its own stack, hence the exported stack pointer.
 */
const flags = [
  '--target=wasm32', '-O3', '-msimd128', '-matomics', '-mbulk-memory', '-nostdlib', '-ffreestanding', '-fno-math-errno',
  '-ffp-contract=off', '-fvisibility=hidden', '-Wall', '-Werror',
  '-Wl,--no-entry', '-Wl,--export-dynamic', '-Wl,--import-memory', '-Wl,--shared-memory', '-Wl,--max-memory=4294967296',
  '-Wl,--export=__stack_pointer', '-Wl,--export=__heap_base', '-Wl,-z,stack-size=65536', '-Wl,--strip-all',
];

/**
 * @param folder   where the C files are; all .c files are compiled, .h files are at hand
 * @param output   the WebAssembly file to write; the key of what it was made from is kept beside it
 * @returns 'built', 'kept' (nothing changed) or 'absent' (there is no C file)
 * @throws Error with the compiler's messages when it refuses
 */
export async function buildKernel(folder, output) {
  const files = readKernelSources(folder);
  const units = Object.keys(files).filter((name) => name.endsWith('.c'));
  if (units.length === 0) return 'absent';
  const key = keyOf(files);
  const keyFile = `${output}.key`;
  if (existsSync(output) && existsSync(keyFile) && readFileSync(keyFile, 'utf8') === key) return 'kept';

  const { runClang } = await import('@yowasp/clang');
  await runClang(null, {}, { fetchProgress: () => {} }); // loads the compiler, without its progress lines
  const messages = [];
  let made;
  try {
    made = await runClang(['clang', ...flags, ...units, '-o', 'kernel.wasm'], files, { stderr: (bytes) => bytes && messages.push(Buffer.from(bytes)) });
  } catch (error) {
    throw new Error(`The kernel in ${folder} did not compile:\n${Buffer.concat(messages).toString()}`, { cause: error });
  }
  mkdirSync(dirname(output), { recursive: true });
  writeAside(output, made['kernel.wasm']);
  writeAside(keyFile, key);
  return 'built';
}

function readKernelSources(folder) {
  if (!existsSync(folder)) return {};
  const entries = readdirSync(folder).filter((name) => /\.[ch]$/.test(name)).sort();
  return Object.fromEntries(entries.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

function keyOf(files) {
  const compiler = createRequire(import.meta.url).resolve('@yowasp/clang');
  const { version } = JSON.parse(readFileSync(join(dirname(compiler), '..', 'package.json'), 'utf8'));
  return createHash('sha256').update(JSON.stringify([version, flags, files])).digest('hex');
}
