import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitScales } from '../../../src/learning/data/scaling';
import { columnScales, windowColumns, writeWindow } from '../../../src/learning/data/window';
import { copyRow, writeRows } from '../../../src/learning/engine/rowTable';
import { windowTables } from '../../../src/learning/model/rowTable';
import { tank, tankBatch, tankEpisode } from '../tank';

test('rows of a table are the windows of their frames, feature-major, however many are written', () => {
  const batch = tankBatch([tankEpisode(6, 1), tankEpisode(9, 2)]);
  const scales = fitScales(tank, batch, { level: [0, 100] }, null);
  const columns = windowColumns(['level', 'pump'], batch.stateNames, batch.actionNames);
  const ofColumns = columnScales(columns, scales);
  const episodes = Int32Array.from({ length: 15 }, (_, i) => (i < 6 ? 0 : 1));
  const rows = Int32Array.from({ length: 15 }, (_, i) => (i < 6 ? i : i - 6));
  fc.assert(
    fc.property(fc.array(fc.nat(14), { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (chosen, history) => {
      const table = windowTables(batch, columns, ofColumns, history)({ episodes, rows });
      const out = new Float32Array(1 + 2 * history * chosen.length);
      writeRows(table, Int32Array.from(chosen), out, 1);
      const window = new Float32Array(2 * history);
      chosen.forEach((row, column) => {
        writeWindow(batch.episodes[episodes[row]], rows[row], history, columns, ofColumns, window, 0);
        expect(window.map((_, feature) => out[1 + feature * chosen.length + column])).toEqual(window);
        const copied = new Float32Array(2 * history);
        copyRow([table], row, copied);
        expect(copied).toEqual(window);
      });
    }),
  );
});
