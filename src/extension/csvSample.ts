/** What the beginning of a recording shows. */
export interface Recording {
  /** columns of numbers with what they span, and columns that look like times */
  readonly columns: readonly RecordedColumn[];
  /** seconds between the first two rows of the first column of times; null where there is none */
  readonly samplingTime: number | null;
}

interface RecordedColumn {
  readonly heading: string;
  readonly kind: 'number' | 'time';
  /** 0 for times */
  readonly low: number;
  readonly high: number;
}

/**
 * Looks at the beginning of a CSV file: comma, semicolon or tab, cells in quotes where needed. For a first draft of an
 * experiment only; the trainer reads the whole file strictly.
 * @returns null where it has no heading, or no row of numbers
 */
export function sampleCsv(text: string): Recording | null {
  const rows = readRows(text.replace(/^\uFEFF/, ''));
  const headings = rows.at(0);
  const body = rows.slice(1).filter((row) => row.length === headings?.length);
  if (headings === undefined || body.length === 0) return null;
  const columns: RecordedColumn[] = [];
  let samplingTime: number | null = null;
  for (const [index, heading] of headings.entries()) {
    const cells = body.map((row) => row[index].trim()).filter((cell) => cell !== '');
    if (heading.trim() === '' || cells.length === 0) continue;
    const numbers = cells.map(Number);
    if (numbers.every(Number.isFinite)) {
      const isTime = /^(time|t|timestamp|seconds)$/i.test(heading) && numbers.every((value, at) => at === 0 || value > numbers[at - 1]);
      columns.push({ heading, kind: isTime ? 'time' : 'number', low: Math.min(...numbers), high: Math.max(...numbers) });
      if (isTime && numbers.length > 1) samplingTime ??= numbers[1] - numbers[0];
    } else if (cells.every((cell) => /^\d{4}-\d\d-\d\d/.test(cell) && !Number.isNaN(Date.parse(cell)))) {
      columns.push({ heading, kind: 'time', low: 0, high: 0 });
      if (cells.length > 1) samplingTime ??= (Date.parse(cells[1]) - Date.parse(cells[0])) / 1000;
    }
  }
  const known = samplingTime !== null && samplingTime > 0 ? samplingTime : null;
  return columns.some(({ kind }) => kind === 'number') ? { columns, samplingTime: known } : null;
}

const delimiters = [',', ';', '\t'] as const;

/** Whole rows; the last one may have been cut off and is left out unless the text ends with its line. */
function readRows(text: string): string[][] {
  const header = text.slice(0, text.indexOf('\n') + 1);
  const count = (delimiter: string): number => header.split(delimiter).length;
  const delimiter = delimiters.reduce((best, one) => (count(one) > count(best) ? one : best));
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') cell += text[++at];
      else quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === delimiter) {
      row.push(cell);
      cell = '';
    } else if (letter === '\n') {
      row.push(cell.replace(/\r$/, ''));
      if (row.length > 1 || row[0] !== '') rows.push(row);
      row = [];
      cell = '';
    } else cell += letter;
  }
  return rows;
}
