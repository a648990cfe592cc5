export const entries: readonly { readonly source: string; readonly name: string; readonly executable?: boolean }[];
export function buildAll(report?: (line: string) => void): Promise<void>;
