import type { Uri } from 'vscode';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { type DataFindings, dataFindings, languageMethods } from '../../messages/languageProtocol';

const printed = Type.Array(Type.Intersect([Type.Object({ file: Type.String() }), dataFindings.properties.findings.items]));

/**
 * Checks an experiment against its recordings, in a process of its own.
 * @param validate runs `ibrl` and gives what it printed, whatever it found
 * @param saved the document and the version that was saved
 * @returns what the language server is to be told; null when nothing was printed that can be understood
 */
export async function checkRecordings(
  validate: (words: readonly string[], signal: AbortSignal) => Promise<string>,
  { uri, version }: { readonly uri: Uri; readonly version: number },
  signal: AbortSignal,
): Promise<{ readonly method: string; readonly params: DataFindings } | null> {
  const asOf = Date.now();
  const output = await validate(['validate', '--data', '--json', uri.fsPath], signal);
  let parsed: unknown;
  try {
    parsed = JSON.parse(output);
  } catch {
    return null;
  }
  if (!Value.Check(printed, parsed)) return null;
  return { method: languageMethods.dataFindings, params: { uri: uri.toString(), version, asOf, findings: parsed.map(({ file: _file, ...finding }) => finding) } };
}
