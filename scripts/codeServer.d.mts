/** A VS Code that runs. */
export interface CodeServer {
  /** address of the workbench, without a folder */
  readonly url: string;
  /** the folder of its profile */
  readonly data: string;
  /** what the server has printed so far */
  output(): string;
  /** Ends it and what it has started, and deletes its profile. */
  stop(): Promise<void>;
}
export function startCodeServer(options: {
  readonly vsix: string;
  readonly beside?: readonly string[];
  readonly trust?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly port?: number;
}): Promise<CodeServer>;
