import type { ObservedState } from '../run/contract';

/** One thing that `ibrl doctor` looks at. */
interface Check {
  readonly name: string;
  readonly ok: boolean;
}

/** The checks of `ibrl doctor --json` without their details, which may name folders. Empty when it is no such text. */
export function checksIn(output: string): Check[] {
  const { checks } = parsed(output);
  if (!Array.isArray(checks)) return [];
  return checks.flatMap((check: Partial<Check> | null) => (typeof check?.name === 'string' && typeof check.ok === 'boolean' ? [{ name: check.name, ok: check.ok }] : []));
}

function parsed(text: string): { readonly checks?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as { readonly checks?: unknown };
  } catch {
    return {};
  }
}

/** What helps to understand a problem, without names, paths or recordings. */
interface Surroundings {
  readonly extension: string;
  readonly editor: string;
  readonly node: string;
  readonly system: string;
  readonly language: string;
  readonly remote: boolean;
  /** what was looked at, and whether it is well; null: it was not looked at */
  readonly doctor: readonly Check[] | null;
  readonly states: readonly ObservedState[];
  /** code of the newest failed run's */
  readonly failure: string | null;
}

/** A report on a problem, in English since those who read it speak it; the user completes and sends it. */
export function issueText(around: Surroundings): string {
  const counts = [...new Set(around.states)].map((state) => `${around.states.filter((one) => one === state).length} ${state}`);
  return `# What happened

(What did you do, what did you expect, what came instead?)

# How to make it happen again

1.

# Versions

| | |
|---|---|
| IBRL Studio | ${around.extension} |
| editor | ${around.editor} |
| Node | ${around.node} |
| system | ${around.system} |
| language | ${around.language} |
| remote | ${around.remote ? 'yes' : 'no'} |
| runs | ${counts.join(', ') || 'none'} |

# What a run needs

${around.doctor?.map(({ name, ok }) => `- ${name}: ${ok ? 'well' : 'not well'}`).join('\n') ?? 'Not looked at, since the folder is not trusted.'}
${around.failure === null ? '' : `\nThe newest failure: ${around.failure}\n`}
The log ("IBRL: Show Log") and the experiment may help; look through them before you add them.
`;
}
