/**
 * The house: which room may import which. Read by the lint (scripts/arrows.mjs), by the test of the bundles
 * (test/architecture.test.ts) and by people. A room is a folder below src; the longest matching folder wins.
 *
 * `imports`   rooms whose code it may use; what those rooms may use, it may reach through them
 * `types`     rooms of which it may use types besides (`import type`, gone when built): shared words, no code
 * `node`      true: may use Node's own modules; a list: only these of its folders or files may
 * `packages`  packages that it may use; absent: none
 */
export const rooms = {
  sentence: { imports: [], packages: ['@vscode/l10n'] },
  experiment: { imports: ['sentence'], packages: ['typebox', 'yaml', '@vscode/l10n'] },

  learning: { imports: [], packages: ['pure-rand'] },
  'learning/engine': { imports: ['sentence'], node: ['threads', 'worker.ts'], packages: ['@tensorflow/tfjs'] },
  'learning/system': { imports: ['sentence', 'experiment', 'learning', 'learning/engine'], types: ['learning/data', 'learning/policy'], packages: ['pure-rand'] },
  'learning/data': { imports: ['sentence', 'experiment', 'learning', 'learning/engine'], packages: ['hyparquet', 'hyparquet-writer'] },
  'learning/safety': { imports: ['sentence', 'experiment', 'learning', 'learning/engine', 'learning/data'], types: ['learning/policy'] },
  'learning/model': { imports: ['sentence', 'experiment', 'learning', 'learning/engine', 'learning/system', 'learning/data', 'learning/safety', 'learning/policy'] },
  'learning/policy': { imports: ['sentence', 'experiment', 'learning', 'learning/engine', 'learning/system', 'learning/data', 'learning/safety'] },
  'learning/search': { imports: ['sentence', 'experiment', 'learning', 'learning/engine', 'learning/system', 'learning/data', 'learning/safety', 'learning/model', 'learning/policy'] },
  'learning/evaluation': { imports: ['sentence', 'experiment', 'learning', 'learning/engine', 'learning/system', 'learning/data', 'learning/safety', 'learning/model', 'learning/policy'] },
  'learning/diff': { imports: ['sentence', 'experiment', 'learning', 'learning/engine', 'learning/system', 'learning/data', 'learning/safety', 'learning/model', 'learning/policy'] },

  run: { imports: ['sentence', 'experiment'], node: true },
  trainer: { imports: ['sentence', 'experiment', 'run', 'launcher', 'import', 'learning', 'learning/*'], node: true },
  launcher: { imports: ['sentence', 'experiment', 'run'], node: true },
  import: { imports: ['sentence', 'experiment', 'run'], node: true, packages: ['csv-parse', 'hyparquet'] },
  export: { imports: ['sentence', 'experiment', 'run', 'learning/policy'], node: true },
  study: { imports: ['sentence', 'experiment', 'run'], node: true },
  report: { imports: ['sentence', 'experiment', 'run'], node: true, packages: ['chart.js', '@vscode/l10n'] },
  cli: { imports: ['*'], node: true, packages: ['commander', 'yaml', '@vscode/l10n'] },

  languageServer: { imports: ['sentence', 'experiment', 'messages'], node: true, packages: ['vscode-languageserver', 'vscode-languageserver-textdocument', 'yaml', '@vscode/l10n'] },
  messages: { imports: ['sentence', 'experiment', 'run'], types: ['report'], packages: ['typebox'] },
  extension: { imports: ['sentence', 'experiment', 'run', 'launcher', 'report', 'messages'], node: true, packages: ['vscode', 'vscode-languageclient', 'typebox', 'yaml', '@vscode/l10n'] },
};

/** Rooms from which no chain of imports may ever arrive at a room of the second list, whatever the table says. */
export const neverReach = [
  { from: ['sentence', 'experiment', 'run', 'launcher', 'study', 'report', 'languageServer', 'messages', 'extension'], to: ['learning', 'learning/*', 'trainer'] },
  { from: ['learning', 'learning/*'], to: ['run', 'trainer', 'launcher', 'import', 'export', 'study', 'report', 'cli', 'languageServer', 'messages', 'extension'] },
];

/** Bundles that may hold mathematics, and of which rooms; every other bundle holds none. */
export const mathematicsInBundles = {
  ibrl: ['learning', 'learning/*'],
  trainer: ['learning', 'learning/*'],
  compute: ['learning', 'learning/*'],
  playerWorker: ['learning', 'learning/*'],
  readingRecordings: ['learning', 'learning/*'],
  engineWorker: ['learning/engine'],
};

/** The room of a file. @param path relative to the package, with forward slashes @returns null outside src */
export function roomOf(path) {
  if (!path.startsWith('src/')) return null;
  const folder = path.slice('src/'.length).split('/').slice(0, -1).join('/');
  const owners = Object.keys(rooms).filter((room) => folder === room || folder.startsWith(`${room}/`));
  return owners.sort((a, b) => b.length - a.length)[0] ?? folder;
}

/** Whether a list of rooms, in which `*` and `room/*` stand for many, names the room. */
export function names(list, room) {
  return list.some((entry) => entry === '*' || entry === room || (entry.endsWith('/*') && room.startsWith(entry.slice(0, -1))));
}
