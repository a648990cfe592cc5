import type { Range } from '../experiment/findings';
import type { ExperimentModel, ModelFinding } from '../messages/languageProtocol';
import { type DatedFinding, findingsOf } from './diagnostics';
import { systemIn } from './knownSystem';
import { settingsIn } from './modelSettings';
import { isReadable, type OpenExperiment } from './openExperiment';

/** The file as data, for forms: every setting with what holds, what may be written, and what is wrong with it. */
export function modelOf(experiment: OpenExperiment): ExperimentModel {
  const { current, readable, uri, version } = experiment;
  const broken = !isReadable(current);
  const isEmpty = current.findings.some(({ code }) => code === 'empty-file');
  const owner = ownerIn(experiment);
  return {
    uri,
    version,
    state: isEmpty ? 'empty' : broken ? 'broken' : current.experiment === null ? 'faulty' : 'sound',
    system: systemIn(readable),
    settings: settingsIn(readable, broken ? null : (range) => experiment.toDocument(range)),
    findings: findingsOf(experiment).map(({ asOf, finding }: DatedFinding): ModelFinding => ({ ...finding, asOf, path: broken ? '' : owner(finding.range) })),
  };
}

/** Finds the innermost setting around a range of the document. */
function ownerIn(experiment: OpenExperiment): (range: Range) => string {
  const settings = [...(experiment.current.tree?.places ?? [])].map(([path, { key, value }]) => {
    const { end, start } = experiment.toDocument({ start: key?.start ?? value.start, end: value.end });
    return { path, start, end };
  });
  return ({ start }) => {
    let owner = '';
    for (const { end, path, start: from } of settings) {
      if (path.length > owner.length && !isBefore(start, from) && !isBefore(end, start)) owner = path;
    }
    return owner;
  };
}

function isBefore(a: Range['start'], b: Range['start']): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
