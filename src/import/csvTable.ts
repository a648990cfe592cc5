import { CsvError, parse } from 'csv-parse/sync';
import { type Sentence, sentence } from '../sentence/sentence';
import { ImportError } from './importError';

/** Larger files are refused: beyond half a gigabyte JavaScript has no strings. */
const largestFileBytes = 500_000_000;

/** Called for every row behind the header. @param row as a text editor counts, the header being row 1 */
export type RowVisitor = (cells: readonly string[], row: number) => void;

const delimiters = [',', ';', '\t'] as const;

/**
 * Reads a CSV file with a header: UTF-8, comma, semicolon or tab, quoted cells as RFC 4180 has them.
 *
 * @param bytes of the file
 * @param file its name, for sentences
 * @param open gets the header and gives what sees the rows
 * @throws ImportError `bad-encoding`, `bad-csv`
 */
export function readCsv(bytes: Uint8Array, file: string, open: (header: readonly string[]) => RowVisitor): void {
  const text = decode(bytes, file);
  let visit: RowVisitor | null = null;
  let last = 0;
  try {
    parse(text, {
      delimiter: delimiterOf(text),
      trim: true,
      skip_empty_lines: true,
      on_record(cells: string[], { lines }) {
        last = lines;
        if (visit === null) visit = open(cells);
        else visit(cells, lines);
        // nothing is kept here: the visitor has taken what it needs
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // what is never closed is found at the end, but was opened behind the last row that could be read
    const row = error.code === 'CSV_QUOTE_NOT_CLOSED' ? last + 1 : typeof error['lines'] === 'number' ? error['lines'] : null;
    throw new ImportError([{ code: 'bad-csv', file, row, column: null, said: csvSentence(error) }], { cause: error });
  }
  if (visit === null) throw new ImportError([{ code: 'bad-csv', file, row: null, column: null, said: sentence('the file is empty. Its first row must name the columns.') }]);
}

function csvSentence({ code, message }: CsvError): Sentence {
  switch (code) {
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH':
    case 'CSV_RECORD_INCONSISTENT_COLUMNS':
      return sentence('the row has more or fewer cells than the header. Export the file anew, or repair the row.');
    case 'CSV_QUOTE_NOT_CLOSED':
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return sentence('a quotation mark is not closed, or stands inside of a cell. Export the file anew, or repair the row.');
    default:
      return sentence('the file is no CSV: {0}', message);
  }
}

function decode(bytes: Uint8Array, file: string): string {
  const refuse = (said: Sentence, cause?: unknown): never => {
    throw new ImportError([{ code: 'bad-encoding', file, row: null, column: null, said }], { cause });
  };
  if (bytes.length > largestFileBytes) refuse(sentence('the file has {0} MB; at most {1} MB are read. Split it at the beginning of an episode, or record at longer intervals.', Math.ceil(bytes.length / 1e6), largestFileBytes / 1e6));
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff) || bytes.subarray(0, 1024).includes(0)) {
    refuse(sentence('the file is UTF-16, or no text at all. Export it as CSV in UTF-8.'));
  }
  try {
    // a byte order mark is taken away
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    return refuse(sentence('the file is not UTF-8 (perhaps Latin-1 from a spreadsheet). Export it as CSV in UTF-8.'), cause);
  }
}

/** The one that the header has most of. */
function delimiterOf(text: string): string {
  const header = text.trimStart().split(/\r?\n|\r/, 1)[0].replaceAll(/"[^"]*"/g, '');
  const count = (delimiter: string): number => header.split(delimiter).length;
  return delimiters.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}
