import { css } from 'lit';

/** A page's line of selectors, and the buttons of which one is pressed. */
export const toolbarStyle = css`
  .toolbar { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; padding: 12px 0; border-bottom: 1px solid var(--ibrl-rule); }
  .push { flex: 1 1 0; }
  label { display: inline-flex; gap: 6px; align-items: center; }
  select { font: inherit; color: var(--vscode-dropdown-foreground, var(--vscode-foreground)); background: var(--vscode-dropdown-background, var(--vscode-editor-background)); border: 1px solid var(--vscode-dropdown-border, var(--ibrl-rule)); border-radius: 2px; min-height: 26px; padding: 2px 6px; max-width: 260px; }
  .chips { display: inline-flex; flex-wrap: wrap; }
  .chips button { border-radius: 0; margin-left: -1px; display: inline-flex; gap: 4px; align-items: center; border-color: var(--vscode-dropdown-border, var(--ibrl-rule)); }
  .chips button[aria-pressed='true'] { background: color-mix(in srgb, var(--vscode-foreground) 14%, transparent); font-weight: 600; border-color: var(--vscode-focusBorder); position: relative; }
  .glyph { vertical-align: -3px; }
`;
