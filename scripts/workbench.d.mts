/** What starts a real VS Code. */
export interface WorkbenchPrograms {
  /** absolute path of a Node that the server runs on */
  readonly node: string;
  readonly entry: string;
}
/** @throws Error that says what is missing */
export function workbenchPrograms(report?: (line: string) => void): Promise<WorkbenchPrograms>;
