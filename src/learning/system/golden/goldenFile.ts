/** Kinds of reference data that can be checked. */
export const goldenKinds = [
  'trajectory',
  'single-transitions',
  'goldstone-transition',
  'goldstone-value',
  'effective-action',
  'seeded-numpy',
  'policy-statistics',
] as const;

export type GoldenKind = (typeof goldenKinds)[number];

/** One file of the reference folder, as its index tells. */
export interface GoldenEntry {
  readonly file: string;
  readonly kind: GoldenKind;
  /** number of data rows, where the index gives it */
  readonly rows: number | null;
  /** names of the columns, where the index gives them */
  readonly columns: readonly string[] | null;
  /** trajectories: setpoint before the reset's own step */
  readonly setpoint: number | null;
  /** trajectories: the setpoint stays */
  readonly stationary: boolean;
  /** trajectories: draws that every step uses; null: each row records its own */
  readonly fixed: Readonly<Record<string, number>> | null;
}

/** An entry of the index with its file's text. */
export interface GoldenFile {
  readonly entry: GoldenEntry;
  readonly text: string;
}

/** The reference data cannot be used. */
export class GoldenError extends Error {
  readonly code = 'golden-data-unusable';

  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
    this.name = 'GoldenError';
  }
}

const indexName = 'index.json';

/**
 * Reads the index of a reference folder.
 *
 * @param text of index.json
 * @throws GoldenError when it is not an index, or names a kind that is not known
 */
export function readGoldenIndex(text: string): GoldenEntry[] {
  const index = parseJson(indexName, text);
  const files = isRecord(index) ? index.files : undefined;
  if (!Array.isArray(files) || files.length === 0) throw new GoldenError(indexName, 'needs a list "files" with one entry at least.');
  return files.map(readEntry);
}

function readEntry(entry: unknown, position: number): GoldenEntry {
  if (!isRecord(entry) || typeof entry.file !== 'string') throw new GoldenError(indexName, `entry ${position} needs the name of a "file".`);
  const kind = goldenKinds.find((known) => known === entry.kind);
  if (!kind) throw new GoldenError(indexName, `${entry.file} has the unknown kind "${String(entry.kind)}"; known are ${goldenKinds.join(', ')}.`);
  const setpoint = typeof entry.setpoint === 'number' ? entry.setpoint : null;
  if (kind === 'trajectory' && setpoint === null) throw new GoldenError(indexName, `${entry.file} needs a number "setpoint".`);
  if (entry.draws === 'fixed' && !isRecord(entry.fixed)) throw new GoldenError(indexName, `${entry.file} has fixed draws and needs them in "fixed".`);
  return {
    file: entry.file,
    kind,
    rows: typeof entry.rows === 'number' ? entry.rows : null,
    columns: Array.isArray(entry.columns) ? entry.columns.map(String) : null,
    setpoint,
    stationary: entry.stationary !== false,
    fixed: entry.draws === 'fixed' ? numbersOf(indexName, entry.fixed) : null,
  };
}

/** @throws GoldenError when the text is no JSON */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GoldenError(file, `is no JSON (${cause instanceof Error ? cause.message : String(cause)}).`);
  }
}

/** @throws GoldenError when the text is no JSON list, or has another number of rows than the index says */
export function parseJsonRows(file: GoldenFile): Record<string, unknown>[] {
  const rows = parseJson(file.entry.file, file.text);
  if (!Array.isArray(rows) || rows.length === 0 || !rows.every(isRecord)) throw new GoldenError(file.entry.file, 'needs a list of objects.');
  checkRows(file.entry, rows.length);
  return rows;
}

/** @throws GoldenError when the index says another number of rows */
export function checkRows(entry: GoldenEntry, rows: number): void {
  if (entry.rows !== null && entry.rows !== rows) throw new GoldenError(entry.file, `has ${rows} rows where the index says ${entry.rows}.`);
}

/** An object whose values are all finite numbers. @throws GoldenError otherwise */
export function numbersOf(file: string, value: unknown): Record<string, number> {
  if (!isRecord(value)) throw new GoldenError(file, `needs an object of numbers, not ${JSON.stringify(value)}.`);
  const numbers: Record<string, number> = {};
  for (const [name, number] of Object.entries(value)) numbers[name] = numberOf(file, name, number);
  return numbers;
}

/** @throws GoldenError when the value is no finite number */
export function numberOf(file: string, name: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new GoldenError(file, `needs a number as "${name}", not ${JSON.stringify(value)}.`);
  return value;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
