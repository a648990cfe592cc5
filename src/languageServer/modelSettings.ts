import * as l10n from '@vscode/l10n';
import { defaultOf, withDefaults } from '../experiment/defaults';
import type { Range } from '../experiment/findings';
import type { ExperimentFile } from '../experiment/schema';
import { experimentSchemaNode } from '../experiment/schema';
import { joinPath, mappingAlternative, type SchemaNode } from '../experiment/schema/node';
import type { Reading } from '../experiment/validate';
import { rangeWords } from '../experiment/words';
import type { Setting } from '../messages/languageProtocol';
import { kindIn, settingsOf } from './knownSystem';
import { alternativesOf, type Kind } from './schemaAt';
import { sharingIn } from './sharing';

type Mapping = Readonly<Record<string, unknown>>;

/**
 * All settings that the chosen system may have, in the order of the schema.
 *
 * @param toDocument null: the reading is not of the present text, so nothing has a place
 */
export function settingsIn(reading: Reading, toDocument: ((range: Range) => Range) | null): Setting[] {
  return new Settings(reading, toDocument).all();
}

class Settings {
  private readonly kind: Kind;
  private readonly written: Mapping;
  private readonly complete: Mapping;
  private readonly sharing: ReturnType<typeof sharingIn>;

  constructor(
    private readonly reading: Reading,
    private readonly toDocument: ((range: Range) => Range) | null,
  ) {
    this.kind = kindIn(reading);
    this.written = settingsOf(reading.tree);
    this.complete = this.kind === null ? this.written : (withDefaults(longForm(this.written) as ExperimentFile) as Mapping);
    this.sharing = sharingIn(reading.source);
  }

  all(): Setting[] {
    return this.below(experimentSchemaNode, '', this.complete);
  }

  private below(schema: SchemaNode, path: string, value: unknown): Setting[] {
    return this.children(schema, value).flatMap(([key, property]) => {
      const at = joinPath(path, key);
      const inner = childOf(value, key);
      return [this.setting(property, at, inner), ...this.below(property, at, inner)];
    });
  }

  /** The keys that a mapping has or may have; names of variables where they stand in the file. */
  private children(schema: SchemaNode, value: unknown): [string, SchemaNode][] {
    const mappings = alternativesOf(schema, this.kind).filter(({ type }) => type === 'object');
    const keys = isMapping(value) ? Object.keys(value) : [];
    const chosen = keys.length > 0 ? mappingAlternative(schema, new Set(keys), this.kind) : null;
    return (chosen ? [chosen] : mappings).flatMap(({ patternProperties, properties = {} }) => {
      const [open] = Object.values(patternProperties ?? {});
      return [...Object.entries(properties), ...(open ? keys.map((key): [string, SchemaNode] => [key, open]) : [])];
    });
  }

  private setting(schema: SchemaNode, path: string, value: unknown): Setting {
    const { tree } = this.reading;
    const among = alternativesOf(schema, this.kind);
    const place = tree?.places.get(path) ?? this.placeOfShorthand(path);
    const wrong = tree?.broken.has(path) ?? false;
    const settled = (this.kind === null ? schema.default : defaultOf(schema, path, this.kind)) ?? this.derivedDefault(path);
    const numeric = among.find(({ type }) => type === 'number' || type === 'integer') ?? entryOf(among.find(({ type }) => type === 'array'));
    const shared = this.sharing(path.split('.'));
    const convert = this.toDocument;
    return {
      path,
      title: l10n.t(schema.title ?? path.slice(path.lastIndexOf('.') + 1)),
      description: schema.description ? l10n.t(schema.description) : '',
      effect: schema.effect ? l10n.t(schema.effect) : '',
      unit: schema.unit && schema.unit !== '1' ? l10n.t(schema.unit) : '',
      type: typeOf(among, value),
      choices: among.flatMap(({ const: constant, enum: words }) => words ?? (constant === undefined ? [] : [String(constant)])),
      nullable: among.some(({ type }) => type === 'null'),
      range: {
        minimum: numeric?.minimum ?? null,
        maximum: numeric?.maximum ?? null,
        exclusiveMinimum: numeric?.exclusiveMinimum ?? null,
        exclusiveMaximum: numeric?.exclusiveMaximum ?? null,
      },
      rangeWords: numeric ? rangeWords(numeric) : '',
      value: wrong ? null : (value ?? settled ?? null),
      written: place !== undefined,
      wrong,
      default: settled ?? null,
      place: place && convert ? { key: place.key && convert(place.key), value: convert(place.value) } : null,
      shared: shared && convert ? { name: shared.name, place: convert(shared.place) } : null,
    };
  }

  /** The count of starts may stand in the place of their section. */
  private placeOfShorthand(path: string) {
    return path === 'search.starts.count' && typeof childOf(this.written.search, 'starts') === 'number' ? this.reading.tree?.places.get('search.starts') : undefined;
  }

  /** Defaults that follow from other settings rather than from the kind of system alone. */
  private derivedDefault(path: string): unknown {
    const { draft } = this.reading;
    if (draft === null || this.reading.places.written(path)) return undefined;
    switch (path) {
      case 'diversity.over':
        return draft.diversity.over;
      case 'models.inputs':
        return draft.models.inputs;
      case 'models.reward':
        return draft.models.reward;
      case 'policies.inputs':
        return draft.policies.inputs;
      default:
        return undefined;
    }
  }
}

function longForm(file: Mapping): Mapping {
  const starts = childOf(file.search, 'starts');
  return typeof starts === 'number' ? { ...file, search: { ...(file.search as Mapping), starts: { count: starts } } } : file;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function childOf(value: unknown, key: string): unknown {
  return isMapping(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function entryOf(list: SchemaNode | undefined): SchemaNode | undefined {
  const items = Array.isArray(list?.items) ? (list.items as readonly SchemaNode[])[0] : (list?.items as SchemaNode | undefined);
  return items?.type === 'number' || items?.type === 'integer' ? items : undefined;
}

/** Of a union, what is written, else what comes first. */
function typeOf(among: readonly SchemaNode[], value: unknown): Setting['type'] {
  if (Array.isArray(value) && among.some(({ type }) => type === 'array')) return 'list';
  if (isMapping(value) && among.some(({ type }) => type === 'object')) return 'section';
  const [first] = among;
  if (first.const !== undefined || first.enum) return 'choice';
  if (first.type === 'array') return 'list';
  return first.type === undefined || first.type === 'object' || first.type === 'null' ? 'section' : first.type;
}
