import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeFileAtomically } from '../../src/run/atomicFile';
import { keepDiff } from '../../src/run/diffCache';
import { Lock } from '../../src/run/lock';
import { iterationFiles } from '../../src/run/paths';
import { mostProgressEvents, ProgressThinner } from '../../src/run/progressThinner';
import { RunReader } from '../../src/run/reader';
import { makeRequest } from '../../src/run/requests';
import { RunWriter } from '../../src/run/writer';
import { phases } from '../../src/run/contract';
import { facts, newRun, temporaryFolder } from './helpers';

function pipeAt(path: string): void {
  execFileSync('mkfifo', [path]);
}

function newFolder(): string {
  return join(temporaryFolder(), '.ibrl', 'runs', newRun.id);
}

describe('a run folder', () => {
  test('holds run.json, the frozen experiment and the first events, hidden from git', () => {
    const folder = newFolder();
    const writer = RunWriter.create(folder, newRun, facts);
    writer.end('stopped', 0);
    const reader = RunReader.open(folder);
    expect(reader.description).toMatchObject({ id: newRun.id, seed: 7, iterations: 2, format: 'ibrl-run' });
    expect(reader.experimentText()).toBe(newRun.experimentText);
    expect(reader.events.map((event) => event.type)).toEqual(['run-created', 'attempt-started', 'state-changed', 'attempt-ended']);
    expect(readFileSync(join(folder, '..', '..', '.gitignore'), 'utf8')).toBe('*\n');
  });

  test('is not made where a run or anything else is', () => {
    const folder = newFolder();
    RunWriter.create(folder, newRun, facts).close();
    expect(() => RunWriter.create(folder, newRun, facts)).toThrow(/already holds a run/);
    const other = temporaryFolder();
    writeFileSync(join(other, 'thesis.tex'), '');
    expect(() => RunWriter.create(other, newRun, facts)).toThrow(/not empty/);
    expect(readdirSync(other)).toEqual(['thesis.tex']);
  });

  test('events are numbered on without a gap over attempts', async () => {
    const folder = newFolder();
    const first = RunWriter.create(folder, newRun, facts);
    first.append({ type: 'phase-started', iteration: 1, phase: 'collecting' });
    first.close();
    appendFileSync(join(folder, 'events.ndjson'), '{"seq":4,"att');
    for (const attempt of [2, 3]) {
      const writer = await RunWriter.resume(folder, facts);
      expect(writer.attempt).toBe(attempt);
      writer.append({ type: 'warning', code: 'test', message: 'again', iteration: 1 });
      writer.close();
    }
    const { events } = RunReader.open(folder);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1));
    expect(events.map((event) => event.attempt)).toEqual([0, 1, 1, 2, 2, 3, 3]);
  });

  test('a file without an event does not exist, a changed one is refused', () => {
    const folder = newFolder();
    const writer = RunWriter.create(folder, newRun, facts);
    const { sha256, bytes } = writer.writeFile(iterationFiles.policy(1, 1), 'a policy', 1);
    expect([sha256.length, bytes]).toEqual([64, 8]);
    writeFileSync(join(folder, iterationFiles.policy(1, 2)), 'no event');
    const reader = RunReader.open(folder);
    expect(reader.readText(iterationFiles.policy(1, 1))).toBe('a policy');
    expect(reader.has(iterationFiles.policy(1, 2))).toBe(false);
    expect(() => reader.readFile(iterationFiles.policy(1, 2))).toThrow(/has no iterations/);
    writeFileSync(join(folder, iterationFiles.policy(1, 1)), 'b policy');
    expect(() => reader.readFile(iterationFiles.policy(1, 1))).toThrow(/not what the run wrote/);
    writer.close();
  });

  test('a file that is replaced is there as it was until the event of its new bytes, whenever the writer dies', async () => {
    for (const point of ['write', 'rename', 'named', 'append'] as const) {
      const folder = newFolder();
      const batch = iterationFiles.batch(1);
      let dies = false;
      const writer = RunWriter.create(folder, newRun, facts, {
        faults: (reached) => {
          if (dies && reached === point) throw new Error('it died here');
        },
      });
      writer.writeFile(batch, 'recordings', 1);
      dies = true;
      expect(() => writer.writeFile(batch, 'recordings and more', 1)).toThrow('it died here');
      writer.close();
      await RunWriter.amendWith(folder, (next) => {
        expect(next.readFile(batch).toString(), point).toBe('recordings');
        next.writeFile(batch, 'recordings and others', 1);
      });
      expect(RunReader.open(folder).readText(batch)).toBe('recordings and others');
      (await RunWriter.resume(folder, facts)).close();
      expect(readdirSync(join(folder, 'iterations/001'))).toEqual(['batch.parquet']);
    }
  });

  test('an event cannot point out of the folder', () => {
    const folder = newFolder();
    const writer = RunWriter.create(folder, newRun, facts);
    expect(() => writer.writeFile('../escaped', 'x', 1)).toThrow(/not a path inside/);
    writer.close();
    const line = { seq: 3, attempt: 1, time: '', type: 'file-written', path: '../../../../etc/hostname', sha256: '0'.repeat(64), bytes: 1, iteration: 1 };
    appendFileSync(join(folder, 'events.ndjson'), `${JSON.stringify(line)}\n`);
    expect(RunReader.open(folder).fold.files.size).toBe(0);
  });

  test('the newest checkpoint with an event is the one to go on from', async () => {
    const folder = newFolder();
    const writer = RunWriter.create(folder, newRun, facts);
    writer.writeCheckpoint(Uint8Array.of(1), 1);
    const { seq, path } = writer.writeCheckpoint(Uint8Array.of(2), 1);
    expect(readdirSync(join(folder, 'checkpoint'))).toHaveLength(1);
    writeFileSync(join(folder, 'checkpoint', '99999999.bin'), 'written, then killed');
    writeFileSync(join(folder, 'checkpoint', 'x.aside'), 'killed while writing');
    writer.close();
    const next = await RunWriter.resume(folder, facts);
    expect(next.readCheckpoint()).toEqual({ bytes: Buffer.of(2), seq, iteration: 1 });
    expect(readdirSync(join(folder, 'checkpoint'))).toEqual([path.split('/')[1]]);
    next.close();
  });

  test('what was told behind the checkpoint counts no more once an attempt goes on from it', async () => {
    const folder = newFolder();
    const writer = RunWriter.create(folder, newRun, facts);
    const tell = (run: RunWriter, done: number): void => {
      run.progress(1, 'searching', done, 4, { loss: done });
      run.append({ type: 'non-finite', iteration: 1, phase: 'searching', policy: 1, update: done, count: 1 });
    };
    tell(writer, 1);
    const { seq } = writer.writeCheckpoint(Uint8Array.of(1), 1);
    tell(writer, 2);
    tell(writer, 3);
    writer.close();
    const next = await RunWriter.resume(folder, facts);
    next.append({ type: 'resumed', from: { seq, iteration: 1, phase: 'searching', done: 1 } });
    tell(next, 2);
    next.close();
    const reader = RunReader.open(folder);
    expect(reader.progress(1).map((event) => event.done)).toEqual([1, 2]);
    expect(reader.summary().nonFinite).toBe(2);
  });

  test('who appends after being superseded is ignored by readers and stopped by the writer', async () => {
    const folder = newFolder();
    const first = RunWriter.create(folder, newRun, facts);
    // as if a machine had slept for more than a minute: another one claims the lock
    writeFileSync(join(folder, 'lock', '000002.json'), JSON.stringify({ heartbeat: '1', machine: 'elsewhere', pid: 1, started: null, token: 'b', attempt: 2, released: true }));
    expect(() => first.append({ type: 'run-finished' })).toThrow(/taken over/);
    const second = await RunWriter.resume(folder, facts);
    appendFileSync(join(folder, 'events.ndjson'), `${JSON.stringify({ seq: 99, attempt: 1, time: '', type: 'run-finished' })}\n`);
    expect(RunReader.open(folder).state()).toBe('running');
    second.end('done', 0);
    expect(RunReader.open(folder).state()).toBe('done');
    first.close();
  });

  test('run.json with more iterations than any experiment has is refused, not gone through', () => {
    const folder = newFolder();
    RunWriter.create(folder, newRun, facts).close();
    const file = join(folder, 'run.json');
    for (const change of [{ iterations: Number.MAX_SAFE_INTEGER }, { policies: 65 }]) {
      const whole = JSON.parse(readFileSync(file, 'utf8')) as object;
      writeFileSync(file, JSON.stringify({ ...whole, ...change }));
      expect(() => RunReader.open(folder)).toThrow(expect.objectContaining({ code: 'invalid-file' }));
      writeFileSync(file, JSON.stringify(whole));
    }
  });

  test.skipIf(process.platform === 'win32')('a pipe or a device in the place of a file is refused, not waited for', () => {
    for (const [name, put] of [['events.ndjson', pipeAt], ['run.json', pipeAt], ['run.json', (path: string) => symlinkSync('/dev/zero', path)]] as const) {
      const folder = newFolder();
      RunWriter.create(folder, newRun, facts).close();
      rmSync(join(folder, name));
      put(join(folder, name));
      expect(() => RunReader.open(folder)).toThrow('is a pipe or a device, not a file.');
    }
  });

  test('a vanished folder is told as such', () => {
    const folder = newFolder();
    const writer = RunWriter.create(folder, newRun, facts);
    rmSync(folder, { recursive: true });
    expect(() => writer.append({ type: 'run-finished' })).toThrow(/not there any more/);
    expect(writer.fail(new Error('x'))).toBe(false);
  });

  test('a vanished folder is not made again by whoever was about to write in it', () => {
    const folder = newFolder();
    expect(() => makeRequest(folder, 'stop-now')).toThrow(/not there any more/);
    expect(() => Lock.acquire(join(folder, 'lock'))).toThrow(/not there any more/);
    expect(() => writeFileAtomically(join(folder, 'iterations/001/policies/policy-1.json'), '{}', { sync: false, within: folder })).toThrow(/not there any more/);
    keepDiff(folder, { before: 'a', after: 'b', models: 'c' }, '{}');
    expect(existsSync(folder)).toBe(false);
  });

  test('a run that failed and was given recordings waits, and is no failed one any more', () => {
    const folder = newFolder();
    const writer = RunWriter.create(folder, newRun, facts);
    writer.append({ type: 'failed', code: 'any', message: 'It failed.', causes: [] });
    expect(RunReader.open(folder).fold.failure).toMatchObject({ code: 'any' });
    writer.append({ type: 'state-changed', state: 'stopped' });
    expect(RunReader.open(folder).fold.failure).toBeNull();
    writer.close();
  });

  test('a folder that vanishes while a file in it is written is told as such', () => {
    const folder = newFolder();
    let moves = false;
    const writer = RunWriter.create(folder, newRun, facts, {
      faults: (point) => {
        if (moves && point === 'rename') renameSync(folder, `${folder}-moved`);
      },
    });
    moves = true;
    expect(() => writer.writeFile(iterationFiles.predicted(1), '{}', 1)).toThrow(`The run folder ${folder} is not there any more. Was it moved or deleted?`);
    writer.close();
  });

  test('state: running while its process lives, interrupted when it went without a word, else as it said', async () => {
    const folder = newFolder();
    const writer = RunWriter.create(folder, newRun, facts);
    const reader = RunReader.open(folder);
    expect(reader.state()).toBe('running');
    writer.close();
    expect(reader.state()).toBe('interrupted');
    const next = await RunWriter.resume(folder, facts);
    next.fail(new Error('outer', { cause: new Error('inner') }));
    reader.refresh();
    expect(reader.state()).toBe('failed');
    expect(reader.fold.failure).toMatchObject({ message: 'outer', causes: ['inner'] });
    const last = await RunWriter.resume(folder, facts);
    last.end('awaiting-approval', 0);
    reader.refresh();
    expect(reader.state()).toBe('awaiting-approval');
    expect(reader.summary().failure).toBeNull();
  });

  test('a run whose frozen experiment was edited is not gone on with', async () => {
    const folder = newFolder();
    RunWriter.create(folder, newRun, facts).close();
    writeFileSync(join(folder, 'experiment.yaml'), 'ibrl: 1\nname: Another\n');
    await expect(RunWriter.resume(folder, facts)).rejects.toThrow(/changed after the run began/);
  });

  test('before run.json there is nothing to resume, and the run can be made in the same place', async () => {
    const folder = newFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'experiment.yaml'), newRun.experimentText);
    writeFileSync(join(folder, 'run.json.1-ab.aside'), '{');
    await expect(RunWriter.resume(folder, facts)).rejects.toMatchObject({ code: 'not-a-run' });
    RunWriter.create(folder, newRun, facts).close();
    expect(existsSync(join(folder, 'run.json.1-ab.aside'))).toBe(false);
  });

  test('metrics that are no numbers are left out', () => {
    const folder = newFolder();
    const writer = RunWriter.create(folder, newRun, facts);
    writer.progress(1, 'searching', 1, 1, { loss: Number.NaN, gradient: 2 });
    writer.close();
    expect(RunReader.open(folder).progress(1)[0].metrics).toEqual({ gradient: 2 });
  });
});

describe('a request', () => {
  test('is pending until it is answered, and answered once', () => {
    const folder = newFolder();
    const writer = RunWriter.create(folder, newRun, facts);
    const request = makeRequest(folder, 'stop-after-iteration');
    expect(writer.requests()).toEqual([request]);
    writer.answer(request, 'done');
    writer.answer(request, 'refused');
    expect(writer.requests()).toEqual([]);
    // the same file once more, as after a kill between the answer and the removal
    writeFileSync(join(folder, 'control', `${request.id}.json`), JSON.stringify(request));
    expect(writer.requests()).toEqual([]);
    writer.close();
    const answers = RunReader.open(folder).events.filter((event) => event.type === 'request-handled');
    expect(answers).toMatchObject([{ id: request.id, kind: 'stop-after-iteration', outcome: 'done' }]);
  });

  test('to stop expires with the next attempt, a decision does not', async () => {
    const folder = newFolder();
    RunWriter.create(folder, newRun, facts).close();
    const stop = makeRequest(folder, 'stop-now');
    const approve = makeRequest(folder, 'approve', { reason: 'looks good' });
    const writer = await RunWriter.resume(folder, facts);
    expect(writer.requests()).toEqual([approve]);
    writer.close();
    expect(RunReader.open(folder).events.find((event) => event.type === 'request-handled')).toMatchObject({ id: stop.id, outcome: 'expired' });
  });

  test('that is damaged is left alone', () => {
    const folder = newFolder();
    const writer = RunWriter.create(folder, newRun, facts);
    mkdirSync(join(folder, 'control'));
    for (const text of ['', '{', '[]', '{"format":"ibrl-request","version":1,"id":"other","kind":"stop-now","created":""}']) {
      writeFileSync(join(folder, 'control', 'some.json'), text);
      expect(writer.requests()).toEqual([]);
    }
    mkdirSync(join(folder, 'control', 'folder.json'));
    if (process.platform !== 'win32') symlinkSync('/dev/zero', join(folder, 'control', 'endless.json'));
    expect(writer.requests()).toEqual([]);
    writer.close();
  });

  test('a decision is appended to a run that nobody works on, and refused while somebody does', async () => {
    const folder = newFolder();
    const writer = RunWriter.create(folder, newRun, facts);
    const approve = () => RunWriter.amend(folder, () => [{ type: 'decision', iteration: 1, decision: 'approved', by: 'person' }]);
    await expect(approve()).rejects.toMatchObject({ code: 'run-busy' });
    writer.end('awaiting-approval', 0);
    await approve();
    const reader = RunReader.open(folder);
    expect(reader.fold.decisions.get(1)).toMatchObject({ decision: 'approved', attempt: 1 });
    expect(reader.state()).toBe('awaiting-approval');
  });
});

describe('progress', () => {
  test('an iteration never leaves more than 2,000 events, whatever it counts, and always its ends', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: phases.length, maxLength: phases.length }), (totals) => {
        const thinner = new ProgressThinner();
        let kept = 0;
        for (const [index, phase] of phases.entries()) {
          const total = totals[index];
          for (let done = 0; done <= total; done++) {
            const keeps = thinner.keeps(1, phase, done, total);
            if (keeps) kept++;
            if (done === 0 || done === total) expect(keeps).toBe(true);
          }
          expect(thinner.keeps(1, phase, total, total)).toBe(false);
        }
        expect(kept).toBeLessThanOrEqual(mostProgressEvents);
      }),
      { numRuns: 10 },
    );
  });
});
