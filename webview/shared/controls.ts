import { css } from 'lit';

/** Buttons, links and headings of the pages' elements: the workbench's own look, from tokens. */
export const controls = css`
  button { font: inherit; color: var(--vscode-foreground); background: transparent; border: 1px solid var(--vscode-button-border, var(--ibrl-rule)); border-radius: 2px; padding: 4px 10px; min-height: 26px; cursor: pointer; }
  button:hover { background: var(--vscode-toolbar-hoverBackground); }
  button.primary { color: var(--vscode-button-foreground); background: var(--vscode-button-background); border-color: var(--vscode-button-border, transparent); }
  button.primary:hover { background: var(--vscode-button-hoverBackground); }
  button.link { color: var(--vscode-textLink-foreground); border-color: transparent; padding: 2px 4px; min-height: 24px; }
  button.link:hover { text-decoration: underline; background: transparent; }
  button:disabled { opacity: 0.5; cursor: default; }
  :focus-visible { outline: 2px solid var(--vscode-focusBorder); outline-offset: 1px; }
  h2 { font-size: 1em; font-weight: 600; margin: 0; }
  .muted { color: var(--ibrl-muted); font-weight: normal; }
  .visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;
