export const entries: readonly { readonly source: string; readonly name: string; readonly executable?: boolean }[];
export const pages: readonly string[];
export function buildAll(report?: (line: string) => void, options?: { readonly folder?: string; readonly minify?: boolean }): Promise<void>;
