import { css } from 'lit';

/** Colours of the icons, from the theme's tokens. */
export const iconStyle = css`
  .icon { fill: none; stroke: currentColor; stroke-width: 1.3; stroke-linecap: round; stroke-linejoin: round; flex: none; vertical-align: -3px; }
  .icon .filled { fill: currentColor; }
  .icon.pass { color: var(--ibrl-pass); }
  .icon.warning, .icon.stale { color: var(--ibrl-warning); }
  .icon.error, .icon.lost { color: var(--ibrl-error); }
  .icon.info, .icon.waiting { color: var(--ibrl-waiting); }
  .icon.running { color: var(--ibrl-running); }
  .icon.queued, .icon.empty, .icon.stopped { color: var(--ibrl-muted); }
`;
