import { afterEach, expect, inject, test } from 'vitest';
import { startCodeServer } from '../../../scripts/codeServer.mjs';
import { smallWorld } from '../driver/experiments';
import { soon, waitForEnd } from '../driver/runs';
import { Workbench } from '../driver/workbench';

let workbench: Workbench | null = null;
let server: Awaited<ReturnType<typeof startCodeServer>> | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
  await server?.stop();
  server = null;
});

test('a language server that is killed is started again, which is said, and marks the text as it is', async () => {
  // of its own, so that there is one language server only
  server = await startCodeServer({ vsix: inject('vsix') });
  const window = await Workbench.open({ url: server.url, data: server.data, files: { 'world.ibrl.yaml': smallWorld().replace('min-lsed', 'min-lse') } });
  workbench = window;
  const { page } = workbench;
  await workbench.openFile('world.ibrl.yaml');
  const squiggle = workbench.editor().locator('.squiggly-error');
  await squiggle.first().waitFor();
  const [pid, ...others] = serversOf(workbench);
  expect(others).toEqual([]);
  // waited for beforehand: it stands there for five seconds
  const said = page.locator('.statusbar-item', { hasText: 'The language server has ended unexpectedly and is started again.' }).waitFor();
  process.kill(pid, 'SIGKILL');
  await Promise.all([said, waitForEnd(pid)]);
  expect(await workbench.waitForLog(/Language server ended/)).toMatch(new RegExp(`process ${pid}, after .*, exit code SIGKILL`));
  const next = await soon(() => serversOf(window).at(1), 'another language server');
  expect(next).not.toBe(pid);

  await squiggle.first().waitFor();
  expect((await workbench.problems()).join('\n')).toContain('min-lse');
  await workbench.cursorBehind('measure: min-lse');
  await page.keyboard.type('d');
  await squiggle.first().waitFor({ state: 'detached' });
  await page.keyboard.press('Backspace');
  await squiggle.first().waitFor();
  expect(serversOf(workbench)).toEqual([pid, next]);
});

/** Ids of the language servers that the log knows. */
function serversOf(workbench: Workbench): number[] {
  return workbench.logLines().flatMap((line) => /Language server started, process (\d+)\./.exec(line)?.slice(1).map(Number) ?? []);
}
