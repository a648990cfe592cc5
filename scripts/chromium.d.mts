export function findChromium(): string;
export function chromiumPath(report?: (line: string) => void): Promise<string>;
