/**
 * Variable of the environment in which the extension tells an `ibrl` that it starts where the translations of the
 * editor's language are: absolute path of a file of `@vscode/l10n`.
 */
export const translationsVariable = 'IBRL_TRANSLATIONS';
