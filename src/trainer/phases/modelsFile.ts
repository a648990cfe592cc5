import type { Frame } from '../context';
import type { BehaviourModel } from '../../learning/model/behaviour';
import type { TransitionModel } from '../../learning/model/transitionModel';
import type { Network } from '../../learning/policy/network';

/** models.json of an iteration: the ensemble, β, and the frame that they were scaled with. */
export interface Models {
  readonly members: readonly TransitionModel[];
  readonly behaviour: BehaviourModel;
  /** mean squared error on scaled targets, by member */
  readonly holdoutErrors: readonly number[];
  /** standard deviation of hold-out residuals of the ensemble's mean, by target, in its (logarithmic) unit */
  readonly residualSpread: Readonly<Record<string, number>>;
}

interface StoredNetwork {
  readonly sizes: readonly number[];
  readonly activation: Network['activation'];
  /** float32, little-endian, base64 */
  readonly parameters: string;
}

type Stored<Model extends { readonly network: Network }> = Omit<Model, 'network'> & { readonly network: StoredNetwork };

interface ModelsFile extends Omit<Models, 'members' | 'behaviour'> {
  readonly format: 'ibrl-models';
  readonly version: 1;
  readonly frame: Frame;
  readonly members: readonly Stored<TransitionModel>[];
  readonly behaviour: Stored<BehaviourModel>;
}

/** The same models give the same text. */
export function modelsFile(models: Models, frame: Frame): ModelsFile {
  const store = <Model extends { readonly network: Network }>(model: Model): Stored<Model> => ({ ...model, network: storeNetwork(model.network) });
  return { format: 'ibrl-models', version: 1, frame, ...models, members: models.members.map(store), behaviour: store(models.behaviour) };
}

function storeNetwork({ sizes, activation, parameters }: Network): StoredNetwork {
  return { sizes, activation, parameters: Buffer.from(parameters.buffer, parameters.byteOffset, parameters.byteLength).toString('base64') };
}
