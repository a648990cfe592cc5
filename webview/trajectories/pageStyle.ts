import { css } from 'lit';

/** Layout: selectors, sentence, rows or map, and the player at the bottom. */
export const pageStyle = css`
  :host { display: flex; flex-direction: column; min-height: 100vh; container-type: inline-size; padding: 0 20px; }
  .sentence { padding: 12px 0 8px; }
  .sentence h1 { font-size: 1.24em; font-weight: 600; margin: 0; display: flex; gap: 8px; }
  .sentence h1 .icon { margin-top: 3px; }
  .sentence p { margin: 4px 0 0 24px; font-size: 0.92em; }
  main { flex: 1 1 auto; min-width: 0; }
  .key { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0 0 4px; padding: 0; list-style: none; font-size: 0.92em; }
  .key li { display: flex; gap: 6px; align-items: center; }
  ibrl-series { --ibrl-readout-width: 210px; --ibrl-row-height: 58px; --ibrl-bounded-height: 84px; }
  .mapAndSide { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 32px; padding-top: 6px; }
  .side section { margin-bottom: 18px; }
  .side h2 { margin-bottom: 6px; }
  .pair { display: flex; flex-wrap: wrap; gap: 0 32px; }
  .pair section { flex: 1 1 240px; min-width: 0; }
  .side p { margin: 0 0 6px; }
  .side .key { flex-direction: column; }
  .side ibrl-series { --ibrl-name-width: 0px; --ibrl-readout-width: 0px; --ibrl-row-height: 120px; }
  table { width: 100%; border-collapse: collapse; font-size: 0.92em; }
  th { font-weight: normal; text-align: right; }
  thead th { color: var(--ibrl-muted); border-bottom: 1px solid var(--ibrl-rule); padding: 2px 0 4px 8px; }
  tbody th { text-align: left; white-space: nowrap; }
  td { text-align: right; padding: 0 0 0 8px; height: 26px; white-space: nowrap; }
  .distances { width: auto; }
  .distances td { padding: 4px 12px; background: color-mix(in srgb, var(--vscode-foreground) 8%, transparent); border: 2px solid var(--vscode-editor-background); }
  .distances td.corner { background: transparent; }
  .distances th { padding: 2px 8px; text-align: center; }
  .large { font-size: 1.6em; font-weight: 600; }
  .swatch { width: 12px; height: 12px; flex: none; }
  .player { position: sticky; bottom: 0; background: var(--vscode-editor-background); border-top: 1px solid var(--ibrl-rule); padding: 10px 0 12px; margin-top: 12px; }
  .track { position: relative; }
  .track svg { position: absolute; inset: 0 8px auto 8px; width: calc(100% - 16px); height: 10px; pointer-events: none; }
  .track .violation { stroke: var(--ibrl-error); stroke-width: 2; }
  .track .window { fill: color-mix(in srgb, var(--vscode-foreground) 16%, transparent); }
  .track input { appearance: none; background: transparent; width: 100%; margin: 10px 0 4px; min-height: 24px; cursor: pointer; }
  .track input::-webkit-slider-runnable-track { height: 4px; background: color-mix(in srgb, var(--vscode-foreground) 30%, transparent); }
  .track input::-webkit-slider-thumb { appearance: none; width: 16px; height: 16px; margin-top: -6px; border-radius: 50%; background: var(--vscode-foreground); border: 2px solid var(--vscode-editor-background); }
  .buttons { display: flex; flex-wrap: wrap; gap: 6px 8px; align-items: center; }
  .buttons button.icon-button { min-width: 30px; padding: 4px 6px; }
  .buttons svg { fill: currentColor; display: block; }
  kbd { font: inherit; font-size: 0.92em; border: 1px solid var(--ibrl-rule); border-radius: 3px; padding: 0 4px; }
  .keys { font-size: 0.92em; }
  ibrl-banner { margin: 10px 0; }
  .skeleton { height: 24px; margin: 16px 0; background: color-mix(in srgb, var(--vscode-foreground) 8%, transparent); }
  .skeleton.tall { height: 320px; }
  .stale { opacity: 0.7; }
  @container (max-width: 999px) {
    .mapAndSide { grid-template-columns: minmax(0, 1fr); }
    .keys { display: none; }
  }
  @container (max-width: 639px) {
    .sentence p { margin-left: 0; }
    select { max-width: 100%; }
  }
`;
