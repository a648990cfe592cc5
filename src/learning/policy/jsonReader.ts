import { type Sentence, sentence } from '../../sentence/sentence';
import { PolicyError } from './policyError';

/** A JSON value with the path that leads to it, so that an error can say where. */
export class Reader {
  constructor(
    readonly value: unknown,
    private readonly path: string,
  ) {}

  field(name: string): Reader {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) this.expected(sentence('an object'));
    return new Reader(Object.hasOwn(this.value, name) ? (this.value as Record<string, unknown>)[name] : undefined, `${this.path}.${name}`);
  }

  items(): Reader[] {
    if (!Array.isArray(this.value)) this.expected(sentence('a list'));
    return this.value.map((item, i) => new Reader(item, `${this.path}[${i}]`));
  }

  text(): string {
    return typeof this.value === 'string' ? this.value : this.expected(sentence('a text'));
  }

  number(): number {
    return typeof this.value === 'number' && Number.isFinite(this.value) ? this.value : this.expected(sentence('a number'));
  }

  positive(): number {
    return this.number() > 0 ? this.number() : this.expected(sentence('a number above 0'));
  }

  /** A number that is finite in float32 as well. */
  float32(): number {
    return Number.isFinite(Math.fround(this.number())) ? this.number() : this.expected(sentence('a number below 3.4e38'));
  }

  /** A whole number from 1 on. */
  count(): number {
    return Number.isInteger(this.value) && this.number() >= 1 ? this.number() : this.expected(sentence('a whole number from 1 on'));
  }

  interval(): readonly [number, number] {
    const [low, high, ...more] = this.items();
    if (low === undefined || high === undefined || more.length > 0 || !(low.number() < high.number())) this.expected(sentence('two numbers, the lower one first'));
    return [low.number(), high.number()];
  }

  oneOf<Text extends string>(texts: readonly Text[]): Text {
    return texts.find((text) => text === this.value) ?? this.expected(sentence('one of {0}', texts.map((text) => `"${text}"`).join(', ')));
  }

  orNull<Value>(read: (reader: Reader) => Value): Value | null {
    return this.value === null ? null : read(this);
  }

  private expected(what: Sentence): never {
    throw new PolicyError('bad-value', this.value === undefined
      ? sentence('{0} should be {1}, but it is missing. The policy file is damaged or was edited: take it from the run again.', this.path, what)
      : sentence('{0} should be {1}. The policy file is damaged or was edited: take it from the run again.', this.path, what));
  }
}
