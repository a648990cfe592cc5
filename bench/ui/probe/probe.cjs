'use strict';
/**
 * An extension of the bench's own, in the same extension host as the one that is measured. It listens on a port of this machine,
 * which it writes into the folder IBRL_PROBE, and answers:
 *   POST /begin    from now on, stretches in which the event loop did not turn are noted and stacks are sampled
 *   POST /end      → { late: [from, to, time on the processor][] in µs, profile: V8's }
 *   POST /heap     → bytes in use after garbage was collected
 *   POST /command  with [id, ...arguments]
 */
const { Session } = require('node:inspector');
const { createServer } = require('node:http');
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { commands } = require('vscode');

const lookMs = 1;
const lateUs = 3_000;
const sampleUs = 500;

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
  subscriptions.push({ dispose: () => (server.close(), session.disconnect()) });
};

function now() {
  return Number(process.hrtime.bigint() / 1_000n);
}

/** Of this thread alone. */
function processorUs() {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
