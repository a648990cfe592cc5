import { l10n, type LogOutputChannel } from 'vscode';
import { duration } from '../sentence/duration';
import { spoken } from '../sentence/sentence';

/** Logs the start of a process, and gives what logs its end. */
export function logProcess(channel: LogOutputChannel, what: string, pid: number): (exitCode: number | null, signal: string | null) => void {
  const begun = performance.now();
  channel.info(l10n.t('{0} started, process {1}.', what, pid));
  return (exitCode, signal) => logEnd(channel, what, pid, performance.now() - begun, exitCode ?? signal);
}

/** Logs the end of a process. @param ms that it lasted @param exitCode or the signal that ended it; null: not known */
export function logEnd(channel: LogOutputChannel, what: string, pid: number, ms: number, exitCode: number | string | null): void {
  const lasted = spoken(duration(ms));
  channel.info(exitCode === null ? l10n.t('{0} ended, process {1}, after {2}, exit code unknown.', what, pid, lasted) : l10n.t('{0} ended, process {1}, after {2}, exit code {3}.', what, pid, lasted, exitCode));
}
