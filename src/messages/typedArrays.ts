import { Type } from 'typebox';

/** Schemas of what a message carries as it is, without a copy as text. */
export const bytes = Type.Refine(Type.Unsafe<Uint8Array<ArrayBuffer>>({}), (value) => value instanceof Uint8Array);
export const float32s = Type.Refine(Type.Unsafe<Float32Array<ArrayBuffer>>({}), (value) => value instanceof Float32Array);
