import { LitElement } from 'lit';

/**
 * A page that draws at most once a frame, then what is newest: one that is slower than its host is never behind by more than one
 * message, and a hidden one does not draw.
 */
export abstract class FramePage extends LitElement {
  protected override async scheduleUpdate(): Promise<void> {
    await new Promise(requestAnimationFrame);
    super.scheduleUpdate();
  }
}
