/**
 * npm run study:loop [-- --seeds 5]: both examples over several seeds, and the 2D world without diversity, each run as a user
 * would run it; what came out is written to docs/results.md. Takes about a minute for each seed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const given = process.argv.indexOf('--seeds');
const seeds = Array.from({ length: given < 0 ? 5 : Number(process.argv[given + 1]) }, (_, i) => i + 1);
const examples = [
  { file: 'grid-2d', title: '2D world, start far', measure: 'return', digits: 1, without: 'diversity', lines: { doNothing: 'do nothing', behaviour: 'behaviour', straightToGoal: 'straight to the goal' } },
  { file: 'industrial-benchmark', title: 'Industrial Benchmark, setpoint 70', measure: 'cost', digits: 1, lines: { doNothing: 'do nothing', behaviour: 'behaviour', bestHold: 'best constant setpoint', oscillator: 'shift oscillator (the limit)' } },
];

const folder = mkdtempSync(join(tmpdir(), 'ibrl-study-'));
try {
  const sections = examples.map(study);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const head = `# Results of the loop

Made by \`npm run study:loop\` on ${new Date().toISOString().slice(0, 10)}: IBRL Studio ${version}, Node ${process.version}, ${availableParallelism()} cores (${cpus()[0].model.trim()}).
Each number comes from real episodes in the simulator that no policy learned from; n is the number of seeds (${seeds.join(', ')}).
Intervals are 95 % of a bootstrap over the seeds (4,000 resamples); from so few seeds they are too narrow and only a direction.
“probe” is one extra policy, never deployed and searched without diversity; “promised” is what the models said beforehand.
`;
  writeFileSync(join(root, 'docs/results.md'), `${head}\n${sections.join('\n')}`);
  console.log('\nwritten to docs/results.md');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function study({ file, title, measure, digits, without, lines }) {
  const train = (seed, name, ...settings) => {
    const run = join(folder, `${name}-${seed}`);
    const begin = performance.now();
    ibrl('train', join(root, `examples/${file}.ibrl.yaml`), '--run', run, ...[`seed=${seed}`, ...settings].flatMap((setting) => ['--set', setting]), '--json');
    const seconds = (performance.now() - begin) / 1000;
    const summary = JSON.parse(ibrl('show', run, '--json'));
    console.log(`${title}, ${name}, seed ${seed}: ${seconds.toFixed(0)} s, mean ${measure} ${summary.iterations.map((iteration) => iteration.mean[measure].toFixed(digits)).join(' / ')}`);
    return { seed, seconds, summary, recommendations: summary.iterations.map(({ iteration }) => JSON.parse(readFileSync(join(run, `iterations/00${iteration}/predicted.json`), 'utf8')).recommendation.policies) };
  };
  const runs = seeds.map((seed) => train(seed, file));
  const iterations = runs[0].summary.iterations.length;
  const number = (value) => value.toFixed(digits);
  const row = (name, pick) => {
    const cells = Array.from({ length: iterations }, (_, i) => {
      const values = runs.map(({ summary }) => pick(summary.iterations[i]));
      return `${number(mean(values))} [${interval(values).map(number).join(', ')}]`;
    });
    return `| ${name} | ${cells.join(' | ')} |`;
  };
  const head = `| ${measure} | ${Array.from({ length: iterations }, (_, i) => `iteration ${i + 1}`).join(' | ')} |\n|${' --- |'.repeat(iterations + 1)}`;
  const rows = [
    row('mean of K', (iteration) => iteration.mean[measure]),
    row('best of K', (iteration) => iteration.best[measure]),
    row('worst of K', (iteration) => iteration.worst[measure]),
    row('recommended', (iteration) => iteration.recommended[measure]),
    row('probe', (iteration) => iteration.probe[measure].mean),
    row('promised, mean of K', (iteration) => mean(iteration.policies.map((policy) => policy.promised[measure].mean))),
  ];
  const perSeed = runs.map(({ seed, seconds, summary }) => `| ${seed} | ${summary.iterations.map((iteration) => number(iteration.mean[measure])).join(' | ')} | ${seconds.toFixed(0)} |`);
  const judged = runs.flatMap(({ recommendations }) => recommendations.flat());
  const shares = judged.map(({ supported }) => supported).sort((a, b) => a - b);
  const share = (policies, pick) => `${(100 * mean(policies.map(pick))).toFixed(0)} %`;
  const rules = Array.from({ length: iterations }, (_, i) => runs.map(({ summary, recommendations }) => ({ policies: recommendations[i], iteration: summary.iterations[i] })));
  const ruleRow = (name, cell) => `| ${name} | ${rules.map(cell).join(' | ')} |`;
  const ungated = ({ policies, iteration }) => {
    const best = policies.filter(({ violations, sureImprovement }) => violations === 0 && sureImprovement !== null && sureImprovement > 0).sort((a, b) => b.sureImprovement - a.sureImprovement)[0];
    return best === undefined ? null : iteration.policies.find(({ policy }) => policy === best.policy)[measure].mean;
  };
  const present = ({ iteration }) => iteration.references.behaviour[measure].mean;
  const better = (value, than) => (measure === 'cost' ? value < than : value > than);
  const recommendation = [
    ruleRow('share of actions with support, mean', (seedsOf) => share(seedsOf.flatMap(({ policies }) => policies), ({ supported }) => supported)),
    ruleRow('policies with enough of it (95 %)', (seedsOf) => share(seedsOf.flatMap(({ policies }) => policies), ({ supported }) => Number(supported >= 0.95))),
    ruleRow('policies with sure improvement', (seedsOf) => share(seedsOf.flatMap(({ policies }) => policies), ({ sureImprovement }) => Number((sureImprovement ?? 0) > 0))),
    ruleRow('seeds in which a policy is recommended', (seedsOf) => seedsOf.filter(({ iteration }) => iteration.recommended.policy !== null).length),
    ruleRow('seeds in which one would be, were support not asked for', (seedsOf) => seedsOf.filter((one) => ungated(one) !== null).length),
    ruleRow('of these, better in reality than the present controller', (seedsOf) => seedsOf.filter((one) => ungated(one) !== null && better(ungated(one), present(one))).length),
  ];
  const bare = without === undefined ? null : seeds.map((seed) => train(seed, 'without diversity', 'diversity.measure=none'));
  const compared = bare === null ? '' : withAndWithout(runs, bare, measure, number, iterations);
  const references = Object.entries(lines).map(([key, name]) => `${name} ${number(mean(runs.map(({ summary }) => summary.iterations[0].references[key][measure].mean)))}`);
  const outside = runs.reduce((sum, { summary }) => sum + summary.iterations.reduce((steps, iteration) => steps + [...iteration.policies, iteration.probe].reduce((own, policy) => own + policy.violations.steps, 0), 0), 0);
  const nonFinite = runs.reduce((sum, { summary }) => sum + summary.nonFinite, 0);
  const last = runs.map(({ summary }) => summary.iterations[iterations - 1].mean[measure]);
  const first = runs.map(({ summary }) => summary.iterations[0].mean[measure]);
  const improved = last.filter((value, i) => better(value, first[i])).length;
  return `## ${title}

\`examples/${file}.ibrl.yaml\`; ${measure === 'cost' ? 'cost per step, lower is better' : 'discounted return, higher is better'}; n = ${runs.length} seeds.

${head}\n${rows.join('\n')}

Reference lines on the same episodes: ${references.join(', ')}.
Iteration ${iterations} against iteration 1, mean of K: ${number(mean(last) - mean(first))} on average, better in ${improved} of ${runs.length} seeds.
Steps outside the bounds, all evaluated policies, iterations and seeds: ${outside}. Gradients that were not finite: ${nonFinite}.

| seed | ${Array.from({ length: iterations }, (_, i) => `iteration ${i + 1}`).join(' | ')} | seconds |\n|${' --- |'.repeat(iterations + 2)}\n${perSeed.join('\n')}

**What the recommendation says.** Of ${judged.length} policies ${judged.filter(({ supported }) => supported >= 0.95).length} have support for 95 % of their actions; their shares go from ${(100 * shares[0]).toFixed(0)} % to ${(100 * shares.at(-1)).toFixed(0)} %.
What that means is on [the page about safety](safety.md#what-95--of-support-means-on-simulators).

| recommendation | ${Array.from({ length: iterations }, (_, i) => `iteration ${i + 1}`).join(' | ')} |\n|${' --- |'.repeat(iterations + 1)}\n${recommendation.join('\n')}
${compared}`;
}

/** The same seeds with and without diversity, side by side. */
function withAndWithout(runs, bare, measure, number, iterations) {
  const cells = (pick, tell = number) => Array.from({ length: iterations }, (_, i) => {
    const difference = runs.map(({ summary }, s) => pick(summary.iterations[i]) - pick(bare[s].summary.iterations[i]));
    const [low, high] = interval(difference);
    return `${tell(mean(runs.map(({ summary }) => pick(summary.iterations[i]))))} / ${tell(mean(bare.map(({ summary }) => pick(summary.iterations[i]))))}, ${tell(mean(difference))} [${tell(low)}, ${tell(high)}]`;
  });
  const twoDigits = (value) => value.toFixed(2);
  const rows = [
    ['mean of K', cells((iteration) => iteration.mean[measure])],
    ['best of K', cells((iteration) => iteration.best[measure])],
    ['worst of K', cells((iteration) => iteration.worst[measure])],
    ['coverage of the recordings', cells((iteration) => iteration.coverage, twoDigits)],
    ['MinLSED', cells((iteration) => iteration.minLsed, twoDigits)],
  ];
  return `
**With diversity / without (\`diversity.measure=none\`), and the difference** on the same seeds, with 95 % of a bootstrap over them:

| ${measure} | ${Array.from({ length: iterations }, (_, i) => `iteration ${i + 1}`).join(' | ')} |\n|${' --- |'.repeat(iterations + 1)}
${rows.map(([name, row]) => `| ${name} | ${row.join(' | ')} |`).join('\n')}
`;
}

function ibrl(...words) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist/ibrl.cjs'), ...words], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`ibrl ${words.join(' ')} ended with ${status}:\n${stderr}`);
  return stdout;
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** 2.5 and 97.5 % of the means of resamples, from a fixed stream of random numbers. */
function interval(values) {
  let state = 1;
  const draw = (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  const means = Array.from({ length: 4000 }, () => mean(values.map(() => values[draw(values.length)]))).sort((a, b) => a - b);
  return [means[100], means[3899]];
}
