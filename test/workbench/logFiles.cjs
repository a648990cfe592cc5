/**
 * In place of @vscode/spdlog, through which VS Code writes its log files and fills its output channels: that one would have to be
 * compiled. The same lines, without rotation. Installed by scripts/workbench.mjs.
 */
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const words = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];

class Logger {
  constructor(_type, _name, file) {
    this.file = file;
    this.level = 2;
    this.isFormatted = true;
  }

  getLevel() {
    return this.level;
  }

  setLevel(level) {
    this.level = level;
  }

  setPattern() {
    this.isFormatted = true;
  }

  clearFormatters() {
    this.isFormatted = false;
  }

  flush() {}

  drop() {}

  write(level, message) {
    if (level < this.level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    appendFileSync(this.file, this.isFormatted ? `${time} [${words[level]}] ${message}\n` : message);
  }
}
for (const [level, word] of words.entries()) Logger.prototype[word === 'warning' ? 'warn' : word] = function log(message) { this.write(level, message); };

async function createLogger(name, file) {
  mkdirSync(dirname(file), { recursive: true });
  return new Logger('rotating', name, file);
}

exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
