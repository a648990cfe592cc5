import { joined, type Sentence, sentence } from '../sentence/sentence';
import { readNumber, readTime, shortened } from './cells';
import { readCsv, type RowVisitor } from './csvTable';
import { ImportError, type ImportProblem, ImportProblems } from './importError';

/** What to take from recordings, and how to cut them into episodes. */
export interface ImportPlan {
  /** what is taken, in this order; `heading` is the column's name in the file */
  readonly columns: readonly { readonly name: string; readonly heading: string }[];
  /** heading of the time, in seconds or as dates; null: rows are taken as they come, one sample after the other */
  readonly time: string | null;
  /** heading of the column that changes where a new episode begins; null: none */
  readonly episode: string | null;
  /** a longer pause than this begins a new episode, s; null: a pause is an error */
  readonly gap: number | null;
  /** time from one row to the next, s */
  readonly samplingTime: number;
  /** rows for which it is false are left out, and end an episode; null: all are taken */
  readonly filter: RowFilter | null;
}

export interface RowFilter {
  readonly headings: readonly string[];
  /** @param values of the headings, in their order */
  readonly keeps: (values: ReadonlyMap<string, number>) => boolean;
}

/** Rows that follow one another by one sampling time. */
export interface RecordedEpisode {
  readonly file: string;
  /** [frames], of each frame: its row in the file */
  readonly rows: Int32Array;
  /** [frames × columns], in the plan's order */
  readonly values: Float64Array;
}

export interface Recordings {
  readonly names: readonly string[];
  readonly episodes: readonly RecordedEpisode[];
  /** rows of all files, those that the filter left out, and those in pieces too short to hold a transition */
  readonly rows: number;
  readonly filtered: number;
  readonly alone: number;
}

/** A pause may differ from the sampling time by this share of it: clocks of loggers are not exact. */
const JITTER = 0.1;

/**
 * Reads recordings from CSV files, each with a header. A file never continues the episode of the file before it.
 *
 * @param files with the names that sentences use
 * @throws ImportError that names file, row and column of everything that cannot be used
 */
export function readRecordings(files: readonly { readonly name: string; readonly bytes: Uint8Array }[], plan: ImportPlan): Recordings {
  const problems = new ImportProblems();
  const read = files.map(({ name, bytes }) => {
    const cutter = new EpisodeCutter(name, plan, problems);
    readCsv(bytes, name, (header) => cutter.open(header));
    cutter.end();
    return cutter;
  });
  problems.refuse();
  const sum = (count: (cutter: EpisodeCutter) => number): number => read.reduce((total, cutter) => total + count(cutter), 0);
  const recordings: Recordings = {
    names: plan.columns.map((column) => column.name),
    episodes: read.flatMap((cutter) => cutter.episodes),
    rows: sum((cutter) => cutter.rows),
    filtered: sum((cutter) => cutter.filtered),
    alone: sum((cutter) => cutter.alone),
  };
  if (recordings.episodes.length > 0) return recordings;
  const said = recordings.filtered > 0
    ? sentence('no two rows that follow one another are left: {0} of {1} were filtered out. Look at data.where.', recordings.filtered, recordings.rows)
    : sentence('there are no two rows that follow one another. Record more, or look at data.episodes.');
  throw new ImportError([{ code: 'too-few-rows', file: files.map(({ name }) => name).join(', '), row: null, column: null, said }]);
}

/** Cuts the rows of one file into episodes. */
class EpisodeCutter {
  readonly episodes: RecordedEpisode[] = [];
  rows = 0;
  filtered = 0;
  alone = 0;
  private values: number[] = [];
  private lines: number[] = [];
  private lastTime: number | null = null;
  private lastRow = 0;
  private label: string | null = null;
  private readonly seen = new Set<string>();

  constructor(private readonly file: string, private readonly plan: ImportPlan, private readonly problems: ImportProblems) {}

  open(header: readonly string[]): RowVisitor {
    const { plan } = this;
    const found = this.problems.count;
    const at = (heading: string, setting = 'data.columns'): number => {
      const column = header.indexOf(heading);
      const twice = column >= 0 && header.indexOf(heading, column + 1) >= 0;
      if (column < 0) this.report('missing-column', 1, heading, sentence('the file has no such column; it has {0}. Correct the heading in {1}.', header.slice(0, 30).map(shortened).join(', '), setting));
      else if (twice) this.report('missing-column', 1, heading, sentence('the header has this column twice. Rename one of the two.'));
      return column;
    };
    const columns = plan.columns.map(({ heading }) => at(heading));
    const time = plan.time === null ? -1 : at(plan.time, 'data.time');
    const episode = plan.episode === null ? -1 : at(plan.episode, 'data.episodes.column');
    const filter = plan.filter?.headings.map((heading) => [heading, at(heading, 'data.where')] as const) ?? [];
    // without its columns no row can be read, and one sentence about that is enough
    if (this.problems.count > found) return () => undefined;
    const row = new Float64Array(columns.length);
    const inputs = new Map<string, number>();
    return (cells, line) => {
      this.rows++;
      const before = this.problems.count;
      for (const [heading, column] of filter) inputs.set(heading, this.number(cells[column], line, heading, sentence('data.where compares numbers only.')));
      if (this.problems.count > before) return this.forget();
      if (plan.filter !== null && !plan.filter.keeps(inputs)) {
        this.filtered++;
        this.end();
        return;
      }
      const now = time < 0 ? null : this.time(cells[time], line);
      columns.forEach((column, i) => (row[i] = this.number(cells[column], line, plan.columns[i].heading)));
      if (this.problems.count > before) return this.forget();
      this.take(row, line, now, episode < 0 ? null : cells[episode]);
    };
  }

  /** Ends the present episode. */
  end(): void {
    const { length } = this.lines;
    if (length >= 2) this.episodes.push({ file: this.file, rows: Int32Array.from(this.lines), values: Float64Array.from(this.values) });
    else this.alone += length;
    this.forget();
  }

  private take(row: Float64Array, line: number, now: number | null, label: string | null): void {
    if (label !== this.label) {
      this.end();
      if (label !== null && this.seen.has(label)) this.report('unsorted', line, this.plan.episode, sentence('episode {0} goes on here after another one. Sort the file by episode and time.', shortened(label)));
      if (label !== null) this.seen.add(label);
      this.label = label;
      this.lastTime = null;
    }
    if (now !== null && this.lastTime !== null) this.checkPause(now - this.lastTime, line);
    this.lastTime = now;
    this.lastRow = line;
    this.lines.push(line);
    this.values.push(...row);
  }

  private checkPause(pause: number, line: number): void {
    const { gap, episode, samplingTime, time } = this.plan;
    if (!(pause > 0)) this.report('unsorted', line, time, sentence('its time is not after that of row {0}. Sort the file by time and remove rows that are there twice.', this.lastRow));
    // where rows were left out, a new episode begins anyway
    else if (this.lines.length === 0 || Math.abs(pause - samplingTime) <= JITTER * samplingTime) return;
    else if (gap !== null && pause > gap) this.end();
    else if (episode === null) this.report('irregular-sampling', line, time, sentence('it comes {0} s after row {1}, but data.samplingTime is {2} s. Resample the file, or let pauses begin a new episode with data.episodes.gap.', rounded(pause), this.lastRow, samplingTime));
    else this.report('irregular-sampling', line, time, sentence('it comes {0} s after row {1}, but data.samplingTime is {2} s. Resample the file, or give the rows behind the pause a value of their own in column “{3}”.', rounded(pause), this.lastRow, samplingTime, episode));
  }

  /** What is left of an episode that was given up. */
  private forget(): void {
    this.values = [];
    this.lines = [];
  }

  /** @param why a number is needed here, where that is not plain */
  private number(text: string, line: number, heading: string, why?: Sentence): number {
    const cell = readNumber(text);
    if (cell.kind === 'number') return cell.value;
    if (cell.kind === 'missing') this.report('missing-value', line, heading, sentence('the value is missing. Repair the row, or leave such rows out with data.where.'));
    else this.report('not-a-number', line, heading, why === undefined ? cell.said : joined([cell.said, why], ' '));
    return Number.NaN;
  }

  private time(text: string, line: number): number {
    const cell = readTime(text);
    if (cell.kind === 'number') return cell.value;
    if (cell.kind === 'missing') this.report('missing-value', line, this.plan.time, sentence('the time is missing.'));
    else this.report('not-a-number', line, this.plan.time, cell.said);
    return Number.NaN;
  }

  private report(code: ImportProblem['code'], row: number, column: string | null, said: Sentence): void {
    this.problems.add({ code, file: this.file, row, column, said });
  }
}

/** As many digits as a pause needs. */
function rounded(seconds: number): number {
  return Number(seconds.toPrecision(6));
}
