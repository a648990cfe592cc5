import { workspace, type ConfigurationScope } from 'vscode';

/** The settings of the extension, read when they are needed. The manifest has their defaults and meaning. */
export const settings = {
  /** runs go on when the window is closed */
  keepRunning: (): boolean => read('runs.keepRunning', false),
  /** null: as many as suit the machine */
  threads: (scope?: ConfigurationScope): number | null => {
    const threads = read('runs.threads', 0, scope);
    return Number.isInteger(threads) && threads >= 1 && threads <= 1024 ? threads : null;
  },
  /** null: the fastest that is there */
  engine: (): string | null => {
    const engine = read('runs.engine', 'auto');
    return engine === 'auto' ? null : engine;
  },
  /** Node that trainers run on; null: the editor's own */
  executable: (): string | null => read('runs.executable', '').trim() || null,
  /** folder of an installed @tensorflow/tfjs-node; null: what stands beside the trainer */
  tfjsNode: (): string | null => read('tfjsNodePath', '').trim() || null,
  openDashboard: (): boolean => read('runs.openDashboard', true),
  notifyFinished: (): string => read('notifications.finished', 'unfocused'),
  checkRecordingsOnSave: (): boolean => read('validate.recordingsOnSave', true),
  showStatusBar: (): boolean => read('statusBar.visible', true),
} as const;

function read<Value extends string | number | boolean>(key: string, fallback: Value, scope?: ConfigurationScope): Value {
  const value: unknown = workspace.getConfiguration('ibrl', scope).get(key);
  return typeof value === typeof fallback ? (value as Value) : fallback;
}
