/** @throws RangeError when there are fewer seeds than episodes */
export function checkSeeds(seeds: ArrayLike<number>, episodes: number): void {
  if (seeds.length < episodes) throw new RangeError(`${episodes} episodes need ${episodes} seeds, but there are ${seeds.length}.`);
}

/** @throws RangeError when the array of actions has another length, or an action is not finite: no simulator goes on from that */
export function checkActions(actions: ArrayLike<number>, length: number): void {
  if (actions.length !== length) throw new RangeError(`A step takes ${length} numbers as actions, but got ${actions.length}.`);
  for (let i = 0; i < length; i++) if (!Number.isFinite(actions[i])) throw new RangeError(`An action is ${actions[i]}: a step takes numbers.`);
}
