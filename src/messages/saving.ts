import { type Static, Type } from 'typebox';

/** A page asks its host to save something that a person exports: pages reach no disk. */
export const saveFile = Type.Object({
  kind: Type.Literal('save'),
  /** suggested, without folders */
  name: Type.String({ pattern: '^[A-Za-z0-9 ._-]{1,100}$' }),
  content: Type.Union([Type.Object({ text: Type.String() }), Type.Object({ /** data:image/png;base64,… */ png: Type.String({ pattern: '^data:image/png;base64,' }) })]),
});
export type SaveFile = Static<typeof saveFile>;
