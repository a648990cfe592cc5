import type { ObservedState } from '../run/contract';

/** What helps to understand a problem, without names, paths or recordings. */
interface Surroundings {
  readonly extension: string;
  readonly editor: string;
  readonly node: string;
  readonly system: string;
  readonly language: string;
  readonly remote: string | null;
  /** what `ibrl doctor` printed */
  readonly doctor: string;
  readonly states: readonly ObservedState[];
  /** of the newest failed run */
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
| remote | ${around.remote ?? 'no'} |
| runs | ${counts.join(', ') || 'none'} |

# What a run needs

\`\`\`
${around.doctor.trim()}
\`\`\`
${around.failure === null ? '' : `\n# The newest failure\n\n${around.failure}\n`}
The log ("IBRL: Show Log") and the experiment may help; look through them before you add them.
`;
}
