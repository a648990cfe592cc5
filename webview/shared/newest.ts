/**
 * Uses the newest of what comes, once a frame. A message that stands for everything makes those before it void: a page that is slower
 * than its host is never behind by more than one.
 */
export function newestInFrame<Value>(use: (value: Value) => void): (value: Value) => void {
  let waiting: { value: Value } | null = null;
  return (value) => {
    if (waiting !== null) {
      waiting.value = value;
      return;
    }
    const own = { value };
    waiting = own;
    requestAnimationFrame(() => {
      waiting = null;
      use(own.value);
    });
  };
}
