import { t } from '@vscode/l10n';
import { ExperimentError } from './findings';
import { parseYaml, type YamlSource } from './yamlSource';

/** One change of a text: the stretch from `start` up to `end`, in UTF-16 units, and what takes its place. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** The text after some edits, which do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let edited = text;
  for (const { start, end, replacement } of [...edits].sort((a, b) => b.start - a.start)) edited = edited.slice(0, start) + replacement + edited.slice(end);
  return edited;
}

/** The keys of a dotted path. @throws ExperimentError when it is none, or when the text cannot be edited at all */
export function keysToEdit({ findings, document }: YamlSource, path: string): string[] {
  const wrong = findings.find((finding) => finding.severity === 'error');
  if (wrong) throw new ExperimentError(wrong.code, `${t('The experiment cannot be changed before it is valid YAML.')} ${wrong.message}`, findings);
  const keys = path.split('.');
  if (keys.some((key) => !/^[\p{L}\p{N}_-]+$/u.test(key))) throw nowhere(t('{0} is not a dotted path such as search.updates.', path));
  if (document?.contents === undefined || document.contents === null) throw nowhere(t('{0} leads nowhere, since the file holds no mapping.', path));
  return keys;
}

/** A parsed text as plain values. @throws ExperimentError when its aliases stand for too much */
export function plainValue({ document }: YamlSource): unknown {
  try {
    return document?.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new ExperimentError('too-many-aliases', t('Aliases stand for too much: {0}', error instanceof Error ? error.message : String(error)));
  }
}

/**
 * The edits themselves, once it is certain that they change what they should and nothing else.
 *
 * @param expected the plain value of the text afterwards
 * @throws ExperimentError when the edited text would say anything else
 */
export function provenEdits(source: YamlSource, edits: readonly Edit[], expected: unknown, path: string): readonly Edit[] {
  const after = parseYaml(applyEdits(source.text, edits));
  const sound = after.document !== null && after.findings.every((finding) => finding.severity !== 'error');
  if (!sound || JSON.stringify(plainValue(after)) !== JSON.stringify(expected)) {
    throw new ExperimentError('path-behind-alias', t('{0} cannot be set without changing other values too. Edit the file by hand.', path));
  }
  return edits;
}

export function nowhere(sentence: string): ExperimentError {
  return new ExperimentError('path-unknown', sentence);
}
