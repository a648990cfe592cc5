/** Fills a rectangle with slanted lines: outside the bounds, or too little to go by. */
export function hatch(context: CanvasRenderingContext2D, x: number, y: number, width: number, height: number, colour: string, gap = 6): void {
  if (width <= 0 || height <= 0) return;
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.setLineDash([]);
  context.beginPath();
  // anchored to the canvas, so that neighbours join
  const first = Math.floor((x + y) / gap) * gap;
  for (let sum = first; sum <= x + width + y + height; sum += gap) {
    context.moveTo(sum - y, y);
    context.lineTo(sum - y - height, y + height);
  }
  context.stroke();
  context.restore();
}
