import { css } from 'lit';

/** Layout of the dashboard: a grid of 12 px steps, rules instead of boxes, three widths. */
export const pageStyle = css`
  :host { display: block; container-type: inline-size; padding: 0 20px 20px; }
  header { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: flex-start; padding: 16px 0 8px; }
  header .name { flex: 1 1 300px; min-width: 0; }
  h1 { font-size: 1.38em; font-weight: 600; margin: 0; overflow-wrap: anywhere; }
  header p { margin: 2px 0 0; font-size: 0.92em; }
  header p button.link { padding: 0; border: 0; }
  .time { display: flex; flex-direction: column; justify-content: center; min-height: 28px; text-align: right; }
  .time p { margin: 0; }
  .actions { display: flex; flex-wrap: wrap; gap: 8px; }
  .ribbon { list-style: none; display: flex; gap: 20px; margin: 0; padding: 4px 0 10px; }
  .ribbon li { flex: 1 1 0; min-width: 0; }
  .ribbon.many { gap: min(4px, 0.3%); }
  .ribbon.many .words { display: none; }
  .phases { display: flex; gap: 2px; height: 5px; }
  .phase { flex: 1 1 0; min-width: 2px; background: color-mix(in srgb, var(--vscode-foreground) 18%, transparent); overflow: hidden; }
  .ribbon.many .phase { min-width: 0; }
  .ribbon.many .phase + .phase { margin-left: -2px; }
  .fill { display: block; height: 100%; background: var(--ibrl-muted); }
  .now.running .fill { background: var(--ibrl-running); }
  .now.awaiting-approval .fill, .now.awaiting-data .fill { background: var(--ibrl-waiting); }
  .now.failed .fill, .now.interrupted .fill { background: var(--ibrl-error); }
  .ribbon .words, .here { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 0 8px; font-size: 0.85em; line-height: 18px; padding-top: 4px; }
  .here { padding: 0 0 10px; }
  .here:not(.many) { display: none; }
  .verdict { display: flex; flex-wrap: wrap; gap: 4px 20px; align-items: baseline; justify-content: space-between; border-top: 1px solid var(--ibrl-rule); padding: 12px 0 10px; }
  .verdict h2 { font-size: 1.16em; flex: 1 1 420px; }
  .facts { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0; padding: 0; list-style: none; font-size: 0.92em; }
  .upper { display: grid; grid-template-columns: minmax(0, 1.8fr) minmax(min-content, 1fr); gap: 24px; }
  .upper > section { position: sticky; top: 0; align-self: start; }
  .caption { display: flex; flex-wrap: wrap; gap: 0 16px; justify-content: space-between; align-items: baseline; min-height: 24px; }
  .key { display: flex; flex-wrap: wrap; gap: 0 14px; font-size: 0.85em; color: var(--ibrl-muted); margin: 0; padding: 0; list-style: none; }
  .key svg { vertical-align: -4px; }
  #cost { --ibrl-chart-height: 350px; }
  .policies { width: 100%; border-collapse: collapse; font-size: 0.92em; }
  .policies caption { text-align: left; font-size: 1.08em; padding: 2px 0 6px; }
  .policies th { font-weight: normal; text-align: right; }
  .policies thead th { color: var(--ibrl-muted); font-size: 0.92em; border-bottom: 1px solid var(--ibrl-rule); padding: 2px 0 4px 6px; vertical-align: bottom; }
  .policies tbody th { text-align: left; padding: 0; white-space: nowrap; }
  .policies td { text-align: right; padding: 0 0 0 6px; height: 26px; white-space: nowrap; }
  .policies tr.rule > * { border-top: 1px solid var(--ibrl-rule); }
  .policies tr.faded { opacity: 0.45; }
  .policies button { border: 0; padding: 2px 6px 2px 0; min-height: 24px; text-align: left; }
  .policies .menu { width: 64px; padding-left: 8px; }
  .policies .menu button { padding: 2px; width: 26px; text-align: center; }
  .rows { position: relative; }
  .glyph { vertical-align: -3px; margin-right: 6px; }
  .health { margin-top: 14px; }
  .health ul { list-style: none; margin: 6px 0 0; padding: 0; }
  .health li { display: flex; gap: 6px; border-top: 1px solid var(--ibrl-rule); padding: 6px 0; font-size: 0.94em; }
  .health li p { margin: 0; }
  .health li p + p { font-size: 0.96em; }
  .panels { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 28px; margin-top: 18px; }
  .panel { border-top: 1px solid var(--ibrl-rule); padding-top: 10px; min-width: 0; }
  .panel h2, .panel summary { margin-bottom: 6px; }
  .panel p.why { color: var(--ibrl-muted); font-size: 0.92em; margin: 8px 0; }
  .strip { display: grid; grid-template-columns: 64px minmax(0, 1fr) 50px; gap: 4px; align-items: center; }
  .strip > span:first-child { font-size: 0.85em; overflow-wrap: anywhere; }
  .strip .now { text-align: right; font-size: 0.92em; }
  .strip .now p { margin: 0; }
  .strip ibrl-chart { --ibrl-chart-height: 76px; }
  .multiples { display: grid; grid-template-columns: repeat(auto-fit, minmax(110px, 1fr)); gap: 8px; align-items: end; }
  .multiples ibrl-chart, #coverage { --ibrl-chart-height: 170px; }
  .multiples.many ibrl-chart { --ibrl-chart-height: 110px; }
  .multiples p { margin: 0; font-size: 0.85em; }
  .margin { display: grid; grid-template-columns: 70px minmax(0, 1fr) auto; gap: 8px; align-items: start; margin-bottom: 8px; font-size: 0.92em; }
  .margin .name { overflow-wrap: anywhere; }
  .margin .outside { color: var(--ibrl-error); }
  .margin svg { display: block; width: 100%; }
  .bars .inside { fill: color-mix(in srgb, var(--vscode-foreground) 7%, transparent); }
  .bars .bound { stroke: var(--ibrl-muted); stroke-width: 2; vector-effect: non-scaling-stroke; }
  .bars .bar { stroke-width: 3px; vector-effect: non-scaling-stroke; }
  .ends { display: flex; justify-content: space-between; font-size: 0.85em; }
  footer { display: flex; flex-wrap: wrap; gap: 4px 16px; justify-content: space-between; align-items: center; border-top: 1px solid var(--ibrl-rule); margin-top: 18px; padding-top: 8px; font-size: 0.92em; }
  ibrl-banner { margin: 8px 0; }
  .card { border: 1px solid var(--ibrl-rule); padding: 16px 20px; margin-top: 20px; max-width: 560px; }
  .card p { margin: 6px 0 14px; }
  .tabular .strip { grid-template-columns: minmax(0, 1fr); margin-bottom: 10px; }
  .tabular .multiples, .upper.tabular { grid-template-columns: minmax(0, 1fr); }
  .panels.tabular { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .stale .values { opacity: 0.65; }
  .runs { display: flex; flex-wrap: wrap; gap: 4px 8px; margin: 8px 0; padding: 0; list-style: none; }
  .compared { margin-bottom: 14px; }
  .runs button[aria-pressed='true'] { border-color: var(--vscode-focusBorder); }
  .skeleton { height: 24px; margin: 16px 0; background: color-mix(in srgb, var(--vscode-foreground) 8%, transparent); }
  .skeleton.large { height: 350px; }
  summary { flex-wrap: wrap; cursor: pointer; min-height: 28px; display: flex; justify-content: space-between; gap: 8px; align-items: center; }
  summary::before { content: '›'; width: 14px; }
  details[open] > summary::before { content: '⌄'; }
  summary .title { flex: 1; }
  details { border-top: 1px solid var(--ibrl-rule); padding: 4px 0; }
  @container (min-width: 640px) {
    .policies thead th { white-space: nowrap; }
    .policies thead th, .policies td { padding-left: 14px; }
    .policies tbody th { width: 100%; }
    .policies .menu { padding-left: 8px; }
  }
  @container (min-width: 1000px) and (max-width: 1199px) {
    .policies thead th { white-space: normal; }
    .policies thead th, .policies td { padding-left: 6px; }
    .policies .never { display: none; }
  }
  @container (max-width: 999px) {
    .upper { grid-template-columns: minmax(0, 1fr); }
    .panels { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  }
  @container (max-width: 639px) {
    .panels.tabular { grid-template-columns: minmax(0, 1fr); }
    .ribbon { gap: 8px; }
    .ribbon .words { display: none; }
    .here:not(.many) { display: flex; }
    .panels { grid-template-columns: minmax(0, 1fr); gap: 0; }
    .time { text-align: left; flex-direction: row; align-items: center; gap: 8px; }
    .actions button { flex: 1 1 auto; }
    #cost { --ibrl-chart-height: 320px; }
  }
  @container (max-width: 439px) {
    .policies .gap, .policies .never { display: none; }
    .strip { grid-template-columns: 54px minmax(0, 1fr) 50px; }
  }
  @container (max-width: 359px) {
    .policies .menu { width: 30px; }
    .policies .menu button { display: block; }
  }
  @media (prefers-reduced-motion: no-preference) {
    .fill { transition: width 0.2s linear; }
  }
`;
