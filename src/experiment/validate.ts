import { t } from '@vscode/l10n';
import { decodeExperiment } from './decodeText';
import type { Experiment } from './experiment';
import type { Finding, Range } from './findings';
import { fitted } from './remedies';
import { type Place, type ReadTree, readTree } from './readTree';
import { resolveExperiment } from './resolve';
import { boundsRules } from './rules/bounds';
import { formulasRules } from './rules/formulas';
import { namesRules } from './rules/names';
import { recordingsRules } from './rules/recordings';
import type { Rule, RuleContext } from './rules/rule';
import { sectionsRules } from './rules/sections';
import { settingsRules } from './rules/settings';
import { startsRules } from './rules/starts';
import { variablesRules } from './rules/variables';
import type { ExperimentFile } from './schema';
import { describeExperiment } from './describeExperiment';
import { isShipped } from './systems';
import { parseYaml, type YamlSource } from './yamlSource';

/** More are not listed: nobody reads them, and a file made to have millions must not fill the memory. */
const mostFindings = 200;

/** What is declared must be sound before anything can be held against it. */
const declarationRules: readonly Rule[] = [...variablesRules, ...formulasRules, ...recordingsRules];

const rules: readonly Rule[] = [...namesRules, ...boundsRules, ...startsRules, ...settingsRules];

export interface Validation {
  /** complete with defaults; null exactly when a finding is an error */
  readonly experiment: Experiment | null;
  /** in the order of the text */
  readonly findings: readonly Finding[];
  readonly places: Places;
}

/** What one pass over a text brings to light; everything that an editor shows of it feeds on this. */
export interface Reading extends Validation {
  readonly source: YamlSource;
  /** what follows the schema; null where the text holds nothing. Of broken YAML, as much as could be made out */
  readonly tree: ReadTree | null;
  /** as `experiment`, but there in spite of errors, as long as the kind of system is known; what is wrong is a default */
  readonly draft: Experiment | null;
}

/** Where settings stand in the text. */
export interface Places {
  /** Whether the setting stands in the file, rather than being a default. */
  written(path: string): boolean;
  /** Where the setting's value stands; for a default, the closest section around it. */
  range(path: string): Range;
  /** Where the setting's key stands, or else its value. */
  keyRange(path: string): Range;
}

/** Reads the bytes of an experiment file, which may be in a foreign encoding, or no text at all. */
export function validateExperimentBytes(bytes: Uint8Array): Validation {
  const { text, finding } = decodeExperiment(bytes);
  return finding === null ? validateExperiment(text) : { experiment: null, findings: [finding], places: noPlaces };
}

/**
 * Reads an experiment file: YAML, then the schema, then how the settings fit one another and the system. Never
 * throws, whatever the text; the caller decides what an error means.
 */
export function validateExperiment(text: string): Reading {
  const source = parseYaml(text);
  const root = source.document?.contents ?? null;
  if (hasError(source.findings)) {
    const tree = root === null ? null : readTree(source, root);
    return { experiment: null, draft: null, findings: inOrder(source.findings), places: noPlaces, source, tree };
  }
  if (root === null || emptyRoot(source)) {
    const start = source.range(0, 0);
    const message = t('The file holds no experiment. Begin with `ibrl: 1` and `system: { kind: grid-2d }`.');
    const findings: Finding[] = [...source.findings, { code: 'empty-file', severity: 'error', message, range: start }];
    return { experiment: null, draft: null, findings, places: noPlaces, source, tree: null };
  }

  const tree = readTree(source, root);
  const findings: Finding[] = [...source.findings, ...tree.findings];
  const draft = tree.value === undefined || isBroken(tree.broken, 'system.kind') ? null : resolveExperiment(tree.value as ExperimentFile);
  const places = placesIn(tree);
  if (draft) findings.push(...applyRules(draft, tree, places));
  return { experiment: hasError(findings) ? null : draft, draft, findings: inOrder(findings).map((finding) => withSureFix(finding, source)), places, source, tree };
}

function withSureFix({ fix, ...finding }: Finding, source: YamlSource): Finding {
  const sure = fix && fitted(fix, source);
  return sure ? { ...finding, fix: sure } : finding;
}

/** Applies every rule whose settings were read without error. */
function applyRules(experiment: Experiment, tree: ReadTree, places: Places): Finding[] {
  const findings: Finding[] = [];
  const broken = new Set(tree.broken);
  const context: RuleContext = {
    file: tree.value as ExperimentFile,
    experiment,
    description: describeExperiment(experiment),
    ...places,
    isBroken: (path) => isBroken(broken, path),
    rangeWithin: (path, text, start, end) => within(placeOf(tree, path).value, text, start, end),
    report: (severity, code, message, range, fix) => findings.push({ code, severity, message, range, ...(fix ? { fix } : {}) }),
  };
  const apply = (some: readonly Rule[]) => {
    for (const rule of some) {
      if (!rule.reads.some((path) => isBroken(broken, path))) rule.check(context);
    }
  };
  apply(sectionsRules);
  if (!isShipped(experiment.system.kind)) {
    if (context.written('variables')) apply(declarationRules);
    if (hasError(findings)) broken.add('variables');
  }
  apply(rules);
  return findings;
}

function placesIn(tree: Pick<ReadTree, 'places'>): Places {
  return {
    written: (path) => tree.places.has(path),
    range: (path) => placeOf(tree, path).value,
    keyRange: (path) => placeOf(tree, path).key ?? placeOf(tree, path).value,
  };
}

/** The places of a text that is not at hand. */
export const noPlaces: Places = placesIn({ places: new Map() });

/** A part of a text that stands in one line, plain or in quotes without escapes; else the whole of it. */
function within(whole: Range, text: string, start: number, end: number): Range {
  const { line, character } = whole.start;
  const quotes = whole.end.character - character - text.length;
  if (whole.end.line !== line || text.includes('\n') || (quotes !== 0 && quotes !== 2)) return whole;
  const first = character + quotes / 2;
  return { start: { line, character: first + start }, end: { line, character: first + end } };
}

/** Where a setting stands, or the key of the closest section around it, or the beginning of the file. */
function placeOf({ places }: Pick<ReadTree, 'places'>, path: string): Place {
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
  return [...kept, { code: 'too-many-findings', severity, message: t('{0} more findings are not listed. Correct these first.', sorted.length - mostFindings), range: { start: end, end } }];
}
