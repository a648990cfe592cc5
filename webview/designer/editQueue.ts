import type { DesignerChange } from '../../src/messages/designer';

/**
 * The page's edits, one on its way at a time: the next is sent for the version that the one before has led to. A newer
 * edit of the same values takes the place of one that waits.
 */
export class EditQueue {
  private readonly waiting: (readonly DesignerChange[])[] = [];
  private sent: { readonly id: number; readonly changes: readonly DesignerChange[] } | null = null;
  private lastId = 0;

  /** @param send on its way to the host, for the version that the page shows */
  constructor(private readonly send: (id: number, changes: readonly DesignerChange[]) => void) {}

  push(changes: readonly DesignerChange[]): void {
    const last = this.waiting.at(-1);
    if (last && pathsOf(last) === pathsOf(changes)) this.waiting.pop();
    this.waiting.push(changes);
    this.next();
  }

  /** A number for a message that is answered like an edit. */
  newId(): number {
    return ++this.lastId;
  }

  /** After a refusal nothing that waits is sent: it was meant for another text. @returns false for an answer to something else */
  answered(id: number, refused: boolean): boolean {
    if (this.sent?.id !== id) return false;
    this.sent = null;
    if (refused) this.waiting.length = 0;
    this.next();
    return true;
  }

  /** What was set and is not in the document yet, by path. */
  wanted(): ReadonlyMap<string, unknown> {
    const wanted = new Map<string, unknown>();
    for (const change of [...(this.sent?.changes ?? []), ...this.waiting.flat()]) {
      if (change.kind === 'set') wanted.set(change.path, change.value);
      else wanted.delete(change.path);
    }
    return wanted;
  }

  private next(): void {
    if (this.sent !== null) return;
    const changes = this.waiting.shift();
    if (!changes) return;
    this.sent = { id: this.newId(), changes };
    this.send(this.sent.id, changes);
  }
}

function pathsOf(changes: readonly DesignerChange[]): string {
  return JSON.stringify(changes.map(({ kind, path }) => [kind, path]));
}
