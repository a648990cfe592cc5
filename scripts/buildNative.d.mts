export function hostName(): string;
export function buildHostAddon(engine: string, output: string): Promise<string>;
