import { joined, type Sentence, sentence, verbatim } from '../sentence/sentence';
import { SpokenError } from '../sentence/spokenError';

export type ImportCode =
  | 'file-unreadable'
  | 'bad-encoding'
  | 'bad-csv'
  | 'missing-column'
  | 'missing-value'
  | 'not-a-number'
  | 'unsorted'
  | 'irregular-sampling'
  | 'too-few-rows'
  | 'reward-not-finite';

/** One thing that is wrong in a recording, and where. */
export interface ImportProblem {
  readonly code: ImportCode;
  /** the recording's name, as the experiment or the command line gave it */
  readonly file: string;
  /** as a text editor counts: the header is row 1; null: the whole file */
  readonly row: number | null;
  /** heading of the column, or null */
  readonly column: string | null;
  /** what is wrong and what to do */
  readonly said: Sentence;
}

/** More are not listed: nobody reads them. */
const mostProblems = 20;

/** Collects problems: a file can have one in each of its cells, and they must not fill the memory. */
export class ImportProblems {
  private readonly listed: ImportProblem[] = [];
  count = 0;

  add(problem: ImportProblem): void {
    if (this.count++ < mostProblems) this.listed.push(problem);
  }

  /** @throws ImportError when there are any */
  refuse(): void {
    if (this.count > 0) throw new ImportError(this.listed, undefined, this.count);
  }
}

/** Recordings that cannot be used as they are: nothing of them is taken in. */
export class ImportError extends SpokenError {
  override readonly name = 'ImportError';
  readonly code: ImportCode;

  /**
   * @param problems at least one, in the order of the files
   * @param count    of all, where not all are in `problems`
   */
  constructor(readonly problems: readonly ImportProblem[], options?: ErrorOptions, count = problems.length) {
    const more = count - mostProblems;
    super(joined([...problems.slice(0, mostProblems).map(describe), ...(more > 0 ? [sentence('{0} more such places are not listed.', more)] : [])], '\n'), options);
    this.code = problems[0].code;
  }
}

function describe({ file, row, column, said }: ImportProblem): Sentence {
  const place = [verbatim(file), ...(row === null ? [] : [sentence('row {0}', row)]), ...(column === null ? [] : [sentence('column “{0}”', column)])];
  return sentence('{0}: {1}', joined(place, ', '), said);
}
