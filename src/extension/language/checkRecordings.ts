import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { dataFindings } from '../../messages/languageProtocol';

const printed = Type.Array(Type.Intersect([Type.Object({ file: Type.String() }), dataFindings.properties.findings.items]));

/**
 * Checks an experiment against its recordings, in a process of its own.
 * @param validate runs `ibrl` and gives what it printed, whatever it found
 * @returns the findings of both stages; null when it printed nothing that can be understood
 */
export async function checkRecordings(validate: (words: readonly string[], signal: AbortSignal) => Promise<string>, file: string, signal: AbortSignal): Promise<readonly object[] | null> {
  const output = await validate(['validate', '--data', '--json', file], signal);
  let parsed: unknown;
  try {
    parsed = JSON.parse(output);
  } catch {
    return null;
  }
  return Value.Check(printed, parsed) ? parsed.map(({ file: _file, ...finding }) => finding) : null;
}
