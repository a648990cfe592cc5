import * as l10n from '@vscode/l10n';
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import type { Finding } from '../experiment/findings';
import type { OpenExperiment } from './openExperiment';

/** A finding of either stage; `asOf`, in milliseconds since 1970, where it rests on recordings. */
export interface DatedFinding {
  readonly finding: Finding;
  readonly asOf: number | null;
}

/** All that is known to be wrong or doubtful, in document positions. What the text alone causes is not said twice. */
export function findingsOf(experiment: OpenExperiment): readonly DatedFinding[] {
  const own = experiment.current.findings.map((finding): DatedFinding => ({ finding: inDocument(experiment, finding), asOf: null }));
  const { ofData } = experiment;
  if (ofData === null) return own;
  const said = new Set(own.map(({ finding }) => identity(finding)));
  const others = ofData.findings.filter((finding) => !said.has(identity(finding as Finding)));
  return [...own, ...others.map((finding): DatedFinding => ({ finding: finding as Finding, asOf: ofData.asOf }))];
}

export function toDiagnostic({ asOf, finding }: DatedFinding, locale: string): Diagnostic {
  const { code, message, range, severity } = finding;
  return {
    range: { start: { ...range.start }, end: { ...range.end } },
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code,
    source: 'ibrl',
    message: asOf === null ? message : `${message} ${l10n.t('Recordings as of {0}.', moment(asOf, locale))}`,
  };
}

function moment(milliseconds: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(milliseconds);
}

function inDocument(experiment: OpenExperiment, finding: Finding): Finding {
  const { fix, range } = finding;
  return { ...finding, range: experiment.toDocument(range), ...(fix && { fix: { ...fix, range: experiment.toDocument(fix.range) } }) };
}

function identity({ code, range, message }: Finding): string {
  return `${code} ${range.start.line}:${range.start.character} ${message}`;
}
