import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';

test('the built server answers over stdio, and ends when it is told to', async () => {
  const server = spawn(process.execPath, [join(import.meta.dirname, '../../dist/languageServer.cjs'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  const client = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  client.listen();
  const told = new Promise<unknown>((resolve) => client.onNotification('textDocument/publishDiagnostics', resolve));
  expect(await client.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} })).toMatchObject({ serverInfo: { name: 'ibrl' } });
  await client.sendNotification('textDocument/didOpen', { textDocument: { uri: 'file:///a.ibrl.yaml', languageId: 'ibrl', version: 3, text: 'ibrl: 1\n' } });
  expect(await told).toMatchObject({ version: 3, diagnostics: [{ code: 'missing-key' }] });
  await client.sendRequest('shutdown');
  await client.sendNotification('exit');
  expect((await ended)[0]).toBe(0);
  client.dispose();
});
