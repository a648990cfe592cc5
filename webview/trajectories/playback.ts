import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Moves on by so many steps a second until the end, or until it is paused. */
export class Playback implements ReactiveController {
  private frame = 0;
  private playedAt = 0;
  private playing = false;

  /**
   * @param speed steps per second
   * @param advance moves on by whole steps, none too @returns whether there are more
   */
  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly speed: () => number,
    private readonly advance: (steps: number) => boolean,
  ) {
    host.addController(this);
  }

  get isPlaying(): boolean {
    return this.playing;
  }

  play(): void {
    this.playedAt = performance.now();
    this.frame = requestAnimationFrame(this.tick);
    this.tell(true);
  }

  pause(): void {
    cancelAnimationFrame(this.frame);
    this.tell(false);
  }

  hostDisconnected(): void {
    this.pause();
  }

  private readonly tick = (now: number): void => {
    const steps = Math.max(0, Math.floor(((now - this.playedAt) / 1_000) * this.speed()));
    this.playedAt += (steps * 1_000) / this.speed();
    if (this.advance(steps)) this.frame = requestAnimationFrame(this.tick);
    else this.pause();
  };

  private tell(playing: boolean): void {
    if (playing === this.playing) return;
    this.playing = playing;
    this.host.requestUpdate();
  }
}
