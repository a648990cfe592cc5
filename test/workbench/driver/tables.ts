import type { Locator } from 'playwright-core';

/** The number of a cell as the pages write it: a true minus, groups, perhaps a unit behind it. */
export function numberOf(text: string): number {
  return Number(/[-+]?[\d.]+/.exec(text.replaceAll('−', '-').replaceAll(',', ''))?.[0]);
}

/** Texts of a table's body, row by row. */
export async function rowsOf(table: Locator): Promise<string[][]> {
  await table.waitFor();
  return table.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent?.trim() ?? '')));
}
