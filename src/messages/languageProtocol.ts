import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { SystemDescription } from '../experiment/experiment';
import { type Finding, type FindingCode, findingCodes } from '../experiment/findings';

/**
 * What the extension host and the language server say to one another beside the Language Server Protocol. Positions are
 * zero-based lines and UTF-16 columns of the document, as everywhere in that protocol.
 */
export const languageMethods = {
  /** request to the server: `ModelParams` → `ExperimentModel` */
  model: 'ibrl/model',
  /** request to the server: `EditParams` → `EditAnswer` */
  edit: 'ibrl/edit',
  /** notification to the server: `DataFindings` */
  dataFindings: 'ibrl/dataFindings',
  /** request to the host: `ListFilesParams` → `ListedFile[]` */
  listFiles: 'ibrl/listFiles',
} as const;

const position = Type.Object({ line: Type.Integer({ minimum: 0 }), character: Type.Integer({ minimum: 0 }) });
const range = Type.Object({ start: position, end: position });
export type DocumentRange = Static<typeof range>;

/** What the server is started with. */
export const serverOptions = Type.Object({
  /** what `vscode.l10n.bundle` holds: English → translated; absent: English */
  l10n: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Object({ message: Type.String(), comment: Type.Array(Type.String()) })]))),
});
export type ServerOptions = Static<typeof serverOptions>;

export const modelParams = Type.Object({ uri: Type.String() });
export type ModelParams = Static<typeof modelParams>;

export const editParams = Type.Object({
  uri: Type.String(),
  /** of the document that the edit is meant for; another one is refused as `stale` */
  version: Type.Integer(),
  /** dotted, such as `search.updates` or `bounds.level.1` */
  path: Type.String({ minLength: 1, maxLength: 1000 }),
  change: Type.Union([
    /** plain data, such as `200` or `[0.01, 0]` */
    Type.Object({ kind: Type.Literal('set'), value: Type.Unknown() }),
    /** back to the default: the setting leaves the file */
    Type.Object({ kind: Type.Literal('remove') }),
  ]),
});
export type EditParams = Static<typeof editParams>;

/** Findings of the second stage, which reads recordings. They hold for one version of the document and are dropped with it. */
export const dataFindings = Type.Object({
  uri: Type.String(),
  /** of the document whose text was checked */
  version: Type.Integer(),
  /** when it was checked, or when the run that said so began: milliseconds since 1970 */
  asOf: Type.Number({ minimum: 0, maximum: 8.64e15 }),
  /** as `ibrl validate --data --json` prints them; those that the text alone causes are left out by the server */
  findings: Type.Array(
    Type.Object({
      code: Type.Unsafe<FindingCode>(Type.Enum(Object.keys(findingCodes))),
      severity: Type.Union([Type.Literal('error'), Type.Literal('warning')]),
      message: Type.String(),
      range,
      fix: Type.Optional(Type.Object({ title: Type.String(), range, replacement: Type.String() })),
    }),
    { maxItems: 10_000 },
  ),
});
export type DataFindings = Static<typeof dataFindings>;

export const listFilesParams = Type.Object({
  /** of the experiment */
  uri: Type.String(),
  /** relative to the experiment's folder, with forward slashes; '' for that folder itself */
  folder: Type.String(),
});
export type ListFilesParams = Static<typeof listFilesParams>;

export const listedFiles = Type.Array(Type.Object({ name: Type.String(), isFolder: Type.Boolean() }));
export type ListedFile = Static<typeof listedFiles>[number];

/** What the server makes of an edit. */
export type EditAnswer =
  | { readonly kind: 'edits'; readonly version: number; readonly edits: readonly { readonly range: DocumentRange; readonly newText: string }[] }
  /** `place`: what stands in the way, such as the anchor of an alias */
  | { readonly kind: 'refused'; readonly code: FindingCode | 'stale'; readonly message: string; readonly place: DocumentRange | null };

/** An experiment file as data, for forms. */
export interface ExperimentModel {
  readonly uri: string;
  readonly version: number;
  /** `broken`: the text is no valid YAML, so nothing can be edited, and the settings are those of the last text that was */
  readonly state: 'sound' | 'faulty' | 'broken' | 'empty';
  /** the chosen system; null where its kind is not known. Of declared variables, those that are complete */
  readonly system: SystemDescription | null;
  /** in the order of the schema; with records such as `bounds`, one for each name that is written */
  readonly settings: readonly Setting[];
  /** of both stages, in the order of the text */
  readonly findings: readonly ModelFinding[];
}

export interface ModelFinding extends Finding {
  /** of the setting that it belongs to, or of the section around it; '' where that is the whole file */
  readonly path: string;
  /** of a finding of the second stage: milliseconds since 1970 */
  readonly asOf: number | null;
}

export interface Setting {
  readonly path: string;
  readonly title: string;
  readonly description: string;
  /** what a change does; '' where nothing is known */
  readonly effect: string;
  /** '' for none */
  readonly unit: string;
  readonly type: 'number' | 'integer' | 'boolean' | 'string' | 'choice' | 'list' | 'section';
  /** of a choice: its words */
  readonly choices: readonly string[];
  /** besides, `null` may be written */
  readonly nullable: boolean;
  /** allowed numbers, also of the entries of a list; an exclusive end is not itself allowed */
  readonly range: { readonly minimum: number | null; readonly maximum: number | null; readonly exclusiveMinimum: number | null; readonly exclusiveMaximum: number | null };
  /** allowed range in words, '' for any */
  readonly rangeWords: string;
  /** what holds: as written, or the default; null where that is wrong, missing, or `null` itself */
  readonly value: unknown;
  /** the setting stands in the file */
  readonly written: boolean;
  /** what is written is wrong; a finding says why */
  readonly wrong: boolean;
  /** for the chosen system; null where there is none */
  readonly default: unknown;
  /** where it stands; null where it does not */
  readonly place: { readonly key: DocumentRange | null; readonly value: DocumentRange } | null;
  /** it cannot be edited alone, since an alias repeats it: `name` of the anchor, and the place of the other end */
  readonly shared: { readonly name: string; readonly place: DocumentRange } | null;
}

/** What has arrived, if it fits the schema; else null. */
export function received<Schema extends TSchema>(schema: Schema, message: unknown): Static<Schema> | null {
  return Value.Check(schema, message) ? (message as Static<Schema>) : null;
}
