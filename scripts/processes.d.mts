export function processesOf(folder: string): number[];
export function isAlive(pid: number): boolean;
export function parentOf(pid: number): number;
export function endProcessesOf(folder: string): Promise<void>;
