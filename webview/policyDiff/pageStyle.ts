import { css } from 'lit';

/** Layout: selectors, verdict and facts; map beside histograms; common start beside costs and bounds. */
export const pageStyle = css`
  :host { display: block; container-type: inline-size; padding: 0 20px 20px; }
  .verdict { padding: 14px 0 10px; border-bottom: 1px solid var(--ibrl-rule); }
  .verdict h1 { font-size: 1.24em; font-weight: 600; margin: 0; display: flex; gap: 8px; }
  .verdict h1 .icon { margin-top: 3px; }
  .verdict p { margin: 4px 0 0 24px; }
  .facts { display: flex; flex-wrap: wrap; gap: 10px 0; margin: 12px 0 0 24px; padding: 0; list-style: none; }
  .facts li { padding: 0 20px 0 20px; border-left: 1px solid var(--ibrl-rule); max-width: 300px; }
  .facts li:first-child { padding-left: 0; border-left: 0; }
  .facts .name, .facts .hint { font-size: 0.92em; margin: 0; }
  .facts .value { font-size: 1.24em; margin: 2px 0; }
  .facts .value .old { color: var(--ibrl-muted); }
  .upper, .lower { display: grid; gap: 32px; padding: 14px 0; }
  .upper { grid-template-columns: minmax(0, 0.9fr) minmax(0, 1fr); border-bottom: 1px solid var(--ibrl-rule); }
  .lower { grid-template-columns: minmax(0, 1.4fr) minmax(min-content, 1fr); }
  .lower > * { min-width: 0; }
  .caption { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; justify-content: space-between; min-height: 30px; margin-bottom: 6px; }
  .caption .choices { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
  .mapAndLegend { display: grid; grid-template-columns: minmax(0, 1fr) 170px; gap: 16px; }
  .legend { font-size: 0.92em; }
  .legend ul { list-style: none; margin: 0 0 10px; padding: 0; }
  .legend li { display: flex; gap: 8px; align-items: center; }
  .scaleBar { display: grid; grid-template-columns: 14px auto; gap: 0 8px; margin: 6px 0 12px; height: 132px; }
  .scaleBar canvas { width: 12px; height: 132px; }
  .scaleBar .ends { display: flex; flex-direction: column; justify-content: space-between; }
  .swatch { width: 12px; height: 12px; flex: none; }
  .cell { border-top: 1px solid var(--ibrl-rule); padding-top: 8px; }
  .cell h3 { font-size: 1em; margin: 0 0 4px; }
  .cell p { margin: 0; }
  .frames { max-height: 120px; overflow: auto; margin-top: 6px; font-size: 0.92em; }
  .frames ul { margin: 0; padding: 0; list-style: none; }
  .histogram { display: grid; grid-template-columns: minmax(80px, 130px) minmax(0, 1fr) minmax(96px, 130px); gap: 12px; border-top: 1px solid var(--ibrl-rule); padding: 8px 0; }
  .histogram:first-of-type { border-top: 0; }
  .histogram p { margin: 0; font-size: 0.92em; }
  .histogram .name { overflow-wrap: anywhere; }
  figure { margin: 0; min-width: 0; }
  .bars { display: block; }
  .bars .base { stroke: var(--ibrl-muted); }
  .bars .zero { stroke: var(--ibrl-muted); stroke-dasharray: 2 2; }
  .bars .unchanged { fill: var(--ibrl-muted); opacity: 0.55; }
  svg .old { stroke: var(--ibrl-muted); }
  .scale { display: block; overflow: visible; }
  .cost { display: grid; grid-template-columns: 70px minmax(0, 1fr) 60px; gap: 8px; align-items: center; min-height: 28px; }
  .cost.chosen { background: color-mix(in srgb, var(--vscode-foreground) 7%, transparent); }
  .cost .name { display: flex; gap: 6px; align-items: center; padding-left: 4px; }
  .cost .change { text-align: right; padding-right: 4px; }
  .cost svg { display: block; overflow: visible; }
  .grid { stroke: color-mix(in srgb, var(--vscode-foreground) 14%, transparent); }
  .tick { fill: var(--ibrl-muted); font-size: 0.85em; }
  table.bounds { width: 100%; border-collapse: collapse; font-size: 0.92em; margin-top: 14px; }
  .bounds th { font-weight: normal; text-align: left; padding: 4px 8px 4px 0; }
  .bounds thead th { color: var(--ibrl-muted); border-bottom: 1px solid var(--ibrl-rule); vertical-align: bottom; }
  .bounds td { text-align: right; padding: 4px 0 4px 8px; white-space: nowrap; }
  .bounds thead th:nth-child(n + 3) { text-align: right; }
  .bounds .visited { width: 34%; }
  .bounds svg, .support svg { display: block; }
  .outside { color: var(--ibrl-error); }
  .support { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 12px; align-items: center; border-top: 1px solid var(--ibrl-rule); margin-top: 8px; padding-top: 8px; font-size: 0.92em; }
  .track { fill: color-mix(in srgb, var(--vscode-foreground) 12%, transparent); }
  .key { display: flex; flex-wrap: wrap; gap: 4px 14px; margin: 0; padding: 0; list-style: none; font-size: 0.92em; }
  .key li { display: flex; gap: 6px; align-items: center; }
  ibrl-series { --ibrl-readout-width: 110px; --ibrl-row-height: 58px; --ibrl-bounded-height: 78px; }
  footer { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: center; border-top: 1px solid var(--ibrl-rule); padding-top: 8px; font-size: 0.92em; }
  kbd { font: inherit; border: 1px solid var(--ibrl-rule); border-radius: 3px; padding: 0 4px; }
  ibrl-banner { margin: 10px 0; }
  .skeleton { height: 24px; margin: 16px 0; background: color-mix(in srgb, var(--vscode-foreground) 8%, transparent); }
  .skeleton.large { height: 320px; }
  .stale { opacity: 0.7; }
  @container (max-width: 999px) {
    .upper, .lower { grid-template-columns: minmax(0, 1fr); }
  }
  @container (max-width: 639px) {
    .mapAndLegend, .histogram { grid-template-columns: minmax(0, 1fr); }
    .facts li { flex: 1 1 40%; border-left: 0; padding: 0 12px 0 0; }
    .facts, .verdict p { margin-left: 0; }
    select { max-width: 100%; }
    .bounds td { white-space: normal; }
    .bounds thead th { overflow-wrap: anywhere; hyphens: auto; }
    .support { grid-template-columns: minmax(0, 1fr); gap: 4px; }
  }
`;
