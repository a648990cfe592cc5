import type { Snapshot } from '../learning/model/snapshot';
import type { Phase } from '../run/contract';

/** Where the work within an iteration stands, between two updates. */
export interface Checkpoint {
  readonly iteration: number;
  readonly phase: Phase;
  /** updates done in the phase */
  readonly done: number;
  /** optimisations of the phase, by name */
  readonly snapshots: Readonly<Record<string, Snapshot>>;
}

interface Head {
  readonly iteration: number;
  readonly phase: Phase;
  readonly done: number;
  readonly snapshots: Record<string, { readonly numbers: Snapshot['numbers']; readonly arrays: Record<string, number> }>;
}

/** A line of JSON, then the arrays' float32 in the order of the line. */
export function encodeCheckpoint({ iteration, phase, done, snapshots }: Checkpoint): Uint8Array {
  const head: Head = {
    iteration, phase, done,
    snapshots: Object.fromEntries(Object.entries(snapshots).map(([name, { numbers, arrays }]) => [name, { numbers, arrays: Object.fromEntries(Object.entries(arrays).map(([key, array]) => [key, array.length])) }])),
  };
  const arrays = Object.values(snapshots).flatMap((snapshot) => Object.values(snapshot.arrays));
  const line = Buffer.from(`${JSON.stringify(head)}\n`);
  return Buffer.concat([line, ...arrays.map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength))]);
}

/** @throws SyntaxError or RangeError for bytes that are no checkpoint; events name a checkpoint with its sha256, so they are not hostile */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const end = bytes.indexOf(10);
  const head = JSON.parse(Buffer.from(bytes.subarray(0, end)).toString()) as Head;
  let at = end + 1;
  const snapshots = Object.entries(head.snapshots).map(([name, { numbers, arrays }]): [string, Snapshot] => [
    name,
    {
      numbers,
      arrays: Object.fromEntries(Object.entries(arrays).map(([key, length]) => {
        const array = new Float32Array(new Uint8Array(bytes.subarray(at, at + 4 * length)).buffer);
        at += 4 * length;
        return [key, array];
      })),
    },
  ]);
  return { iteration: head.iteration, phase: head.phase, done: head.done, snapshots: Object.fromEntries(snapshots) };
}
