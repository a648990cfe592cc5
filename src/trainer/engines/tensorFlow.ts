import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import util from 'node:util';
import type { TensorFlow } from '../../learning/engine/tfjsOperations';
import { sentence } from '../../sentence/sentence';
import { SpokenError } from '../../sentence/spokenError';

/** Which build of TensorFlow.js computes, fastest first. */
export const tensorFlowBuilds = ['tfjs-node', 'tfjs-wasm', 'tfjs-cpu'] as const;
export type TensorFlowBuild = (typeof tensorFlowBuilds)[number];

/** Where TensorFlow.js is, decided before anything of it is loaded. */
export interface TensorFlowPlace {
  readonly build: TensorFlowBuild;
  /** a file beside which `package` is found as Node finds packages */
  readonly from: string;
  /** the package's name, or its folder */
  readonly package: string;
}

/** There is no TensorFlow.js to be had here; the message says why, as a part of a sentence. */
export class NoTensorFlow extends SpokenError {
  override readonly name = 'NoTensorFlow';
}

/** The name under which a build's backend is registered. */
export const backendOf: Readonly<Record<TensorFlowBuild, string>> = { 'tfjs-node': 'tensorflow', 'tfjs-wasm': 'wasm', 'tfjs-cpu': 'cpu' };

/**
 * The fastest TensorFlow.js that is there: the tfjs-node that somebody named, or what stands beside this program. Never one
 * of a workspace, which would be code of whoever wrote the experiment.
 *
 * @param dist  folder of what was built
 * @param named folder of an installed @tensorflow/tfjs-node, or one with it in its node_modules; null: none was named
 * @throws NoTensorFlow
 */
export function findTensorFlow(dist: string, named: string | null): TensorFlowPlace {
  if (named !== null) {
    const folder = [named, join(named, 'node_modules/@tensorflow/tfjs-node')].map((one) => resolve(one)).find((one) => existsSync(join(one, 'dist/index.js')));
    if (folder === undefined) throw new NoTensorFlow(sentence('there is no @tensorflow/tfjs-node in {0}', named));
    return { build: 'tfjs-node', from: join(folder, 'package.json'), package: folder };
  }
  const found = placesOf(dist).find(({ from, package: name }) => isThere(from, name));
  if (found === undefined) throw new NoTensorFlow(sentence('neither @tensorflow/tfjs-node nor @tensorflow/tfjs is installed beside it'));
  return found;
}

/** All builds of TensorFlow.js beside this program, at most one of each, fastest first. */
export function tensorFlowsBeside(dist: string): TensorFlowPlace[] {
  const there = placesOf(dist).filter(({ from, package: name }) => isThere(from, name));
  return tensorFlowBuilds.flatMap((build) => there.find((place) => place.build === build) ?? []);
}

/** The package's version, or that it is not known. */
export function versionOf({ from, package: name }: TensorFlowPlace): string {
  try {
    const { version } = createRequire(from)(`${name}/package.json`) as { version?: unknown };
    return typeof version === 'string' ? version : 'unknown';
  } catch {
    return 'unknown';
  }
}

/** What TensorFlow reads from the environment as its process starts, not from a worker's: its threads, and to be quiet unless something fails. */
export function tensorFlowEnvironment(threads: number): Readonly<Record<string, string>> {
  return { TF_CPP_MIN_LOG_LEVEL: '2', TF_NUM_INTRAOP_THREADS: String(threads), TF_NUM_INTEROP_THREADS: '1' };
}

/** @throws NoTensorFlow when it is there and does not load */
export function loadTensorFlow({ build, from, package: name }: TensorFlowPlace): TensorFlow {
  // gone in Node 23, called by tfjs-node 4.22, which the release after it does not
  if (build === 'tfjs-node' && !('isNullOrUndefined' in util)) Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
  const require = createRequire(from);
  try {
    const tf = require(build === 'tfjs-node' ? name : '@tensorflow/tfjs') as TensorFlow;
    if (build === 'tfjs-wasm') {
      const wasm = require(name) as { setWasmPaths(folder: string): void };
      wasm.setWasmPaths(`${dirname(require.resolve(name))}/`);
    }
    tf.enableProdMode(); // otherwise the plain builds advertise tfjs-node on stderr
    return tf;
  } catch (cause) {
    throw new NoTensorFlow(sentence('{0} does not load ({1})', name, cause instanceof Error ? cause.message.split('\n')[0] : String(cause)), { cause });
  }
}

/** The folder of the package that `npm run tfjs-node` makes in a checkout, and the installation's own packages. */
function placesOf(dist: string): TensorFlowPlace[] {
  const own = join(dist, 'trainer.cjs');
  return [
    { build: 'tfjs-node', from: resolve(dist, '..', '.tfjs-node', 'package.json'), package: '@tensorflow/tfjs-node' },
    { build: 'tfjs-node', from: own, package: '@tensorflow/tfjs-node' },
    { build: 'tfjs-wasm', from: own, package: '@tensorflow/tfjs-backend-wasm' },
    { build: 'tfjs-cpu', from: own, package: '@tensorflow/tfjs' },
  ];
}

function isThere(from: string, name: string): boolean {
  try {
    createRequire(from).resolve(name);
    return true;
  } catch {
    return false;
  }
}
