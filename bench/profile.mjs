/**
 * npm run profile [-- EXPERIMENT --large --write]: one whole run with the fastest engine, of the Industrial Benchmark's example unless told
 * otherwise (`--large`: of large.ibrl.yaml), and where its time went: for each phase the wall clock, how busy the processor was, and what the computing thread was
 * at. Node samples its stacks every millisecond; the trainer's processor time is read from /proc, so this needs Linux.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const TICKS = 100; // of /proc/PID/stat in a second, on every Linux
const SAMPLE_MS = 20;
/** what a stack is counted to: the first that one of its frames' sources begins with; see `partOf` */
const PARTS = [
  ['diff', ['src/trainer/phases/diffing', 'src/learning/diff/']],
  ['checkpoints', ['src/trainer/checkpoint', 'src/learning/model/snapshot']],
  ['events and files', ['src/trainer/context', 'src/run/', 'node_modules/hyparquet-writer', 'src/trainer/messages']],
  ['health signs', ['src/trainer/phases/health', 'src/trainer/phases/gradientLog', 'src/learning/evaluation/healthSigns']],
  ['simulators and controllers', ['src/learning/system/', 'src/learning/policy/', 'src/trainer/simulation/players', 'src/trainer/simulation/playing', 'src/trainer/phases/rollingOut', 'src/trainer/simulation/simulators']],
  ['recordings', ['src/learning/data/', 'node_modules/hyparquet']],
];
const COLUMNS = ['engine', 'around the engine', ...PARTS.map(([name]) => name), 'other'];

/** For each line of a bundle, the source that it came from: esbuild heads every source with its name. */
function sourcesOf(bundle) {
  let source = '';
  return readFileSync(bundle, 'utf8').split('\n').map((line) => (source = /^\/\/ ((?:src|node_modules)\/\S+)$/.exec(line)?.[1] ?? source));
}

/** @returns for each node of a profile, what it is counted to; null while the thread waits */
function partsOf(profile, sources) {
  const parents = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const sourceOf = ({ callFrame: { url, lineNumber } }) => (url.endsWith('/compute.cjs') ? (sources[lineNumber] ?? '') : '');
  const stackOf = (id) => {
    const stack = [];
    for (let at = id; at !== undefined; at = parents.get(at)) stack.push(nodes.get(at));
    return stack;
  };
  return new Map(profile.nodes.map((node) => {
    const { functionName } = node.callFrame;
    if (functionName === '(idle)' || functionName === '(program)' || functionName === '(root)') return [node.id, null];
    const stack = stackOf(node.id);
    if (stack.some((each) => sourceOf(each).startsWith('src/learning/engine/') && each.callFrame.functionName === 'run')) return [node.id, 'engine'];
    if (stack.some((each) => /^src\/learning\/(engine|search|model)\//.test(sourceOf(each)) && !/healthSigns/.test(sourceOf(each)))) return [node.id, 'around the engine'];
    return [node.id, PARTS.find(([, prefixes]) => stack.some((each) => prefixes.some((prefix) => sourceOf(each).startsWith(prefix))))?.[0] ?? 'other'];
  }));
}

/** Seconds of processor time of a process and its threads so far, or null when it is gone. */
function processorSeconds(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return null;
  }
}

/** Trains, and returns its events, its processor time in the course of it, and the profile of each thread. */
async function train(experiment, folder) {
  const words = ['--cpu-prof', `--cpu-prof-dir=${join(folder, 'profiles')}`, join(root, 'dist/trainer.cjs'), '--run', join(folder, 'run'), '--experiment', experiment, '--threads', String(cpus().length)];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  const used = [];
  const look = () => {
    const seconds = processorSeconds(child.pid);
    if (seconds !== null) used.push({ time: Date.now(), seconds });
  };
  const timer = setInterval(look, SAMPLE_MS);
  const code = await new Promise((done) => child.on('exit', done));
  clearInterval(timer);
  if (code !== 0) throw new Error(`The run ended with ${code}.`);
  const events = readFileSync(join(folder, 'run/events.ndjson'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  const profiles = readdirSync(join(folder, 'profiles')).map((name) => JSON.parse(readFileSync(join(folder, 'profiles', name), 'utf8')));
  return { events, used, profiles };
}

const secondsAt = (used, time) => (used.findLast((each) => each.time <= time) ?? used[0]).seconds;

/** Stretches of the run in milliseconds since 1970: the phases, and what lies between them. */
function stretchesOf(events) {
  const at = (event) => Date.parse(event.time);
  const stretches = [];
  let last = at(events[0]);
  for (const event of events) {
    if (event.type !== 'phase-started' && event.type !== 'phase-ended') continue;
    stretches.push({ phase: event.type === 'phase-ended' ? event.phase : 'between', from: last, to: at(event) });
    last = at(event);
  }
  return [...stretches, { phase: 'between', from: last, to: at(events.at(-1)) }];
}

function rowsOf({ events, used, profiles }) {
  const computing = profiles.find((profile) => profile.nodes.some(({ callFrame }) => callFrame.url.endsWith('/compute.cjs')));
  if (computing === undefined) throw new Error('There is no profile of the computing thread.');
  const parts = partsOf(computing, sourcesOf(join(root, 'dist/compute.cjs')));
  const sinceBoot = Number(process.hrtime.bigint()) / 1e6; // a profile's clock, in milliseconds
  const offset = Date.now() - sinceBoot;
  const stretches = stretchesOf(events);
  const rows = new Map();
  for (const { phase, from, to } of stretches) {
    const row = rows.get(phase) ?? { wall: 0, processor: 0, parts: new Map(), samples: 0 };
    row.wall += (to - from) / 1e3;
    row.processor += secondsAt(used, to) - secondsAt(used, from);
    rows.set(phase, row);
  }
  let time = computing.startTime / 1e3 + offset;
  let index = 0;
  computing.samples.forEach((sample, i) => {
    const milliseconds = computing.timeDeltas[i] / 1e3;
    time += milliseconds;
    while (index < stretches.length - 1 && time > stretches[index].to) index++;
    if (time < stretches[0].from || time > stretches[index].to) return;
    const row = rows.get(stretches[index].phase);
    const part = parts.get(sample);
    if (part === null) return;
    row.parts.set(part, (row.parts.get(part) ?? 0) + milliseconds / 1e3);
    row.samples += milliseconds / 1e3;
  });
  const all = { wall: 0, processor: 0, parts: new Map(), samples: 0 };
  for (const row of rows.values()) {
    for (const key of ['wall', 'processor', 'samples']) all[key] += row[key];
    for (const [part, seconds] of row.parts) all.parts.set(part, (all.parts.get(part) ?? 0) + seconds);
  }
  rows.set('all', all);
  return rows;
}

function tableOf(rows) {
  const percent = (value, of) => (of > 0 ? `${((100 * value) / of).toFixed(1)} %` : '–');
  const lines = [...rows].filter(([, { wall }]) => wall >= 0.05).map(([phase, { wall, processor, parts, samples }]) => [phase, wall.toFixed(1), (processor / wall).toFixed(2), ...COLUMNS.map((name) => percent(parts.get(name) ?? 0, samples))]);
  return [['phase', 'wall, s', 'cores busy', ...COLUMNS], ['---', ...new Array(COLUMNS.length + 2).fill('---:')], ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Busy seconds of the coordinator's thread, which writes events, files and checkpoints. */
function coordinatorSeconds(profiles) {
  const coordinating = profiles.find((profile) => profile.nodes.some(({ callFrame }) => callFrame.url.endsWith('/trainer.cjs')));
  const waiting = new Set(coordinating.nodes.filter(({ callFrame }) => ['(idle)', '(program)', '(root)'].includes(callFrame.functionName)).map(({ id }) => id));
  return coordinating.samples.reduce((sum, sample, i) => sum + (waiting.has(sample) ? 0 : coordinating.timeDeltas[i] / 1e6), 0);
}

const words = process.argv.slice(2);
const large = words.includes('--large');
const experiment = resolve(words.find((word) => !word.startsWith('--')) ?? join(root, large ? 'bench/large.ibrl.yaml' : 'examples/industrial-benchmark.ibrl.yaml'));
const folder = mkdtempSync(join(tmpdir(), 'ibrl-profile-'));
try {
  const trained = await train(experiment, folder);
  const rows = rowsOf(trained);
  const { engine, arithmetic, threads } = trained.events.find(({ type }) => type === 'attempt-started');
  const { wall } = rows.get('all');
  const coordinator = coordinatorSeconds(trained.profiles);
  const facts = `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, load ${loadavg()[0].toFixed(1)}; engine ${engine}, ${arithmetic}, ${threads} threads; one run of ${wall.toFixed(0)} s. Beside it the coordinator’s thread was busy for ${coordinator.toFixed(1)} s (${((100 * coordinator) / wall).toFixed(1)} %).`;
  const section = `${facts}\n\n${tableOf(rows)}`;
  console.log(section);
  if (words.includes('--write')) {
    const page = join(root, 'docs/performance.md');
    const name = large ? 'profile:large' : 'profile';
    const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const text = readFileSync(page, 'utf8');
    writeFileSync(page, `${text.slice(0, text.indexOf(begin) + begin.length)}\n\n${section}\n\n${text.slice(text.indexOf(end))}`);
  }
} finally {
  if (words.includes('--keep')) console.log(`Profiles for the developer tools of Chromium: ${folder}/profiles`);
  else rmSync(folder, { recursive: true, force: true });
}
