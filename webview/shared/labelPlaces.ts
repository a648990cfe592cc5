/** A rectangle, px. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A piece of a line, px. */
export interface Segment {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/** What a word must not cover. */
export interface Obstacles {
  readonly boxes: readonly Box[];
  readonly segments: readonly Segment[];
}

/** The box of a word around its centre. */
export function boxAround(x: number, y: number, width: number, height: number): Box {
  return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
}

/** The place that covers the fewest obstacles; the first of those. @throws RangeError when there is no place */
export function freestPlace<Place extends { readonly box: Box }>(places: readonly Place[], { boxes, segments }: Obstacles): Place {
  if (places.length === 0) throw new RangeError('A word needs at least one place.');
  let best = places[0];
  let least = Infinity;
  for (const place of places) {
    const covered = boxes.filter((box) => overlap(box, place.box)).length + segments.filter((segment) => crosses(segment, place.box)).length;
    if (covered < least) [best, least] = [place, covered];
  }
  return best;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** By Liang and Barsky: the part of the segment that lies within each side of the box. */
function crosses({ from: [x, y], to }: Segment, { left, top, right, bottom }: Box): boolean {
  const [dx, dy] = [to[0] - x, to[1] - y];
  let [first, last] = [0, 1];
  for (const [step, room] of [[-dx, x - left], [dx, right - x], [-dy, y - top], [dy, bottom - y]] as const) {
    if (step === 0) {
      if (room < 0) return false;
    } else if (step < 0) first = Math.max(first, room / step);
    else last = Math.min(last, room / step);
  }
  return first <= last;
}
