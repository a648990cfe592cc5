import type { EditAnswer, EditParams, ExperimentModel, ModelParams } from '../../messages/languageProtocol';
import { languageMethods } from '../../messages/languageProtocol';

/** The client of the language server, as far as the Designer needs it. */
export interface LanguageRequests {
  sendRequest<Answer>(method: string, params: unknown): Promise<Answer>;
}

/** Who reads an experiment and computes its edits: the language server, or the same functions without it. */
export interface ExperimentLanguage {
  model(params: ModelParams): Promise<ExperimentModel>;
  edit(params: EditParams): Promise<EditAnswer>;
}

/** Asks the language server. */
export function throughServer(client: LanguageRequests): ExperimentLanguage {
  return {
    model: (params) => client.sendRequest<ExperimentModel>(languageMethods.model, params),
    edit: (params) => client.sendRequest<EditAnswer>(languageMethods.edit, params),
  };
}
