import { Command } from 'commander';

/** Runs one registered command in this process, and gives back what it printed and its exit code. */
export async function runCommand(
  register: (program: Command) => void,
  words: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const write = { out: process.stdout.write, err: process.stderr.write };
  const exitCode = process.exitCode;
  let stdout = '';
  let stderr = '';
  process.stdout.write = (text: string | Uint8Array): boolean => {
    stdout += String(text);
    return true;
  };
  process.stderr.write = (text: string | Uint8Array): boolean => {
    stderr += String(text);
    return true;
  };
  process.exitCode = 0;
  try {
    const program = new Command().exitOverride();
    register(program);
    await program.parseAsync([...words], { from: 'user' });
    return { code: Number(process.exitCode ?? 0), stdout, stderr };
  } finally {
    process.stdout.write = write.out;
    process.stderr.write = write.err;
    process.exitCode = exitCode;
  }
}
