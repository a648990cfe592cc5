import { t } from '@vscode/l10n';
import { type BinaryOperator, type ComparisonOperator, type Condition, type Expression, functionNames, type FunctionName, largestPower } from './expression';
import { type Token, tokensOf } from './formulaTokens';

/** Longer or deeper formulas are refused: whoever walks an expression may recurse. */
const longestFormula = 2000;
const deepestNesting = 40;

/** Names with a meaning of their own in formulas; no variable may be called so. */
export const reservedNames: readonly string[] = [...functionNames, 'min', 'max', 'clamp', 'where', 'previous', 'and', 'or', 'not', 'true', 'false', 'nan', 'inf'];

/** What a formula may read. */
export interface FormulaScope {
  /** names of variables; null: any name, as a column of a file */
  readonly names: ReadonlySet<string> | null;
  /** whether `previous.x` may stand beside `x` */
  readonly previous: boolean;
}

/** What is wrong with a formula, and where in its text. */
export interface FormulaProblem {
  readonly kind: 'syntax' | 'unknown-name' | 'previous';
  /** what is wrong and what to do, in a sentence */
  readonly message: string;
  /** offsets in the text */
  readonly start: number;
  readonly end: number;
  /** the name that is not known, else null */
  readonly name: string | null;
}

export type Parsed<T> = { readonly value: T; readonly problem: null } | { readonly value: null; readonly problem: FormulaProblem };

/**
 * Reads a formula: numbers, names, `previous.name`, + − * /, whole powers with ^, min, max, clamp(x, low, high),
 * abs, exp, log, sqrt, tanh, where(condition, then, otherwise). As in mathematics, −x^2 is −(x^2).
 * Never throws; work is in proportion to the text.
 */
export function parseFormula(text: string, scope: FormulaScope): Parsed<Expression> {
  return parse(text, scope, (parser) => parser.number(parser.whole()));
}

/** Reads a condition, such as `mode == 1 && level > 0.2`: comparisons joined by && or `and`, || or `or`, ! or `not`. */
export function parseCondition(text: string, scope: FormulaScope): Parsed<Condition> {
  return parse(text, scope, (parser) => parser.condition(parser.whole()));
}

/** Leaves the parser's recursion at the first problem. */
class Refusal extends Error {
  constructor(readonly problem: FormulaProblem) {
    super(problem.message);
  }
}

function parse<T>(text: string, scope: FormulaScope, read: (parser: Parser) => T): Parsed<T> {
  if (text.length > longestFormula) {
    const message = t('The formula has {0} characters; {1} are read. Write a shorter one.', text.length, longestFormula);
    return { value: null, problem: { kind: 'syntax', message, start: 0, end: text.length, name: null } };
  }
  try {
    return { value: read(new Parser(tokensOf(text), scope)), problem: null };
  } catch (error) {
    if (error instanceof Refusal) return { value: null, problem: error.problem };
    throw error;
  }
}

/** A part of a formula: a number or a condition, and where it stands. */
interface Part {
  readonly start: number;
  readonly end: number;
  readonly node: Expression | Condition;
}

const comparisons: readonly string[] = ['<', '<=', '>', '>=', '==', '!='];

/** Recursive descent, one method for each level of precedence, loosest first. */
class Parser {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly scope: FormulaScope,
  ) {}

  whole(): Part {
    if (this.peek().kind === 'end') this.refuse(t('The formula is empty. Write, for example, `-level`.'));
    const part = this.either();
    if (this.peek().kind !== 'end') this.refuseToken((found) => t('An operator such as + or * is missing before `{0}`.', found));
    return part;
  }

  number({ node, start, end }: Part): Expression {
    if (isCondition(node)) this.refuse(t('A comparison stands where a number belongs. Write where(condition, a, b).'), start, end);
    return node;
  }

  condition({ node, start, end }: Part): Condition {
    if (!isCondition(node)) this.refuse(t('A number stands where a condition belongs. Compare it, for example `x > 0`.'), start, end);
    return node;
  }

  private either(): Part {
    return this.joined(['||', 'or'], 'or', () => this.joined(['&&', 'and'], 'and', () => this.negated()));
  }

  private joined(words: readonly string[], kind: 'and' | 'or', next: () => Part): Part {
    let left = next();
    while (words.includes(this.peek().text) && this.peek().kind !== 'quoted') {
      this.at++;
      const right = next();
      left = { start: left.start, end: right.end, node: { kind, left: this.condition(left), right: this.condition(right) } };
    }
    return left;
  }

  private negated(): Part {
    const { start } = this.peek();
    if (!this.takes('!') && !this.takes('not')) return this.compared();
    const of = this.nested(() => this.negated());
    return { start, end: of.end, node: { kind: 'not', of: this.condition(of) } };
  }

  private compared(): Part {
    const left = this.sum();
    if (this.peek().text === '=') this.refuse(t('`=` does not compare. Write `==`.'), this.peek().start, this.peek().end);
    const operator = this.comparison();
    if (operator === null) return left;
    const right = this.sum();
    if (this.comparison() !== null) this.refuse(t('Comparisons cannot be chained. Join two with &&, for example `0 < x && x < 1`.'), left.start, right.end);
    return { start: left.start, end: right.end, node: { kind: 'comparison', operator, left: this.number(left), right: this.number(right) } };
  }

  private comparison(): ComparisonOperator | null {
    if (this.peek().kind !== 'operator' || !comparisons.includes(this.peek().text)) return null;
    return this.tokens[this.at++].text as ComparisonOperator;
  }

  private sum(): Part {
    return this.chain(['+', '-'], () => this.product());
  }

  private product(): Part {
    return this.chain(['*', '/'], () => this.signed());
  }

  private chain(operators: readonly string[], next: () => Part): Part {
    let left = next();
    while (this.peek().kind === 'operator' && operators.includes(this.peek().text)) {
      const operator = this.tokens[this.at++].text as BinaryOperator;
      const right = next();
      left = { start: left.start, end: right.end, node: { kind: 'binary', operator, left: this.number(left), right: this.number(right) } };
    }
    return left;
  }

  private signed(): Part {
    const { start } = this.peek();
    if (this.takes('+')) return this.nested(() => this.signed());
    if (!this.takes('-')) return this.power();
    const of = this.nested(() => this.signed());
    const node = this.number(of);
    return { start, end: of.end, node: node.kind === 'number' ? { kind: 'number', value: -node.value } : { kind: 'negate', of: node } };
  }

  private power(): Part {
    const base = this.primary();
    const { text, start } = this.peek();
    if (text !== '^' && !(text === '*' && this.tokens[this.at + 1]?.text === '*')) return base;
    if (text === '*') this.refuse(t('Write powers with ^.'), start, this.tokens[this.at + 1].end);
    this.at++;
    const { kind, text: digits, end } = this.peek();
    const exponent = Number(digits);
    if (kind !== 'number' || !Number.isInteger(exponent) || exponent < 2 || exponent > largestPower) {
      this.refuse(t('Only whole powers from 2 to {0} can be taken. Write exp(y * log(x)) for others.', largestPower), start, end);
    }
    this.at++;
    if (this.peek().text === '^') this.refuse(t('A power of a power needs parentheses.'), this.peek().start, this.peek().end);
    return { start: base.start, end, node: { kind: 'power', base: this.number(base), exponent } };
  }

  private primary(): Part {
    const { kind, text, start, end } = this.peek();
    if (kind === 'end') this.refuse(t('The formula ends where a number, a name or ( must follow.'));
    if (kind === 'number') {
      const value = Number(text);
      if (!Number.isFinite(value)) this.refuse(t('{0} is too large for a number.', text), start, end);
      this.at++;
      return { start, end, node: { kind: 'number', value } };
    }
    if (this.takes('(')) {
      const { node } = this.nested(() => this.either());
      return { start, end: this.expect(')'), node };
    }
    if (kind === 'name' && this.tokens[this.at + 1]?.text === '(') return this.call();
    if (kind === 'name' || kind === 'quoted') return this.variable();
    return this.refuseToken((found) => t('A number, a name or ( must stand instead of `{0}`.', found));
  }

  private variable(): Part {
    const { start, text, kind } = this.peek();
    this.at++;
    const previous = kind === 'name' && text === 'previous';
    if (previous && !this.takes('.')) this.refuse(t('`previous` stands before a name, for example `previous.x`.'), start, this.tokens[this.at - 1].end);
    const token = previous ? this.tokens[this.at++] : this.tokens[this.at - 1];
    const { text: name, end } = token;
    if (token.kind !== 'name' && token.kind !== 'quoted') this.refuse(t('A name must follow after `previous.`.'), start, end);
    if (previous && !this.scope.previous) {
      throw new Refusal({ kind: 'previous', message: t('`previous.{0}` cannot stand here, where plain names already mean the values before the step. Write `{0}`.', name), start, end, name });
    }
    if (this.peek().text === '.') this.refuse(t('A name cannot have parts, except `previous.x`.'), start, this.peek().end);
    if (this.scope.names !== null && !this.scope.names.has(name)) {
      if (token.kind === 'name' && reservedNames.includes(name)) this.refuse(t('`{0}` is not a variable.', name), start, end);
      throw new Refusal({ kind: 'unknown-name', message: t('There is no variable `{0}`.', name.slice(0, 60)), start: token.start, end, name });
    }
    return { start, end, node: { kind: 'variable', name, previous } };
  }

  private call(): Part {
    const { start, end: nameEnd, text: name } = this.peek();
    this.at += 2;
    const parts = this.peek().text === ')' ? [] : [this.nested(() => this.either())];
    while (this.takes(',')) parts.push(this.nested(() => this.either()));
    const end = this.expect(')');
    const needs = (least: number, most: number, how: string): void => {
      if (parts.length < least || parts.length > most) this.refuse(t('`{0}` has {1} arguments. Write {2}.', name, parts.length, how), start, end);
    };
    if (functionNames.includes(name as FunctionName)) {
      needs(1, 1, `${name}(x)`);
      return { start, end, node: { kind: 'call', function: name as FunctionName, of: this.number(parts[0]) } };
    }
    switch (name) {
      case 'min':
      case 'max':
        needs(2, 100, `${name}(a, b)`);
        return { start, end, node: parts.map((part) => this.number(part)).reduce((left, right) => ({ kind: 'binary', operator: name, left, right })) };
      case 'clamp': {
        needs(3, 3, 'clamp(x, low, high)');
        const [of, low, high] = parts.map((part) => this.number(part));
        return { start, end, node: { kind: 'binary', operator: 'min', left: { kind: 'binary', operator: 'max', left: of, right: low }, right: high } };
      }
      case 'where':
        needs(3, 3, 'where(condition, a, b)');
        return { start, end, node: { kind: 'where', condition: this.condition(parts[0]), whenTrue: this.number(parts[1]), otherwise: this.number(parts[2]) } };
      default:
        return this.refuse(t('There is no function `{0}`. Known are {1}.', name.slice(0, 60), [...functionNames, 'min', 'max', 'clamp', 'where'].join(', ')), start, nameEnd);
    }
  }

  private peek(): Token {
    return this.tokens[Math.min(this.at, this.tokens.length - 1)];
  }

  private takes(text: string): boolean {
    if (this.peek().text !== text || this.peek().kind === 'quoted') return false;
    this.at++;
    return true;
  }

  /** @returns the offset after the piece */
  private expect(text: string): number {
    const { end, kind } = this.peek();
    if (!this.takes(text)) {
      if (kind === 'end') this.refuse(t('`{0}` is missing at the end.', text));
      this.refuseToken((found) => t('`{0}` or an operator is missing before `{1}`.', text, found));
    }
    return end;
  }

  private nested(read: () => Part): Part {
    if (++this.depth > deepestNesting) this.refuse(t('The formula is nested too deeply. Write a simpler one.'), this.peek().start, this.peek().end);
    const part = read();
    this.depth--;
    return part;
  }

  private refuseToken(sentence: (found: string) => string): never {
    const { text, start, end } = this.peek();
    return this.refuse(sentence(text.slice(0, 60)), start, end);
  }

  private refuse(message: string, start = this.peek().start, end = this.peek().end): never {
    throw new Refusal({ kind: 'syntax', message, start, end, name: null });
  }
}

function isCondition(node: Expression | Condition): node is Condition {
  return node.kind === 'comparison' || node.kind === 'and' || node.kind === 'or' || node.kind === 'not';
}
