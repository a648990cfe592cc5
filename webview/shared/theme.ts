/** The four kinds of theme, as the workbench marks them on the page's body. */
export type ThemeKind = 'dark' | 'light' | 'high-contrast' | 'high-contrast-light';

export function themeKind(): ThemeKind {
  switch (document.body.dataset['vscodeThemeKind']) {
    case 'vscode-light':
      return 'light';
    case 'vscode-high-contrast':
      return 'high-contrast';
    case 'vscode-high-contrast-light':
      return 'high-contrast-light';
    default:
      return 'dark';
  }
}

/** Calls back whenever the workbench's theme has changed. @returns ends that */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-kind', 'data-vscode-theme-id'] });
  return () => observer.disconnect();
}

/** A colour token of the theme, such as `editor-foreground`; empty where the theme has none. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--vscode-${name}`).trim();
}

const policies: Record<ThemeKind, readonly string[]> = {
  dark: ['#5B96E0', '#FBB13F', '#4FE3BC', '#CB6A93', '#A3A332', '#7E5FD0', '#B4624C', '#8CCBE6'],
  light: ['#2F6FDB', '#DB650E', '#2E9A74', '#7A2E5C', '#66660F', '#553A98', '#75200F', '#2A6890'],
  'high-contrast': ['#3FA2FF', '#FFC35C', '#53FFD7', '#D878AA', '#A9A93F', '#8F66FF', '#D8503A', '#A6E3F7'],
  'high-contrast-light': ['#2F6FDB', '#DB650E', '#2E9A74', '#7A2E5C', '#66660F', '#553A98', '#75200F', '#2A6890'],
};

/** The colour of policy k from 1, the same in every chart and iteration; from nine on they are grey. */
export function policyColour(policy: number, kind: ThemeKind = themeKind()): string {
  return policies[kind][policy - 1] ?? token('descriptionForeground');
}

/** Marker and dash of policy k from 1: colour never stands alone. From five on the marker is hollow. */
export function policyMark(policy: number): { readonly marker: 'circle' | 'square' | 'triangle' | 'diamond'; readonly dash: readonly number[]; readonly hollow: boolean } {
  const markers = ['circle', 'square', 'triangle', 'diamond'] as const;
  const dashes = [[], [7, 3], [2, 2.5], [9, 3, 2, 3]] as const;
  const index = (policy - 1) % 4;
  return { marker: markers[index], dash: dashes[index], hollow: policy > 4 };
}

/** Low, middle, high; blue against orange. */
const divergingScales: Record<ThemeKind, readonly [string, string, string]> = {
  dark: ['#7CC0FF', '#2A2C2E', '#FFC368'],
  light: ['#0B4F94', '#F1F1F0', '#8F4A00'],
  'high-contrast': ['#6CC4FF', '#000000', '#FFD27A'],
  'high-contrast-light': ['#0B4F94', '#F1F1F0', '#8F4A00'],
};

/** Few, many. */
const sequentialScales: Record<ThemeKind, readonly [string, string]> = {
  dark: ['#1B2A33', '#B8E3F0'],
  light: ['#EAF3F7', '#0B4A66'],
  'high-contrast': ['#08202B', '#E2F8FF'],
  'high-contrast-light': ['#EAF3F7', '#0B4A66'],
};

/** @param value −1 … 1 */
export function divergingColour(value: number, kind: ThemeKind = themeKind()): string {
  const [low, middle, high] = divergingScales[kind];
  return value < 0 ? mixed(middle, low, -value) : mixed(middle, high, value);
}

/** @param value 0 … 1 */
export function sequentialColour(value: number, kind: ThemeKind = themeKind()): string {
  const [few, many] = sequentialScales[kind];
  return mixed(few, many, value);
}

function mixed(from: string, to: string, share: number): string {
  const limited = Math.min(1, Math.max(0, share));
  const part = (start: number): number => {
    const a = Number.parseInt(from.slice(start, start + 2), 16);
    const b = Number.parseInt(to.slice(start, start + 2), 16);
    return Math.round(a + (b - a) * limited);
  };
  return `rgb(${part(1)} ${part(3)} ${part(5)})`;
}
