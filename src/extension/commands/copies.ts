import { Uri, workspace } from 'vscode';

/** Copies files that are not there yet, with their folders. @param files relative to both folders, with `/` */
export async function copyMissing(from: Uri, to: Uri, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const path = file.split('/');
    const target = Uri.joinPath(to, ...path);
    // read and written: the extension's folder may be of another file system than the workspace
    if (!(await isThere(target))) await workspace.fs.writeFile(target, await workspace.fs.readFile(Uri.joinPath(from, ...path)));
  }
}

/** The name itself, or with a number before its endings, so that nothing is replaced. */
export async function freeName(folder: Uri, name: string): Promise<string> {
  const dot = name.indexOf('.');
  const [stem, endings] = [name.slice(0, dot), name.slice(dot)];
  let free = name;
  for (let number = 2; await isThere(Uri.joinPath(folder, free)); number++) free = `${stem}-${number}${endings}`;
  return free;
}

async function isThere(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
