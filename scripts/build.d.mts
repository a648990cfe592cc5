export const entries: readonly { readonly source: string; readonly name: string; readonly executable?: boolean }[];
export const packageBundles: readonly { readonly name: string; readonly contents: string; readonly loaded: Readonly<Record<string, string>> }[];
export const pages: readonly string[];
export function buildAll(report?: (line: string) => void, options?: { readonly folder?: string; readonly minify?: boolean }): Promise<void>;
