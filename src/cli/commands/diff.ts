import { type Command, InvalidArgumentError } from 'commander';
import { keepDiff, readCachedDiff } from '../../run/diffCache';
import { speakAsEditor } from '../../sentence/editorLanguage';
import { compareOn } from '../../trainer/comparing';
import type { Comparison } from '../../trainer/phases/diffing';
import { openIteration } from '../../trainer/iterationView';
import { actionTables, number, safetyTable } from '../diffText';
import { openEngine } from '../engine';
import { lineDiff } from '../lineDiff';
import { conclude, exitCodes, InputError, print, printJson } from '../output';
import { type NamedPolicy, type Origin, policyWords, readNamedIteration, readNamedPolicy, requireSystem } from '../policyReference';

interface DiffOptions {
  readonly on?: string;
  readonly card?: 'before' | 'after';
  readonly json?: boolean;
}

/** `ibrl diff`: what changes from one policy to another. */
export function register(program: Command): void {
  program
    .command('diff')
    .description('compare two policies: actions on recorded frames, support, margins, predictions')
    .argument('<before>', policyWords)
    .argument('<after>', 'the same')
    .option('--on <run:iteration>', 'whose recordings and models they are compared on (default: those that <after> comes from, else <before>)')
    .option('--card <side>', 'print one policy card only: before or after', side)
    .option('--json', 'print JSON: { before, after, on, diff, predicted, cards, sentences }')
    .action((before: string, after: string, options: DiffOptions) =>
      conclude(options.json, async () => {
        speakAsEditor();
        const [a, b] = [readNamedPolicy(before, process.cwd()), readNamedPolicy(after, process.cwd())];
        // β is known on its own recordings only
        const on = options.on === undefined ? ((a.kind === 'behaviour' ? a.origin : b.origin) ?? a.origin) : readNamedIteration(options.on, process.cwd());
        if (on === null) throw new InputError('no-recordings', 'Neither policy lies in a run folder, so there are no recordings to compare them on. Name some: --on RUN:ITERATION.');
        const comparison = await cachedComparison(on, a, b);
        if (options.json) printJson({ before: named(a), after: named(b), on: { run: on.reader.description.id, iteration: on.iteration }, ...comparison });
        else if (options.card === undefined) print(describe(comparison, a.name, b.name));
        else print(comparison.cards[options.card].trimEnd());
        return exitCodes.done;
      }),
    );
}

async function cachedComparison(on: Origin, before: NamedPolicy, after: NamedPolicy): Promise<Comparison> {
  const view = await openIteration(on.reader, on.iteration);
  for (const policy of [before, after]) {
    requireSystem(policy, view);
    const { name, kind, origin } = policy;
    const same = origin?.reader.description.id === on.reader.description.id && origin.iteration === on.iteration;
    if (kind === 'behaviour' && !same) throw new InputError('other-behaviour', `${name} is the behaviour of other recordings than those that it would be compared on. Name ${on.reader.description.id}:${on.iteration}/behaviour, or give --on.`);
  }
  const key = { before: before.sha256, after: after.sha256, models: view.modelsSha256 };
  const cached = readCachedDiff(on.reader.folder, key);
  if (cached !== null) return JSON.parse(cached) as Comparison;
  const engine = openEngine();
  try {
    const comparison = compareOn(view, engine, before, after);
    const text = JSON.stringify(comparison);
    keepDiff(on.reader.folder, key, text);
    // as a cached one would be: no −0, no NaN
    return JSON.parse(text) as Comparison;
  } finally {
    engine.dispose();
  }
}

function named({ name, kind, sha256 }: NamedPolicy) {
  return { name, kind, sha256 };
}

function describe({ diff, predicted, cards }: Comparison, before: string, after: string): string {
  const words = ['before', 'after'] as const;
  const parts = [`${before} → ${after}, on ${diff.sample.row.length} recorded frames`, ...actionTables(diff.actions, words), safetyTable(diff, words)];
  if (predicted === null) parts.push('Not predicted: one of the policies acts within other ranges, or through other logarithms, than these models learned.');
  else {
    const { improvement, steps, members, starts } = predicted;
    parts.push(`Predicted return, after − before: ${number(improvement.mean)}, spread ${number(improvement.spread)} (${members} models, ${starts} starts, ${steps} steps)`);
  }
  parts.push(lineDiff(cards.before, cards.after));
  return parts.filter((part) => part !== '').join('\n\n');
}

function side(text: string): 'before' | 'after' {
  if (text === 'before' || text === 'after') return text;
  throw new InvalidArgumentError('It must be before or after.');
}
