/**
 * npm run bench: milliseconds per gradient step of the engine on workloads S and M. Where the prototype's sources lie
 * beside the checkout (or in the folder given as argument), its kernel is compiled and timed in the same run.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const peer = resolve(process.argv[2] ?? join(root, '../shared/reference/engine-bench'));
const folder = mkdtempSync(join(tmpdir(), 'ibrl-bench-'));
try {
  await build({ entryPoints: [join(root, 'bench/main.ts')], outfile: join(folder, 'bench.mjs'), bundle: true, platform: 'node', target: 'node20', format: 'esm', logLevel: 'warning' });
  const arguments_ = [join(folder, 'bench.mjs'), join(root, 'dist')];
  if (existsSync(join(peer, 'c/engine.c'))) arguments_.push(await preparePeer(peer, join(folder, 'peer')));
  else console.log('The prototype’s sources are not at hand: ours alone.');
  process.exitCode = spawnSync(process.execPath, arguments_, { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Copies the prototype and compiles its C with the flags of its own build. */
async function preparePeer(from, to) {
  for (const part of ['c', 'src']) cpSync(join(from, part), join(to, part), { recursive: true });
  writeFileSync(join(to, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(to, 'build'));
  const { runClang } = await import('@yowasp/clang');
  const flags = ['-DVW=4', '-DRB=4', '-DCB=2', '-DDW=0', '--target=wasm32', '-O3', '-msimd128', '-mbulk-memory', '-nostdlib', '-ffreestanding', '-fno-math-errno', '-ffp-contract=off', '-fvisibility=hidden', '-Wl,--no-entry', '-Wl,--export-dynamic', '-Wl,--export-memory', '-Wl,-z,stack-size=65536', '-Wl,--strip-all'];
  await runClang(null, {}, { fetchProgress: () => {} });
  const result = await runClang(['clang', ...flags, 'engine.c', '-o', 'o.wasm'], { 'engine.c': readFileSync(join(to, 'c/engine.c'), 'utf8') }, { stderr: () => {} });
  writeFileSync(join(to, 'build/c-w.wasm'), result['o.wasm']);
  return to;
}
