/**
 * Kills a simulator program and whatever it has started in its process group; on Windows the program alone.
 * @param id of the program, which leads its group
 */
export function endProcesses(id: number): void {
  try {
    process.kill(process.platform === 'win32' ? id : -id, 'SIGKILL');
  } catch {
    // nobody is left
  }
}
