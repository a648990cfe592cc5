/** Settings whose keys or values mean something that no schema can say. */

/** A formula or a condition is written here. */
export function isFormula(path: readonly string[]): boolean {
  const dotted = path.join('.');
  return dotted === 'reward' || dotted === 'data.where' || (path[0] === 'variables' && path.length === 3 && path[2] === 'next');
}

/** A variable's name stands here, as a key or as an entry of a list. */
export function namesVariables(path: readonly string[]): boolean {
  return listsVariables(path.slice(0, -1)) || keysAreVariables(path.slice(0, -1)) || (path[0] === 'variables' && path.length === 2);
}

/** The entries of this list are names of variables. */
export function listsVariables(path: readonly string[]): boolean {
  return ['policies.inputs', 'models.inputs', 'diversity.over'].includes(path.join('.'));
}

/** The keys of this mapping are names of variables that exist. */
export function keysAreVariables(path: readonly string[]): boolean {
  return ['bounds', 'data.columns'].includes(path.join('.'));
}
