import { type Static, Type } from 'typebox';
import type { SchemaNode } from './schema/node';
import { deployment, diversity, models, policies, search } from './schema/search';
import { data, reward, variables } from './schema/data';
import { bounds, safety, system } from './schema/setup';

/**
 * The one description of the experiment file: types, JSON Schema, defaults, documentation and hovers come from it.
 * Beside JSON Schema's own keywords, fields may carry `unit` and `effect`, both sentences for people.
 */
export const experimentFileSchema = Type.Object(
  {
    ibrl: Type.Literal(1, { title: 'Format', description: 'Version of this file format.' }),
    name: Type.Optional(
      Type.String({ title: 'Name', description: 'What people call the experiment.', minLength: 1, maxLength: 200, default: 'Unnamed experiment' }),
    ),
    system,
    variables: Type.Optional(variables),
    data: Type.Optional(data),
    reward: Type.Optional(reward),
    bounds: Type.Optional(bounds),
    safety: Type.Optional(safety),
    diversity: Type.Optional(diversity),
    policies: Type.Optional(policies),
    models: Type.Optional(models),
    search: Type.Optional(search),
    iterations: Type.Optional(
      Type.Integer({
        title: 'Iterations',
        description: 'How often the loop of fitting, searching, deploying and recording is run.',
        effect: 'Gains are largest in the first three or four.',
        unit: 'iterations',
        minimum: 1,
        maximum: 100,
        default: 4,
      }),
    ),
    deployment: Type.Optional(deployment),
    seed: Type.Optional(
      Type.Integer({
        title: 'Seed',
        description: 'Start of all random streams: the same file and seed give the same run.',
        minimum: 0,
        maximum: 2_147_483_647,
        default: 1,
      }),
    ),
  },
  {
    title: 'IBRL experiment',
    description: 'From recordings of a system to safe, deliberately different policies, over several iterations.',
    additionalProperties: false,
  },
);

/** An experiment file as it is written: defaults left out, shorthands allowed. */
export type ExperimentFile = Static<typeof experimentFileSchema>;

/** The schema as plain JSON Schema terms, for those who walk it. */
export const experimentSchemaNode = experimentFileSchema as unknown as SchemaNode;
