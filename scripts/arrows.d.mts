export function readSources(folder?: string): Map<string, string>;
export function findViolations(sources: ReadonlyMap<string, string>): string[];
