import type { EventOf, Phase, RunEvent, RunState } from './contract';
import { iterationFiles } from './paths';

/** A file of the run, as the newest event about it says. */
export interface WrittenFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly iteration: number;
  readonly seq: number;
}

type Superseded = EventOf<'progress'> | EventOf<'non-finite'> | EventOf<'warning'> | EventOf<'health-measured'> | EventOf<'model-fitted'> | EventOf<'phase-started'> | EventOf<'phase-ended'>;

/**
 * What the events of a run add up to. Events of an attempt that was superseded count for nothing, nor does what was
 * told about work behind the checkpoint from which a later attempt goes on: it is done again and told again.
 */
export class RunFold {
  private lastSeq = 0;
  private lastAttempt = 0;
  private currentState: RunState = 'running';
  /** by kind, in order: one kind is asked for again and again while all others grow */
  private readonly told = new Map<Superseded['type'], Superseded[]>();
  private readonly written = new Map<string, WrittenFile>();
  private readonly answers = new Set<string>();
  private readonly added: EventOf<'data-added'>[] = [];
  private readonly decided = new Map<number, EventOf<'decision'>>();
  private lastStart: EventOf<'attempt-started'> | null = null;
  private lastEnd: EventOf<'attempt-ended'> | null = null;
  private lastFailure: EventOf<'failed'> | null = null;
  private lastTime: string | null = null;

  /** Adds the next event. @returns false when it counts for nothing */
  add(event: RunEvent): boolean {
    const isNext = event.attempt > this.lastAttempt || (event.attempt === this.lastAttempt && event.seq > this.lastSeq);
    if (!isNext) return false;
    this.lastSeq = event.seq;
    this.lastAttempt = event.attempt;
    this.lastTime = event.time;
    this.apply(event);
    return true;
  }

  private apply(event: RunEvent): void {
    switch (event.type) {
      case 'attempt-started':
        this.lastStart = event;
        this.lastEnd = null;
        this.lastFailure = null;
        this.currentState = 'running';
        break;
      case 'resumed':
        for (const [kind, events] of this.told) this.told.set(kind, events.filter((earlier) => earlier.seq <= event.from.seq));
        break;
      case 'file-written':
        this.written.set(event.path, { path: event.path, sha256: event.sha256, bytes: event.bytes, iteration: event.iteration, seq: event.seq });
        break;
      case 'progress':
      case 'non-finite':
      case 'warning':
      case 'health-measured':
      case 'model-fitted':
      case 'phase-started':
      case 'phase-ended':
        this.tell(event);
        break;
      case 'request-handled':
        this.answers.add(event.id);
        break;
      case 'decision':
        this.decided.set(event.iteration, event);
        break;
      case 'attempt-ended':
        this.lastEnd = event;
        this.currentState = event.state;
        break;
      case 'state-changed':
        this.currentState = event.state;
        // a run that failed can be given recordings, and waits then
        this.lastFailure = null;
        break;
      case 'run-finished':
        this.currentState = 'done';
        break;
      case 'failed':
        this.currentState = 'failed';
        this.lastFailure = event;
        break;
      case 'data-added':
        this.added.push(event);
        break;
      case 'run-created':
        break;
    }
  }

  private tell(event: Superseded): void {
    const before = this.told.get(event.type);
    if (before === undefined) this.told.set(event.type, [event]);
    else before.push(event);
  }

  get seq(): number {
    return this.lastSeq;
  }

  get attempt(): number {
    return this.lastAttempt;
  }

  get state(): RunState {
    return this.currentState;
  }

  /** ISO 8601, of the last event; null before the first. */
  get asOf(): string | null {
    return this.lastTime;
  }

  /** By path. A file that is not in here does not exist, whatever lies in the folder. */
  get files(): ReadonlyMap<string, WrittenFile> {
    return this.written;
  }

  get answeredRequests(): ReadonlySet<string> {
    return this.answers;
  }

  /** By iteration. */
  get decisions(): ReadonlyMap<number, EventOf<'decision'>> {
    return this.decided;
  }

  /** Recordings of a plant that joined, in order. */
  get dataAdded(): readonly EventOf<'data-added'>[] {
    return this.added;
  }

  /** Whether more recordings can join those that were added last: nothing was made of them yet. */
  get takesMoreRecordings(): boolean {
    const last = this.added.at(-1);
    return last !== undefined && !this.written.has(iterationFiles.trajectories(last.iteration));
  }

  get attemptStarted(): EventOf<'attempt-started'> | null {
    return this.lastStart;
  }

  /** Of the attempt that started last; null while it goes on, and when it ended without a word. */
  get attemptEnded(): EventOf<'attempt-ended'> | null {
    return this.lastEnd;
  }

  get failure(): EventOf<'failed'> | null {
    return this.lastFailure;
  }

  /** The newest checkpoint or null. @param prefix of its path */
  newestFile(prefix: string): WrittenFile | null {
    let newest: WrittenFile | null = null;
    for (const file of this.written.values()) if (file.path.startsWith(prefix) && (newest === null || file.seq > newest.seq)) newest = file;
    return newest;
  }

  /** All events of a kind that still count, in order. */
  toldOf<Type extends Superseded['type']>(type: Type): readonly EventOf<Type>[] {
    return (this.told.get(type) ?? []) as unknown as readonly EventOf<Type>[];
  }

  /** Where the run is: its last progress or the phase that began after it; null before the first. */
  get position(): { readonly iteration: number; readonly phase: Phase; readonly done: number; readonly total: number } | null {
    const places = (['progress', 'phase-started', 'phase-ended'] as const).flatMap((kind) => this.toldOf(kind).at(-1) ?? []);
    const last = places.toSorted((a, b) => a.attempt - b.attempt || a.seq - b.seq).at(-1);
    if (last === undefined) return null;
    const { iteration, phase } = last;
    if (last.type === 'progress') return { iteration, phase, done: last.done, total: last.total };
    return { iteration, phase, done: last.type === 'phase-ended' ? 1 : 0, total: 1 };
  }
}
