'use strict';
/**
 * An extension of the bench's own, in the same extension host as the one that is measured. It listens on a port of this machine,
 * which it writes into the folder IBRL_PROBE, and answers:
 *   POST /begin    from now on, stretches in which the event loop did not turn are noted and stacks are sampled
 *   POST /end      → { late: [from, to, time on the processor][] in µs, profile: V8's }
 *   POST /heap     → bytes in use after garbage was collected
 *   POST /command  with [id, ...arguments]
 * Of files whose names end on .trivial.txt it knows all that a language server could tell at once: ten proposals anywhere, and an error
 * in the first line while that ends on x. What an editor takes for that, it takes itself.
 */
const { Session } = require('node:inspector');
const { createServer } = require('node:http');
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { commands, CompletionItem, Diagnostic, languages, workspace } = require('vscode');

const lookMs = 1;
const lateUs = 3_000;
const sampleUs = 500;
const trivial = '.trivial.txt';
const proposals = Array.from({ length: 10 }, (_, index) => new CompletionItem(`proposal${index}`));

exports.activate = function activate({ subscriptions }) {
  const session = new Session();
  session.connect();
  const post = (method, parameters) => new Promise((resolve, reject) => session.post(method, parameters, (error, answer) => (error ? reject(error) : resolve(answer))));
  let late = [];
  let timer = null;
  const answers = {
    '/begin': async () => {
      await post('Profiler.enable');
      await post('Profiler.setSamplingInterval', { interval: sampleUs });
      await post('Profiler.start');
      late = [];
      let [before, usedBefore] = [now(), processorUs()];
      timer = setInterval(() => {
        const [here, used] = [now(), processorUs()];
        if (here - before > lateUs) late.push([before, here, used - usedBefore]);
        [before, usedBefore] = [here, used];
      }, lookMs);
      return {};
    },
    '/end': async () => {
      clearInterval(timer);
      const { profile } = await post('Profiler.stop');
      return { late, profile };
    },
    '/heap': async () => {
      await post('HeapProfiler.collectGarbage');
      return { bytes: process.memoryUsage().heapUsed };
    },
    '/command': async (body) => {
      await commands.executeCommand(...JSON.parse(body));
      return {};
    },
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    try {
      response.end(JSON.stringify(await answers[request.url](body)));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  server.listen(0, '127.0.0.1', () => {
    mkdirSync(process.env.IBRL_PROBE, { recursive: true });
    writeFileSync(join(process.env.IBRL_PROBE, `${process.pid}.json`), JSON.stringify({ port: server.address().port }));
  });
  subscriptions.push({ dispose: () => (server.close(), session.disconnect()) }, ...answerAtOnce());
};

/** What there is to say about a trivial file, without a server and without thinking. */
function answerAtOnce() {
  const told = languages.createDiagnosticCollection('probe');
  return [
    told,
    languages.registerCompletionItemProvider({ pattern: `**/*${trivial}` }, { provideCompletionItems: () => proposals }),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (!document.uri.path.endsWith(trivial)) return;
      const { range, text } = document.lineAt(0);
      told.set(document.uri, text.endsWith('x') ? [new Diagnostic(range, 'It ends on x.')] : []);
    }),
  ];
}

function now() {
  return Number(process.hrtime.bigint() / 1_000n);
}

/** Of this thread alone. */
function processorUs() {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
