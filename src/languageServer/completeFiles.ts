import { CompletionItemKind } from 'vscode-languageserver';
import { inYaml } from '../experiment/inYaml';
import type { ListedFile } from '../messages/languageProtocol';
import type { Place, Proposal } from './proposal';

/** Asks the host for the entries of a folder beside the experiment; [] where there is none. */
export type ListFiles = (folder: string) => Promise<readonly ListedFile[]>;

/** Files and folders beside the experiment, where the file names some; null where it does not. */
export async function fileCompletions({ cursor, offset, taken, text }: Place, listFiles: ListFiles): Promise<Proposal[] | null> {
  const { path } = cursor;
  const isRecording = path.length === 3 && path[0] === 'data' && path[1] === 'files';
  const isArgument = path.length === 3 && path[0] === 'system' && path[1] === 'command' && path[2] !== '0';
  if (cursor.kind !== 'value' || !(isRecording || isArgument)) return null;
  const begun = text.slice(cursor.start, offset);
  const folder = begun.slice(0, begun.lastIndexOf('/') + 1);
  if (folder.startsWith('/')) return [];
  const entries = await listFiles(folder.replace(/\/$/, ''));
  return entries
    .filter(({ isFolder, name }) => isFolder || isArgument || /\.(?:csv|tsv|txt)$/i.test(name))
    .filter(({ name }) => !taken.has(folder + name))
    .map(({ isFolder, name }) => {
      const whole = isFolder ? `${folder}${name}/` : folder + name;
      return { label: whole, kind: isFolder ? CompletionItemKind.Folder : CompletionItemKind.File, insert: cursor.quote === null ? inFile(whole) : whole, start: cursor.start, end: cursor.end };
    });
}

/** Paths of plain characters need no quotes, unless they could be taken for a number. */
function inFile(path: string): string {
  return /^[\w.][\w./-]*$/.test(path) && Number.isNaN(Number(path)) ? path : inYaml(path);
}
