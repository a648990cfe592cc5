/** Numbers that are read, or looked at, in one go: about a millisecond's worth even while the code is cold. */
export const pieceNumbers = 8_192;

/** Does all pieces of work, one after the other. */
export function finish<Value>(work: Generator<void, Value>): Value {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
