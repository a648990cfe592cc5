/**
 * npm run package [-- --out FILE]: the extension as one VSIX. It is built anew, small, in a folder of its own, so that nothing of a
 * working copy can slip in but native kernels that were made from the present sources (`npm run build:native`); .vscodeignore names what ships.
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX } from '@vscode/vsce';
import { buildAll } from './build.mjs';
import { keepFreshAddons } from './buildNative.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const shipped = ['README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore', 'package.nls.json', 'package.nls.de.json', 'media', 'examples', ...readmePictures()];

/** Pictures that the page of the extension shows; those of other pages do not ship. */
function readmePictures() {
  return [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/\]\((docs\/pictures\/[\w-]+\.png)\)/g)].map(([, path]) => path);
}

/** @param file where the VSIX goes @param report one line, the native kernels in it @returns its size in bytes */
export async function packageExtension(file, report = () => {}) {
  const stage = mkdtempSync(join(tmpdir(), 'ibrl-package-'));
  try {
    for (const name of shipped.filter((one) => existsSync(join(root, one)))) {
      cpSync(join(root, name), join(stage, name), { recursive: true, filter: (path) => !path.split(/[\\/]/).includes('.ibrl') });
    }
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(shippedManifest(), null, 2)}\n`);
    keepFreshAddons(join(root, 'src/learning/engine'), join(root, 'dist/native'), join(stage, 'dist/native'));
    await buildAll(() => {}, { folder: join(stage, 'dist'), minify: true });
    report(nativeKernels(join(stage, 'dist/native')));
    writeFileSync(join(stage, 'THIRD_PARTY_NOTICES.txt'), thirdPartyNotices(join(stage, 'dist', 'meta')));
    await createVSIX({ cwd: stage, packagePath: file, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
    return statSync(file).size;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function nativeKernels(folder) {
  const names = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.node')).map((file) => file.replace('.node', '')) : [];
  return `Native kernels for ${names.join(', ') || 'no computer'}; npm run build:native makes them for all.`;
}

/** The manifest without what only developers need: everything is bundled. */
function shippedManifest() {
  const { scripts: _scripts, dependencies: _dependencies, devDependencies: _devDependencies, optionalDependencies: _optional, bin: _bin, private: _private, ...manifest } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return manifest;
}

/** What a source of ours follows to the letter, beside packages. */
const fdlibm = {
  name: 'fdlibm',
  text: `fdlibm 5.3 (tanh and expm1)
${'-'.repeat(72)}
Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved.

Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.
`,
};

/** Name, version and licence text of every package that went into a bundle, as their licences ask. */
function thirdPartyNotices(meta) {
  const folders = new Set();
  for (const file of readdirSync(meta)) {
    for (const input of Object.keys(JSON.parse(readFileSync(join(meta, file), 'utf8')).inputs)) {
      const found = /^(?:raw:)?(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (found) folders.add(resolve(root, found[1]));
    }
  }
  const notices = [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const licence = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
    const text = licence === undefined ? `Licence: ${license}` : readFileSync(join(folder, licence), 'utf8').trim();
    return { name, text: `${name} ${version}\n${'-'.repeat(72)}\n${text}\n` };
  });
  const sorted = [...notices, fdlibm].sort((a, b) => a.name.localeCompare(b.name)).map(({ text }) => text);
  return `IBRL Studio holds these packages, and parts of some.\n\n${sorted.join('\n\n')}`;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const at = process.argv.indexOf('--out');
  const file = resolve(at > 0 ? process.argv[at + 1] : join(root, `ibrl-studio-${version}.vsix`));
  const bytes = await packageExtension(file, (line) => console.log(line));
  console.log(`${file}: ${(bytes / 1e6).toFixed(2)} MB`);
}
