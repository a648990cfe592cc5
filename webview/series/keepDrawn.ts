import type { LitElement } from 'lit';
import { onThemeChange } from '../shared/theme';

/** Has an element's canvases drawn, at most once a frame: when the element has changed, its size has, or the theme. */
export function keepDrawn(host: LitElement, draw: () => void): void {
  let pending = 0;
  let stopTheme: (() => void) | null = null;
  const schedule = (): void => {
    if (pending !== 0) return;
    pending = requestAnimationFrame(() => {
      pending = 0;
      if (host.isConnected) draw();
    });
  };
  const resized = new ResizeObserver(schedule);
  host.addController({
    hostConnected: () => {
      stopTheme = onThemeChange(schedule);
      resized.observe(host);
    },
    hostDisconnected: () => {
      stopTheme?.();
      resized.disconnect();
      cancelAnimationFrame(pending);
      pending = 0;
    },
    hostUpdated: schedule,
  });
}
