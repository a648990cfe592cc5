import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAddonFile } from './addonFile';

const folder = resolve(import.meta.dirname, '../../dist/native');
const present = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.node')) : [];
const formats: Record<string, string> = { linux: 'elf', darwin: 'mach-o', win32: 'pe' };
/** of a library that every computer of the kind has */
const libraries: Record<string, RegExp> = {
  'linux': /^(lib(c|pthread|m|dl)\.so\.\d+|ld-linux-(x86-64|aarch64)\.so\.\d)$/,
  'linux-musl': /^libc\.so$/,
  'darwin': /^\/usr\/lib\/libSystem\.B\.dylib$/,
  'win32': /^(KERNEL32\.dll|api-ms-win-crt-\w+-l1-1-0\.dll)$/i,
};

/** Kernels that are built: this computer's, and after `npm run build:native` all. Only the former can be run here. */
describe.skipIf(present.length === 0)('native kernels as built', () => {
  test.each(present)('%s is for the computer that its name says, is loaded as a Node-API addon, and asks for nothing uncommon', (file) => {
    const [platform, architecture, library] = file.replace('.node', '').split('-');
    const bytes = readFileSync(join(folder, file));
    const facts = readAddonFile(bytes);
    expect(facts).toMatchObject({ format: formats[platform], architecture });
    expect(facts.exported.filter((name) => !/^_(init|fini|edata|end|_bss_start)$/.test(name))).toContain('napi_register_module_v1');
    expect(facts.exported.filter((name) => /^(task|panelRows)_/.test(name)), 'kernels are not exported').toEqual([]);
    for (const name of facts.libraries) expect(name).toMatch(libraries[library === undefined ? platform : `${platform}-${library}`]);
    if (platform === 'win32') expect(facts.imported.filter((name) => name.startsWith('napi_')), 'Node is looked up in the running program').toEqual([]);
    else expect(facts.imported.map((name) => name.split('@')[0])).toEqual(expect.arrayContaining(['napi_create_function', 'napi_get_typedarray_info']));
    const { sha256 } = JSON.parse(readFileSync(join(folder, file.replace('.node', '.json')), 'utf8')) as { sha256: string };
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    if (platform === 'linux') expect(facts.versions.length > 0, 'versions are asked for of glibc').toBe(library === undefined);
    expect(facts.versions.filter((version) => !(Number(/^GLIBC_2\.(\d+)/.exec(version)?.[1]) <= 17)), 'glibc 2.17 is enough, whoever compiled it').toEqual([]);
  });
});
