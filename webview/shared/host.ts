import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { hostLife } from '../../src/messages/channel';
import { fits } from './fits';
import { sameData } from './sameData';
import { arrangement } from './text';

interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): EditorApi;

/** The page's end of its host. One for each page. */
export interface Host<Sent extends object> {
  send(message: Sent): void;
  /** What the user arranged (selection, zoom), to be found again after a reload; never data. @returns null when it is not there or does not fit */
  restore<State extends TSchema>(schema: State): Static<State> | null;
  keep(state: object): void;
}

const pingMs = 2_000;
/** Answers that may be missing before the page says that its host is gone. */
const patience = 3;

/**
 * Connects the page with its host. Messages that do not fit the schema are dropped.
 * @param onLost told with true when the host has not answered for a while, and with false when it is back
 */
export function connect<Received extends TSchema, Sent extends object>(
  received: Received,
  onMessage: (message: Static<Received>) => void,
  onLost: (lost: boolean) => void,
): Host<Sent> {
  const editor = acquireVsCodeApi();
  let unanswered = 0;
  let kept: object | null = null;
  let last: unknown;
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (unanswered >= patience) {
      onLost(false);
      editor.postMessage({ kind: 'ready' });
    }
    unanswered = 0;
    if (Value.Check(hostLife, data) || !fits(received, data, last)) return;
    last = data;
    onMessage(data as Static<Received>);
  });
  setInterval(() => {
    unanswered++;
    if (unanswered === patience) onLost(true);
    editor.postMessage({ kind: 'ping' });
  }, pingMs);
  editor.postMessage({ kind: 'ready' });
  return {
    send: (message) => editor.postMessage(message),
    restore: (schema) => {
      const state = editor.getState() ?? arrangement;
      return Value.Check(schema, state) ? (state as Static<typeof schema>) : null;
    },
    keep: (state) => {
      if (sameData(state, kept)) return;
      kept = state;
      editor.setState(state);
      editor.postMessage({ kind: 'kept', state });
    },
  };
}
