/** @param file where the VSIX goes @param report one line, the native kernels in it @returns its size in bytes */
export function packageExtension(file: string, report?: (line: string) => void): Promise<number>;
