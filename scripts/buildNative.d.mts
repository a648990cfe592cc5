export function hostName(): string;
export function buildHostAddon(engine: string, output: string): Promise<string>;
export function keepFreshAddons(engine: string, from: string, to: string): string[];
