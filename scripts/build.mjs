/**
 * Builds what runs: one CommonJS bundle for each process, and the engine's kernel: in WebAssembly, which needs Node only,
 * and for this computer where it has a C compiler.
 * dist/meta holds what went into each bundle; test/architecture.test.ts reads it.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildKernel } from './buildKernel.mjs';
import { buildHostAddon } from './buildNative.mjs';
import { writeAside } from './writeAside.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

/** What becomes a bundle: one for each process or worker. A source that is not there yet is left out. */
export const entries = [
  { source: 'src/cli/main.ts', name: 'ibrl', executable: true },
  { source: 'src/trainer/main.ts', name: 'trainer' },
  { source: 'src/trainer/compute.ts', name: 'compute' },
  { source: 'src/trainer/programWorker.ts', name: 'programWorker' },
  { source: 'src/trainer/readingRecordings.ts', name: 'readingRecordings' },
  { source: 'src/learning/engine/worker.ts', name: 'engineWorker' },
];

/** `import text from './file?raw'` gives the file's text, as Vite (and so the tests) has it. */
const rawText = {
  name: 'raw-text',
  setup(bundler) {
    bundler.onResolve({ filter: /\?raw$/ }, ({ path, resolveDir }) => ({ path: resolve(resolveDir, path.replace(/\?raw$/, '')), namespace: 'raw' }));
    bundler.onLoad({ filter: /.*/, namespace: 'raw' }, ({ path }) => ({ contents: readFileSync(path, 'utf8'), loader: 'text', watchFiles: [path] }));
  },
};

async function bundle({ source, name, executable }) {
  const outputs = [join(dist, `${name}.cjs`), join(dist, 'meta', `${name}.json`)];
  try {
    return await writeBundle({ source, name, executable });
  } catch (error) {
    for (const output of outputs) rmSync(output, { force: true }); // an old bundle must not pass for these sources
    throw error;
  }
}

async function writeBundle({ source, name, executable }) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [source],
    outfile: join(dist, `${name}.cjs`),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    legalComments: 'inline',
    metafile: true,
    write: false,
    logLevel: 'warning',
    plugins: [rawText],
    ...(executable && { banner: { js: '#!/usr/bin/env node' } }),
  });
  for (const file of outputFiles) writeAside(file.path, file.contents, executable ? 0o755 : 0o644);
  writeAside(join(dist, 'meta', `${name}.json`), JSON.stringify(metafile, null, 1));
}

/** Everything, in a second when the kernel is kept. @throws Error when a part does not build; the others are built */
export async function buildAll(report = () => {}) {
  mkdirSync(join(dist, 'meta'), { recursive: true });
  const present = entries.filter(({ source }) => existsSync(join(root, source)));
  const parts = [
    ...present.map((entry) => bundle(entry).then(() => report(`dist/${entry.name}.cjs`))),
    buildKernel(join(root, 'src/learning/engine/kernel'), join(dist, 'kernel.wasm')).then((outcome) => report(`dist/kernel.wasm (${outcome})`)),
    buildHostAddon(join(root, 'src/learning/engine'), join(dist, 'native')).then((outcome) => report(`dist/native (${outcome})`)),
  ];
  const failures = (await Promise.allSettled(parts)).filter((part) => part.status === 'rejected').map((part) => part.reason);
  if (failures.length > 0) throw new AggregateError(failures, failures.map((failure) => failure.message).join('\n'));
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await buildAll((line) => console.log(line));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
