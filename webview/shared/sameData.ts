/** Whether two things hold the same data: plain objects, arrays, texts and numbers, as deep as they go. */
export function sameData(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one)) return Array.isArray(other) && one.length === other.length && sameParts(one.keys(), one, other);
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && sameParts(keys, one, other);
}

function sameParts(keys: Iterable<string | number>, one: object, other: object): boolean {
  for (const key of keys) if (!sameData(one[key as keyof typeof one], other[key as keyof typeof other])) return false;
  return true;
}
