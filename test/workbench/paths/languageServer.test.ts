import { afterEach, expect, test } from 'vitest';
import { smallWorld } from '../driver/experiments';
import { waitForEnd } from '../driver/runs';
import { Workbench } from '../driver/workbench';

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test('a language server that is killed is started again, which is said, and goes on with the text as it is', async () => {
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': smallWorld() } });
  const { page } = workbench;
  const before = new Set(serversOf(workbench));
  await workbench.openFile('world.ibrl.yaml');
  await workbench.editor().locator('.codelens-decoration a').first().waitFor();
  const [pid] = serversOf(workbench).filter((one) => !before.has(one));
  process.kill(pid, 'SIGKILL');
  await waitForEnd(pid);
  await page.locator('.statusbar-item', { hasText: 'The language server has ended unexpectedly and is started again.' }).waitFor();
  await workbench.waitForLog(new RegExp(`Language server ended, process ${pid}, after .*, exit code SIGKILL`));

  await workbench.cursorBehind('measure: min-lsed');
  await page.keyboard.press('Backspace');
  await workbench.editor().locator('.squiggly-error').first().waitFor();
  expect((await workbench.problems()).join('\n')).toContain('min-lse');
  const [next] = serversOf(workbench).filter((one) => one !== pid && !before.has(one));
  expect(next).toBeDefined();
});

/** Ids of the language servers that the log knows. */
function serversOf(workbench: Workbench): number[] {
  return workbench.logLines().flatMap((line) => /Language server started, process (\d+)\./.exec(line)?.slice(1).map(Number) ?? []);
}
