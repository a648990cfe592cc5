/**
 * Builds what runs: one CommonJS bundle for each process, and the engine's kernel: in WebAssembly, which needs Node only,
 * and for this computer where it has a C compiler.
 * dist/meta holds what went into each bundle; test/architecture.test.ts reads it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildKernel } from './buildKernel.mjs';
import { buildHostAddon } from './buildNative.mjs';
import { writeAside } from './writeAside.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const defaultFolder = join(root, 'dist');

/** What becomes a bundle: one for each process or worker. A source that is not there yet is left out. */
export const entries = [
  { source: 'src/cli/main.ts', name: 'ibrl', executable: true },
  { source: 'src/trainer/main.ts', name: 'trainer' },
  { source: 'src/trainer/compute.ts', name: 'compute' },
  { source: 'src/trainer/simulation/programWorker.ts', name: 'programWorker' },
  { source: 'src/trainer/simulation/playerWorker.ts', name: 'playerWorker' },
  { source: 'src/trainer/recordings/readingRecordings.ts', name: 'readingRecordings' },
  { source: 'src/learning/engine/worker.ts', name: 'engineWorker' },
  { source: 'src/extension/activate.ts', name: 'extension' },
  { source: 'src/extension/language/connect.ts', name: 'languageClient' },
  { source: 'src/extension/exportReport.ts', name: 'exportReport' },
  { source: 'src/languageServer/main.ts', name: 'languageServer' },
];

/** An `import()` of a source that is a bundle of its own loads that bundle: what is large and needed late is not parsed at the start. */
const lateBundles = {
  name: 'late-bundles',
  setup(bundler) {
    bundler.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, kind }) => {
      if (kind !== 'dynamic-import') return undefined;
      const late = entries.find(({ source }) => join(root, source) === `${resolve(resolveDir, path)}.ts`);
      return late && { path: `./${late.name}.cjs`, external: true };
    });
  },
};

/**
 * Packages that the extension needs late and that are most of its code: bundles of their own, so that activation does not compile them.
 * `loaded` says what an import of a package becomes in the extension's bundle.
 */
export const packageBundles = [
  { name: 'schemas', contents: "export * as typebox from 'typebox'; export * as value from 'typebox/value';", loaded: { typebox: "require('./schemas.cjs').typebox", 'typebox/value': "require('./schemas.cjs').value" } },
  { name: 'yaml', contents: "export * from 'yaml';", loaded: { yaml: "require('./yaml.cjs')" } },
];
const loadedPackages = Object.assign({}, ...packageBundles.map(({ loaded }) => loaded));
const latePackages = {
  name: 'late-packages',
  setup(bundler) {
    bundler.onResolve({ filter: /^[a-z]/ }, ({ path }) => (path in loadedPackages ? { path, namespace: 'late-package' } : undefined));
    bundler.onResolve({ filter: /^\.\//, namespace: 'late-package' }, ({ path }) => ({ path, external: true }));
    bundler.onLoad({ filter: /.*/, namespace: 'late-package' }, ({ path }) => ({ contents: `module.exports = ${loadedPackages[path]};`, resolveDir: root }));
  },
};

/** One page for each: dist/webview/<name>.js and, where it has styles, dist/webview/<name>.css. */
export const pages = ['dashboard', 'policyDiff', 'trajectories', 'designer', 'sidePanel'];

/** `import text from './file?raw'` gives the file's text, as Vite (and so the tests) has it. */
const rawText = {
  name: 'raw-text',
  setup(bundler) {
    bundler.onResolve({ filter: /\?raw$/ }, ({ path, resolveDir }) => ({ path: resolve(resolveDir, path.replace(/\?raw$/, '')), namespace: 'raw' }));
    bundler.onLoad({ filter: /.*/, namespace: 'raw' }, ({ path }) => ({ contents: readFileSync(path, 'utf8'), loader: 'text', watchFiles: [path] }));
  },
};

/** `import bytes from './kernel/file.c?wasm'` gives the C sources of that folder as WebAssembly; vitest.config.mts has the same for the tests. */
export const wasmBytes = {
  name: 'wasm-bytes',
  setup(bundler) {
    bundler.onResolve({ filter: /\.c\?wasm$/ }, ({ path, resolveDir }) => ({ path: resolve(resolveDir, path.replace(/\?wasm$/, '')), namespace: 'wasm' }));
    bundler.onLoad({ filter: /.*/, namespace: 'wasm' }, async ({ path }) => ({ contents: readFileSync(await compiledKernel(dirname(path))), loader: 'binary' }));
  },
};

const compiledKernels = new Map();

/** Compiles the C sources of a folder, once for all bundles. @returns the file */
export function compiledKernel(folder) {
  const output = join(defaultFolder, 'kernels', `${relative(join(root, 'src'), folder).replaceAll(/[\\/]/g, '-')}.wasm`);
  if (!compiledKernels.has(folder)) compiledKernels.set(folder, buildKernel(folder, output).then(() => output));
  return compiledKernels.get(folder);
}

async function bundle({ source, contents, name, executable }, dist, minify) {
  const outputs = [join(dist, `${name}.cjs`), join(dist, 'meta', `${name}.json`)];
  try {
    return await writeBundle({ source, contents, name, executable }, dist, minify);
  } catch (error) {
    for (const output of outputs) rmSync(output, { force: true }); // an old bundle must not pass for these sources
    throw error;
  }
}

async function writeBundle({ source, contents, name, executable }, dist, minify) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    ...(contents === undefined ? { entryPoints: [source] } : { stdin: { contents, resolveDir: root } }),
    outfile: join(dist, `${name}.cjs`),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    legalComments: 'inline',
    external: ['vscode'],
    // their `main` is a bundle that esbuild cannot see through
    mainFields: ['module', 'main'],
    metafile: true,
    write: false,
    // names stay: a stack trace of a user must be readable
    minifySyntax: minify,
    minifyWhitespace: minify,
    logLevel: 'warning',
    // `import()` becomes `require`, which the editor hooks for its own interface
    supported: { 'dynamic-import': false },
    plugins: [rawText, wasmBytes, lateBundles, ...(name === 'extension' ? [latePackages] : [])],
    ...(executable && { banner: { js: '#!/usr/bin/env node' } }),
  });
  for (const file of outputFiles) writeAside(file.path, file.contents, executable ? 0o755 : 0o644);
  writeAside(join(dist, 'meta', `${name}.json`), JSON.stringify(metafile, null, 1));
}

/** A webview's page: one script for the browser, and one style sheet. */
async function bundlePage(name, dist) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [{ in: `webview/${name}/main.ts`, out: name }],
    outdir: join(dist, 'webview'),
    tsconfig: 'webview/tsconfig.json',
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    legalComments: 'none',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
    metafile: true,
    write: false,
    logLevel: 'warning',
    plugins: [rawText],
  });
  for (const file of outputFiles) writeAside(file.path, file.contents, 0o644);
  writeAside(join(dist, 'meta', `webview-${name}.json`), JSON.stringify(metafile, null, 1));
}

/** The translations of all areas, `l10n/<area>.<language>.json`, as the one bundle that the editor reads. */
function mergeTranslations(dist) {
  const bundles = new Map();
  for (const file of readdirSync(join(root, 'l10n')).sort()) {
    const language = /\.([a-z]{2}(?:-[a-z]+)?)\.json$/i.exec(file)?.[1];
    if (language === undefined) continue;
    const part = JSON.parse(readFileSync(join(root, 'l10n', file), 'utf8'));
    for (const [english, translated] of Object.entries(part)) {
      const bundle = bundles.get(language) ?? {};
      if (bundle[english] !== undefined && bundle[english] !== translated) throw new Error(`l10n/${file} translates ${JSON.stringify(english)} in another way than a file before it.`);
      bundles.set(language, { ...bundle, [english]: translated });
    }
  }
  for (const [language, bundle] of bundles) writeAside(join(dist, 'l10n', `bundle.l10n.${language}.json`), JSON.stringify(bundle), 0o644);
}

/**
 * Everything, in a second when the kernel is kept.
 * @param report one line for each part that is built
 * @param folder where it goes
 * @param minify whether the processes' bundles are made small; pages always are
 * @throws Error when a part does not build; the others are built
 */
export async function buildAll(report = () => {}, { folder: dist = defaultFolder, minify = false } = {}) {
  for (const folder of ['meta', 'webview', 'l10n']) mkdirSync(join(dist, folder), { recursive: true });
  const present = entries.filter(({ source }) => existsSync(join(root, source)));
  const parts = [
    ...[...present, ...packageBundles].map((entry) => bundle(entry, dist, minify).then(() => report(`dist/${entry.name}.cjs`))),
    ...pages.filter((name) => existsSync(join(root, 'webview', name, 'main.ts'))).map((name) => bundlePage(name, dist).then(() => report(`dist/webview/${name}.js`))),
    Promise.resolve().then(() => mergeTranslations(dist)),
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
