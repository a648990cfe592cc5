/** @throws RangeError when there are fewer seeds than episodes */
export function checkSeeds(seeds: ArrayLike<number>, episodes: number): void {
  if (seeds.length < episodes) throw new RangeError(`${episodes} episodes need ${episodes} seeds, but there are ${seeds.length}.`);
}

/** @throws RangeError when the array of actions has another length */
export function checkActions(actions: ArrayLike<number>, length: number): void {
  if (actions.length !== length) throw new RangeError(`A step takes ${length} numbers as actions, but got ${actions.length}.`);
}
