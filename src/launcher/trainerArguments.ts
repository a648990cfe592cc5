/**
 * What the trainer is told on its command line. In one place: whoever starts a trainer formats them, the trainer
 * parses them.
 *
 * The trainer prints to stderr one sentence for each thing that is wrong, ends with 0 (done, stopped, awaiting),
 * 1 (failed), 2 (invalid input) or 75 (after SIGTERM, with a checkpoint), and treats SIGINT as a `stop-now` request.
 */
export interface TrainerArguments {
  /** the run folder */
  readonly run: string;
  /** a new run of this experiment file, `--set` applied already; null: go on with the run in the folder */
  readonly experiment: string | null;
  /** what run.json tells as the experiment's file, and where relative names in it begin; null: `experiment` */
  readonly source: string | null;
  /** null: cores − 1, at least 1 */
  readonly threads: number | null;
  /** null: the fastest that is there */
  readonly engine: string | null;
  /** left out: that of the run so far, portable for a new one */
  readonly arithmetic?: string;
  /** MiB that the activations of a search may take; left out: the engine's own limit. It changes no result */
  readonly memory?: number;
  /** a file that somebody renews; unchanged for a minute, the trainer stops with a checkpoint. null: none */
  readonly lease: string | null;
  /** somebody waits at the other end of stdin: when it ends, stop as after SIGTERM */
  readonly attached: boolean;
  /** true: the experiment may start a simulator program. Only the command line and trusted workspaces say so; left out: it may not */
  readonly allowPrograms?: boolean;
  /** folder of a @tensorflow/tfjs-node that somebody named for their computer; left out: what stands beside the trainer */
  readonly tfjsNode?: string;
}

/** MiB that may be asked for: 0 keeps nothing that can be computed again. */
export const memoryRange = [0, 2 ** 20] as const;

/** The command line was not one of ours. */
export class TrainerArgumentsError extends Error {
  override readonly name = 'TrainerArgumentsError';
  readonly code = 'invalid-arguments';
}

const usage = 'trainer --run DIR [--experiment FILE [--source FILE]] [--threads N] [--memory MIB] [--engine NAME] [--arithmetic NAME] [--tfjs-node DIR] [--lease FILE] [--attached] [--allow-programs]';
const withValue = ['run', 'experiment', 'source', 'threads', 'memory', 'engine', 'arithmetic', 'tfjs-node', 'lease'] as const;
type Option = (typeof withValue)[number];

/** What follows the trainer's own path. */
export function formatTrainerArguments(values: TrainerArguments): string[] {
  const words: string[] = [];
  for (const option of withValue) {
    const value = option === 'tfjs-node' ? values.tfjsNode : values[option];
    if (value !== null && value !== undefined) words.push(`--${option}`, String(value));
  }
  if (values.attached) words.push('--attached');
  if (values.allowPrograms) words.push('--allow-programs');
  return words;
}

/** @throws TrainerArgumentsError */
export function parseTrainerArguments(words: readonly string[]): TrainerArguments {
  const texts = new Map<Option, string>();
  let attached = false;
  let allowPrograms = false;
  for (let i = 0; i < words.length; i++) {
    if (words[i] === '--attached') {
      attached = true;
      continue;
    }
    if (words[i] === '--allow-programs') {
      allowPrograms = true;
      continue;
    }
    const option = withValue.find((name) => words[i] === `--${name}`);
    if (option === undefined || texts.has(option) || i + 1 >= words.length) throw new TrainerArgumentsError(`Not understood: ${words[i]}. Usage: ${usage}`);
    texts.set(option, words[++i]);
  }
  const run = texts.get('run');
  const arithmetic = texts.get('arithmetic');
  const tfjsNode = texts.get('tfjs-node');
  if (run === undefined) throw new TrainerArgumentsError(`--run is missing. Usage: ${usage}`);
  const whole = (option: 'threads' | 'memory', [least, most]: readonly [number, number]) => {
    if (!texts.has(option)) return null;
    const number = Number(texts.get(option));
    if (!(Number.isInteger(number) && number >= least && number <= most)) throw new TrainerArgumentsError(`--${option} must be a whole number from ${least} to ${most}.`);
    return number;
  };
  const threads = whole('threads', [1, 1024]);
  const memory = whole('memory', memoryRange);
  return {
    run,
    experiment: texts.get('experiment') ?? null,
    source: texts.get('source') ?? null,
    threads,
    engine: texts.get('engine') ?? null,
    lease: texts.get('lease') ?? null,
    attached,
    ...(memory !== null && { memory }),
    ...(arithmetic !== undefined && { arithmetic }),
    ...(allowPrograms && { allowPrograms }),
    ...(tfjsNode !== undefined && { tfjsNode }),
  };
}
