import { type Static, Type } from 'typebox';
import type { ExperimentModel } from './languageProtocol';

/** What the page of the Experiment Designer and its host say to one another. The host sends snapshots. */

const version = Type.Integer({ minimum: 0 });
/** numbers the page's edits, so that each is answered */
const id = Type.Integer({ minimum: 1 });
const position = Type.Object({ line: Type.Integer({ minimum: 0 }), character: Type.Integer({ minimum: 0 }) });

export const designerCommands = ['run', 'queue', 'validate', 'openAsText', 'showLog', 'manageTrust', 'describe'] as const;
export type DesignerCommand = (typeof designerCommands)[number];

export const templateKinds = ['grid-2d', 'industrial-benchmark', 'plant', 'program'] as const;
export type TemplateKind = (typeof templateKinds)[number];

/** One value of the file to be changed. */
const change = Type.Union([
  Type.Object({ kind: Type.Literal('set'), path: Type.String({ minLength: 1, maxLength: 1000 }), value: Type.Unknown() }),
  /** back to the default */
  Type.Object({ kind: Type.Literal('remove'), path: Type.String({ minLength: 1, maxLength: 1000 }) }),
]);
export type DesignerChange = Static<typeof change>;

/** From the page. */
export const fromDesigner = Type.Union([
  /** all of them at once, one step to undo; refused when the document is not at `version` any more */
  Type.Object({ kind: Type.Literal('edit'), id, version, changes: Type.Array(change, { minItems: 1, maxItems: 200 }) }),
  /** the fix of a finding, by its place in the model's list */
  Type.Object({ kind: Type.Literal('fix'), id, version, finding: Type.Integer({ minimum: 0 }) }),
  /** fills an empty file */
  Type.Object({ kind: Type.Literal('template'), id, version, system: Type.Enum([...templateKinds]) }),
  Type.Object({ kind: Type.Literal('reveal'), range: Type.Object({ start: position, end: position }) }),
  Type.Object({ kind: Type.Literal('command'), command: Type.Enum([...designerCommands]) }),
]);
export type FromDesigner = Static<typeof fromDesigner>;

/** The recorded values of one variable, in its unit. */
export const recordedVariable = Type.Object({
  /** in equal bins from `minimum` to `maximum` */
  counts: Type.Array(Type.Integer({ minimum: 0 }), { minItems: 1, maxItems: 1000 }),
  minimum: Type.Number(),
  maximum: Type.Number(),
  mean: Type.Number(),
  p5: Type.Number(),
  p95: Type.Number(),
});
export type RecordedVariable = Static<typeof recordedVariable>;

/** What the bars over the bounds show. */
const recordings = Type.Union([
  /** `program`: only a run starts the user's program */
  Type.Object({ kind: Type.Literal('none'), reason: Type.Enum(['untrusted', 'virtual', 'faulty', 'program', 'unsaved']) }),
  Type.Object({ kind: Type.Literal('computing') }),
  Type.Object({ kind: Type.Literal('failed'), message: Type.String() }),
  Type.Object({
    kind: Type.Literal('known'),
    /** rows that the bars count */
    rows: Type.Integer({ minimum: 0 }),
    /** the run that they are a sample of, and up to which iteration; null: all of the recordings themselves */
    run: Type.Union([Type.Object({ name: Type.String(), created: Type.String(), iteration: Type.Integer() }), Type.Null()]),
    /** the file's system or data were changed since */
    stale: Type.Boolean(),
    variables: Type.Record(Type.String(), recordedVariable),
  }),
]);
export type Recordings = Static<typeof recordings>;
export type KnownRecordings = Extract<Recordings, { kind: 'known' }>;

/** One line of the text, from 1. */
const shownLine = Type.Object({ number: Type.Integer({ minimum: 1 }), text: Type.String(), changed: Type.Boolean() });
const changedLines = Type.Object({
  /** stretches of the present text, each with a line around what changed */
  stretches: Type.Array(Type.Array(shownLine)),
  /** lines that were changed or added, and lines that are gone without another in their place */
  changed: Type.Integer({ minimum: 0 }),
  removed: Type.Integer({ minimum: 0 }),
});
export type ChangedLines = Static<typeof changedLines>;

/** To the page. The model comes from the language server, which is our own; only its outline is checked here. */
export const toDesigner = Type.Union([
  Type.Object({
    kind: Type.Literal('state'),
    model: Type.Unsafe<ExperimentModel>(Type.Object({ version, state: Type.Enum(['sound', 'faulty', 'broken', 'empty']), settings: Type.Array(Type.Object({ path: Type.String() })), findings: Type.Array(Type.Object({ path: Type.String(), message: Type.String() })) })),
    /** not saved */
    edited: Type.Boolean(),
    trusted: Type.Boolean(),
    /** not on a disk: nothing can be run */
    virtual: Type.Boolean(),
    /** cannot be written, such as a file of a finished run */
    writable: Type.Boolean(),
    recordings,
    /** against the saved text */
    changes: changedLines,
    /** how long the newest finished run of the experiment took */
    lastRun: Type.Union([Type.Object({ milliseconds: Type.Number({ minimum: 0 }), iterations: Type.Integer() }), Type.Null()]),
  }),
  /** to an edit, after the state that it led to; `refused`: why nothing was changed, and what stands in the way */
  Type.Object({
    kind: Type.Literal('answer'),
    id,
    refused: Type.Union([Type.Object({ message: Type.String(), place: Type.Union([Type.Object({ start: position, end: position }), Type.Null()]) }), Type.Null()]),
  }),
  /** the language server does not answer, so there is no model */
  Type.Object({ kind: Type.Literal('unavailable'), message: Type.String() }),
]);
export type ToDesigner = Static<typeof toDesigner>;
export type DesignerState = Extract<ToDesigner, { kind: 'state' }>;
