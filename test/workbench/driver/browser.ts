import type { LaunchOptions } from 'playwright-core';

/** Chromium as tests want it: no window, nothing in the background. */
export const browserOptions: LaunchOptions = {
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
};
