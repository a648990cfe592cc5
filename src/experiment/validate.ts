import type { Experiment } from './experiment';
import type { Finding, Range } from './findings';
import { type Place, type ReadTree, readTree } from './readTree';
import { resolveExperiment } from './resolve';
import { boundsRules } from './rules/bounds';
import { namesRules } from './rules/names';
import type { Rule, RuleContext } from './rules/rule';
import { settingsRules } from './rules/settings';
import type { ExperimentFile } from './schema';
import { describeSystem } from './systems';
import { parseYaml, type YamlSource } from './yamlSource';

/** More are not listed: nobody reads them, and a file made to have millions must not fill the memory. */
const mostFindings = 200;

const rules: readonly Rule[] = [...namesRules, ...boundsRules, ...settingsRules];

export interface Validation {
  /** complete with defaults; null exactly when a finding is an error */
  readonly experiment: Experiment | null;
  /** in the order of the text */
  readonly findings: readonly Finding[];
}

/**
 * Reads an experiment file: YAML, then the schema, then how the settings fit one another and the system. Never
 * throws, whatever the text; the caller decides what an error means.
 */
export function validateExperiment(text: string): Validation {
  const source = parseYaml(text);
  const root = source.document?.contents ?? null;
  if (hasError(source.findings)) return { experiment: null, findings: inOrder(source.findings) };
  if (root === null || emptyRoot(source)) {
    const start = source.range(0, 0);
    const message = 'The file holds no experiment. Begin with `ibrl: 1` and `system: { kind: grid-2d }`.';
    return { experiment: null, findings: [...source.findings, { code: 'empty-file', severity: 'error', message, range: start }] };
  }

  const tree = readTree(source, root);
  const findings = [...source.findings, ...tree.findings];
  const experiment = tree.value === undefined || isBroken(tree.broken, 'system.kind') ? null : resolveExperiment(tree.value as ExperimentFile);
  if (experiment) findings.push(...applyRules(experiment, tree));
  return { experiment: hasError(findings) ? null : experiment, findings: inOrder(findings) };
}

/** Applies every rule whose settings were read without error. */
function applyRules(experiment: Experiment, tree: ReadTree): Finding[] {
  const findings: Finding[] = [];
  const context: RuleContext = {
    experiment,
    description: describeSystem(experiment.system),
    written: (path) => tree.places.has(path),
    range: (path) => placeOf(tree, path).value,
    keyRange: (path) => placeOf(tree, path).key ?? placeOf(tree, path).value,
    report: (severity, code, message, range, fix) => findings.push({ code, severity, message, range, ...(fix ? { fix } : {}) }),
  };
  for (const rule of rules) {
    if (!rule.reads.some((path) => isBroken(tree.broken, path))) rule.check(context);
  }
  return findings;
}

/** Where a setting stands, or the key of the closest section around it, or the beginning of the file. */
function placeOf({ places }: ReadTree, path: string): Place {
  const exact = places.get(path);
  if (exact) return exact;
  for (let end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1)) {
    const section = places.get(path.slice(0, end));
    if (section) return { key: section.key, value: section.key ?? section.value };
  }
  const start: Range['start'] = { line: 0, character: 0 };
  return { key: null, value: { start, end: start } };
}

/** Whether a setting, a section around it or a part of it is wrong. */
function isBroken(broken: ReadonlySet<string>, path: string): boolean {
  for (const wrong of broken) {
    if (wrong === '' || wrong === path || path.startsWith(`${wrong}.`) || wrong.startsWith(`${path}.`)) return true;
  }
  return false;
}

function emptyRoot({ text, document }: YamlSource): boolean {
  const range = document?.contents?.range;
  return range !== undefined && range !== null && text.slice(range[0], range[1]).trim() === '';
}

function hasError(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error');
}

function inOrder(findings: readonly Finding[]): Finding[] {
  const sorted = [...findings].sort(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
  if (sorted.length <= mostFindings) return sorted;
  const kept = sorted.slice(0, mostFindings);
  const { end } = kept[mostFindings - 1].range;
  const severity = hasError(sorted) ? 'error' : 'warning';
  return [...kept, { code: 'too-many-findings', severity, message: `${sorted.length - mostFindings} more findings are not listed. Correct these first.`, range: { start: end, end } }];
}
