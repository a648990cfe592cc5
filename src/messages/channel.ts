import { type Static, Type } from 'typebox';

/**
 * What every page and its host say to one another, beside the messages of their own surface. Both ends check what
 * arrives against a schema, and drop what does not fit: a page is not more trusted than a file.
 */
export const pageLife = Type.Union([
  /** the page can draw now; the host answers with its state */
  Type.Object({ kind: Type.Literal('ready') }),
  /** is the host still there? answered by `alive` */
  Type.Object({ kind: Type.Literal('ping') }),
  /** what the user arranged, for the host that may come after this one */
  Type.Object({ kind: Type.Literal('kept'), state: Type.Unknown() }),
]);
export type PageLife = Static<typeof pageLife>;

export const hostLife = Type.Union([Type.Object({ kind: Type.Literal('alive') })]);
export type HostLife = Static<typeof hostLife>;

/** What the page is given with its HTML, in the element `ibrl-page`. */
export const pageData = Type.Object({
  /** BCP 47, of the workbench */
  locale: Type.String(),
  /** English → translated; null: English */
  translations: Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()]),
  /** what was arranged in the page that this one stands in for; null: nothing */
  arrangement: Type.Unknown(),
});
export type PageData = Static<typeof pageData>;
