import { html, svg, type TemplateResult } from 'lit';

/** Signs of states and of what a button opens; each stands beside a word or in a button that has a name, so none is read out. */
export type IconName = 'pass' | 'warning' | 'error' | 'info' | 'running' | 'queued' | 'stopped' | 'waiting' | 'stale' | 'star' | 'empty' | 'lost' | 'changes' | 'course';

const ring = svg`<circle cx="8" cy="8" r="6.5" />`;
const shapes: Readonly<Record<IconName, TemplateResult>> = {
  pass: svg`${ring}<path d="M5 8.3 7.2 10.5 11.2 5.8" />`,
  warning: svg`<path d="M8 1.8 15 14H1Z" /><path d="M8 6v4M8 11.4v1.2" />`,
  error: svg`${ring}<path d="m5.7 5.7 4.6 4.6M10.3 5.7l-4.6 4.6" />`,
  info: svg`${ring}<path d="M8 7v4.4M8 4.4v1.4" />`,
  running: svg`<path d="M13.5 7A5.6 5.6 0 0 0 3.2 5M2.5 9a5.6 5.6 0 0 0 10.3 2" /><path d="M3 2.2V5.2h3M13 13.8v-3h-3" />`,
  queued: svg`${ring}<path d="M8 4v4.3l2.8 1.6" />`,
  stopped: svg`<rect x="3" y="3" width="10" height="10" />`,
  waiting: svg`${ring}<circle cx="8" cy="6.4" r="1.9" /><path d="M4.4 12.4c.6-2 2-2.7 3.6-2.7s3 .7 3.6 2.7" />`,
  stale: svg`${ring}<path d="M8 4.3V8L5.6 9.8" />`,
  star: svg`<path class="filled" d="m8 1.5 1.9 4.2 4.6.5-3.4 3.1.9 4.5L8 11.5l-4 2.3.9-4.5L1.5 6.2l4.6-.5Z" />`,
  empty: svg`<circle cx="8" cy="8" r="4" />`,
  changes: svg`<path d="M8 2.5v7M4.5 6h7M4.5 13h7" />`,
  course: svg`<path d="M1.5 11.5c2-8 4-8 6.5-3.5s4.5 3.5 6.5-4.5" />`,
  lost: svg`<path d="M2 8h3.5M10.5 8H14M6 5.5v5M10 5.5v5M3 13 13 3" />`,
};

/** An icon of 16 px in the colour of its kind; style it by the class `icon <name>`. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon ${name}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${shapes[name]}</svg>`;
}
