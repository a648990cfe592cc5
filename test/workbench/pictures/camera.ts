import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import type { Workbench } from '../driver/workbench';

const folder = resolve(import.meta.dirname, '../../../screenshots');

/** VS Code's own themes, with the class of its window and the word that a page's body has. */
const themes = {
  dark: { name: 'Dark Modern', window: 'vs-dark', page: 'vscode-dark' },
  light: { name: 'Light Modern', window: 'vs', page: 'vscode-light' },
  'hc-dark': { name: 'Default High Contrast', window: 'hc-black', page: 'vscode-high-contrast' },
  'hc-light': { name: 'Default High Contrast Light', window: 'hc-light', page: 'vscode-high-contrast-light' },
} as const;

type ThemeName = keyof typeof themes;
const all = Object.keys(themes) as ThemeName[];

/** How a picture is taken. */
export interface Shot {
  /** what of the window; all of it when not said */
  readonly of?: Locator;
  /** all four when not said */
  readonly themes?: readonly ThemeName[];
  /** before each picture: what a change of the theme takes away, such as a hover */
  readonly pose?: () => Promise<void>;
}

/** Takes a picture of the window as it stands, in each theme: screenshots/<name>-<theme>.png. */
export async function takePictures(workbench: Workbench, name: string, { of, themes: wanted = all, pose }: Shot = {}): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const theme of wanted) {
    await changeTheme(workbench, theme);
    await workbench.page.mouse.move(0, 0);
    await pose?.();
    await drawn(workbench);
    const path = join(folder, `${name}-${theme}.png`);
    await (of === undefined ? workbench.page.screenshot({ path }) : of.screenshot({ path }));
  }
}

/** By the folder's settings, as the window watches them; waits until window and pages have it. */
async function changeTheme({ page, workspace }: Workbench, theme: ThemeName): Promise<void> {
  const { name, window, page: kind } = themes[theme];
  mkdirSync(join(workspace, '.vscode'), { recursive: true });
  writeFileSync(join(workspace, '.vscode/settings.json'), JSON.stringify({ 'workbench.colorTheme': name }));
  await page.locator(`.monaco-workbench.${window}`).waitFor();
  for (const body of await pages(page.locator('iframe.webview.ready:visible'))) await body.locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor();
}

/** Waits for two frames of every page in sight: what was asked for before is drawn then. */
async function drawn({ page }: Workbench): Promise<void> {
  const twoFrames = 'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))';
  for (const body of await pages(page.locator('iframe.webview.ready:visible'))) await body.locator('body').evaluate(twoFrames);
  await page.evaluate(twoFrames);
}

async function pages(frames: Locator): Promise<FrameLocator[]> {
  const inSight = await frames.all();
  return inSight.map((frame) => frame.contentFrame().locator('iframe#active-frame').contentFrame());
}
