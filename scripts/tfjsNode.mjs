/**
 * npm run tfjs-node: brings @tensorflow/tfjs-node to life in .tfjs-node where its own installer cannot download. The
 * package comes from npm, TensorFlow's libraries and headers from the wheel on PyPI, and the binding between them, which
 * uses TensorFlow's C interface only, is compiled here. Built aside and moved into place when a gradient was right; what
 * works already is left alone. Linux x64 with glibc; needs npm, python3 with pip, and g++. Exit code 3: this is no such machine.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageVersion = '4.22.0';
/** The newest whose wheel has its C interface in a library of its own and whose operations are still those of the package. */
const tensorFlowVersion = '2.15.1';
const headersVersion = '1.9.0';
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const place = join(root, '.tfjs-node');
const packageFolder = 'node_modules/@tensorflow/tfjs-node';

class CannotBuild extends Error {}
class NoSuchMachine extends CannotBuild {}

/** A gradient on TensorFlow against the same on the plain build; in a process of its own, since a bad library may crash. */
const proof = `
const util = require('node:util');
if (!('isNullOrUndefined' in util)) util.isNullOrUndefined = (value) => value === null || value === undefined; // gone in Node 23
const tf = require(process.argv[1]);
const gradient = async (backend) => {
  await tf.setBackend(backend);
  return tf.grad((x) => tf.sum(tf.tanh(tf.matMul(x, x, false, true))))(tf.tensor2d([[0.3, -1.2], [0.7, 0.5]])).dataSync();
};
(async () => {
  const [expected, actual] = [await gradient('cpu'), await gradient('tensorflow')];
  if (!actual.every((value, i) => Math.abs(value - expected[i]) < 1e-5)) throw new Error('a gradient is ' + actual + ' instead of ' + expected);
})().catch((error) => { console.error(error.message); process.exit(1); });
`;

/** @returns null, or why not */
function problemOf(folder) {
  if (!existsSync(join(folder, packageFolder, 'lib'))) return 'it is not built';
  const { status, stderr } = spawnSync(process.execPath, ['-e', proof, join(folder, packageFolder)], { encoding: 'utf8', env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' } });
  return status === 0 ? null : stderr.trim().split('\n').at(-1) || 'the test of a gradient crashed';
}

function requireMachine() {
  const { platform, arch } = process;
  const isGlibc = platform === 'linux' && process.report.getReport().header.glibcVersionRuntime !== undefined;
  if (!isGlibc || arch !== 'x64') throw new NoSuchMachine(`TensorFlow’s wheel is used on Linux x64 with glibc only; this is ${platform} ${arch}. Install @tensorflow/tfjs-node beside IBRL Studio as its own manual says.`);
  for (const command of ['npm', 'python3', 'g++']) if (spawnSync(command, ['--version']).error) throw new NoSuchMachine(`${command} is not on the PATH.`);
  if (spawnSync('python3', ['-m', 'pip', '--version']).status !== 0) throw new NoSuchMachine('python3 has no pip.');
}

/** @throws CannotBuild with what the command said last */
function run(what, command, words, cwd) {
  const { status, error, stdout, stderr } = spawnSync(command, words, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status === 0) return;
  const said = (stderr || stdout || error?.message || '').trim().split('\n').slice(-5).join('\n');
  throw new CannotBuild(`${what} failed:\n${said}`);
}

function build(folder) {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  // without scripts: the package's own would download from a host of its own
  run('npm install', 'npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', `@tensorflow/tfjs-node@${packageVersion}`, `node-api-headers@${headersVersion}`], folder);

  const wheel = join(folder, 'wheel');
  const python = ['--implementation', 'cp', '--python-version', '311', '--abi', 'cp311', '--platform', 'manylinux_2_17_x86_64', '--platform', 'manylinux2014_x86_64'];
  run('pip download', 'python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', ...python, '--dest', wheel, `tensorflow-cpu==${tensorFlowVersion}`], folder);
  const wanted = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2', 'include/tensorflow/c/', 'include/tensorflow/core/platform/ctstring', 'include/tsl/c/', 'include/tsl/platform/ctstring', 'include/xla/tsl/c/'];
  const unzip = 'import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nz.extractall(sys.argv[2], [n for n in z.namelist() if n.startswith(tuple("tensorflow/" + w for w in sys.argv[3:]))])';
  const file = readdirSync(wheel).find((name) => name.endsWith('.whl'));
  if (file === undefined) throw new CannotBuild('pip left no wheel.');
  run('Unpacking the wheel', 'python3', ['-c', unzip, join(wheel, file), wheel, ...wanted], folder);

  const own = join(folder, packageFolder);
  const libraries = join(own, 'deps/lib');
  mkdirSync(libraries, { recursive: true });
  for (const [library, link] of [['libtensorflow_cc.so.2', 'libtensorflow.so'], ['libtensorflow_framework.so.2', 'libtensorflow_framework.so']]) {
    if (!existsSync(join(wheel, 'tensorflow', library))) throw new CannotBuild(`The wheel has no ${library}.`);
    renameSync(join(wheel, 'tensorflow', library), join(libraries, library));
    symlinkSync(library, join(libraries, link));
  }
  const addon = join(own, 'lib/napi-v8');
  mkdirSync(addon, { recursive: true });
  const sources = readdirSync(join(own, 'binding')).filter((name) => name.endsWith('.cc')).map((name) => join(own, 'binding', name));
  const includes = [join(folder, 'node_modules/node-api-headers/include'), join(wheel, 'tensorflow/include')].map((path) => `-I${path}`);
  run('Compiling the binding', 'g++', ['-O2', '-std=c++17', '-shared', '-fPIC', '-DNAPI_VERSION=8', ...includes, ...sources, `-L${libraries}`, '-ltensorflow', '-ltensorflow_framework', '-Wl,-rpath,$ORIGIN/../../deps/lib', '-o', join(addon, 'tfjs_binding.node')], folder);
  rmSync(wheel, { recursive: true });
}

function main() {
  if (problemOf(place) === null) return '@tensorflow/tfjs-node works already.';
  requireMachine();
  const aside = mkdtempSync(join(root, '.tfjs-node-'));
  process.on('exit', () => rmSync(aside, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  build(aside);
  const problem = problemOf(aside);
  if (problem !== null) throw new CannotBuild(`It was built, and does not work: ${problem}.`);
  rmSync(place, { recursive: true, force: true });
  renameSync(aside, place);
  return `@tensorflow/tfjs-node ${packageVersion} on TensorFlow ${tensorFlowVersion} works: --engine tfjs uses it.`;
}

try {
  console.log(main());
} catch (error) {
  if (!(error instanceof CannotBuild)) throw error;
  console.error(`@tensorflow/tfjs-node cannot be made here. ${error.message}`);
  process.exitCode = error instanceof NoSuchMachine ? 3 : 1;
}
