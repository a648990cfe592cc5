/**
 * A name for a run or a request: sortable by time, readable, and different for two that start in the same second.
 * `20260131-142501-k3f9` (UTC).
 * @param random uniform on [0, 1)
 */
export function makeId(now: Date, random: () => number): string {
  const time = now.toISOString().replaceAll(/[-:]/g, '').slice(0, 15).replace('T', '-');
  // no vowels and nothing that is taken for something else: no words, no misreading
  const letters = '23456789bcdfghjkmnpqrstvwxz';
  let suffix = '';
  for (let i = 0; i < 4; i++) suffix += letters[Math.floor(random() * letters.length)];
  return `${time}-${suffix}`;
}

/** True for what may name a run or a request in a file name. */
export function isId(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/.test(text);
}
