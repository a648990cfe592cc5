export interface Room {
  readonly imports: readonly string[];
  readonly types?: readonly string[];
  readonly node?: boolean | readonly string[];
  readonly packages?: readonly string[];
}
export const rooms: Readonly<Record<string, Room>>;
export const neverReach: readonly { readonly from: readonly string[]; readonly to: readonly string[] }[];
export const mathematicsInBundles: Readonly<Record<string, readonly string[]>>;
export function roomOf(path: string): string | null;
export function names(list: readonly string[], room: string): boolean;
