import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { modelOf } from '../../src/languageServer/model';
import { OpenExperiment } from '../../src/languageServer/openExperiment';
test('x', () => {
  const text = readFileSync('examples/industrial-benchmark.ibrl.yaml', 'utf8');
  const m = modelOf(new OpenExperiment(TextDocument.create('file:///a.ibrl.yaml', 'ibrl', 1, text), null));
  console.log(m.state, m.findings.length);
  for (const s of m.settings) console.log(s.path, '|', s.title, '|', s.type, '|', JSON.stringify(s.value), '|', JSON.stringify(s.default), '|', s.written, '|', s.rangeWords, '|', s.unit);
});
