/** A recorded stretch that models are judged on: from a frame on, for so many steps. */
export interface JudgedWindow {
  readonly episode: number;
  /** the frame that the rollout begins at */
  readonly row: number;
  readonly steps: number;
}

/** Steps ahead at which models are judged, and how many windows at most: a longer rollout counts for the shorter horizons too. */
export const judgedHorizons = [
  { steps: 1, most: 128 },
  { steps: 10, most: 64 },
  { steps: 25, most: 40 },
  { steps: 50, most: 24 },
  { steps: 100, most: 16 },
] as const;

/**
 * Chooses windows, spread evenly over all that the recordings offer: first the longest, then for each shorter horizon as many
 * more as it still lacks. The same recordings give the same windows, and their number is bounded however long they are.
 *
 * A window lies within one run of usable rows: its history, its start and all its steps. At an episode's beginning the
 * history is shorter, as it is for models.
 *
 * @param usable  of each episode, [frames]: 1 where a row may be used, such as the hold-out side of a split
 * @param history frames that a model sees, the start included
 */
export function chooseWindows(usable: readonly Uint8Array[], history: number): JudgedWindow[] {
  const reaches = usable.map((rows) => reachOf(rows, history));
  const taken = usable.map((rows) => new Uint8Array(rows.length));
  const chosen: JudgedWindow[] = [];
  for (const { steps, most } of judgedHorizons.toReversed()) {
    const left: JudgedWindow[] = [];
    reaches.forEach((reach, episode) => {
      for (let row = 0; row < reach.length; row++) if (reach[row] >= steps && taken[episode][row] === 0) left.push({ episode, row, steps });
    });
    const count = Math.min(left.length, most - chosen.length);
    for (let i = 0; i < count; i++) {
      const window = left[Math.floor(((i + 0.5) * left.length) / count)];
      taken[window.episode][window.row] = 1;
      chosen.push(window);
    }
  }
  return chosen;
}

/** Steps that a rollout can go from each row without leaving the usable ones; 0 where its history is not usable. */
function reachOf(usable: Uint8Array, history: number): Int32Array {
  const reach = new Int32Array(usable.length);
  let behind = 0;
  for (let row = usable.length - 1; row >= 0; row--) {
    reach[row] = usable[row] === 1 ? behind : 0;
    behind = usable[row] === 1 ? behind + 1 : 0;
  }
  let before = 0;
  for (let row = 0; row < usable.length; row++) {
    before = usable[row] === 1 ? before + 1 : 0;
    if (before < Math.min(history, row + 1)) reach[row] = 0;
  }
  return reach;
}
