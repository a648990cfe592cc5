/** @param file where the VSIX goes @returns its size in bytes */
export function packageExtension(file: string): Promise<number>;
