import { existsSync, readFileSync } from 'node:fs';

/** The most memory that this process has had, in MB. On Linux not by getrusage, which counts what its parent had when it was started. */
export function peakMegabytes(): number {
  const peak = existsSync('/proc/self/status') ? /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) : null;
  return (peak === null ? process.resourceUsage().maxRSS : Number(peak[1])) / 1024;
}
