import { l10n, type LogOutputChannel } from 'vscode';
import { durationText } from './numbers';

/** Logs the start of a process, and gives what logs its end. */
export function logProcess(channel: LogOutputChannel, what: string, pid: number): (exitCode: number | null, signal: string | null) => void {
  const begun = performance.now();
  channel.info(l10n.t('{0} started, process {1}.', what, pid));
  return (exitCode, signal) => {
    const lasted = durationText(performance.now() - begun);
    channel.info(l10n.t('{0} ended, process {1}, after {2}, exit code {3}.', what, pid, lasted, exitCode ?? signal ?? '–'));
  };
}
