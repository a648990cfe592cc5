import type { Controller } from '../../policy/controller';

/** Zero steering: whatever the plant does when left alone. */
export function doNothing(): Controller {
  return {
    reset() {},
    act(_states, _previous, actions) {
      actions.fill(0);
    },
  };
}
