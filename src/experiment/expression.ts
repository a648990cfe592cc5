/**
 * A formula as plain data: what `parseFormula` makes of a text. It is evaluated and differentiated by walking it, never
 * as code. Clamp and longer minima are written with the two-sided minimum and maximum, so that there are few cases.
 */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  /** `previous`: the value before the step, in a reward */
  | { readonly kind: 'variable'; readonly name: string; readonly previous: boolean }
  | { readonly kind: 'negate'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
  /** a whole power from 2 to `largestPower` */
  | { readonly kind: 'power'; readonly base: Expression; readonly exponent: number }
  | { readonly kind: 'call'; readonly function: FunctionName; readonly of: Expression }
  /** `whenTrue` where the condition holds, else `otherwise` */
  | { readonly kind: 'where'; readonly condition: Condition; readonly whenTrue: Expression; readonly otherwise: Expression };

/** What holds or does not: in `where(…)` and in row filters. */
export type Condition =
  | { readonly kind: 'comparison'; readonly operator: ComparisonOperator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly of: Condition };

export type BinaryOperator = '+' | '-' | '*' | '/' | 'min' | 'max';
export type ComparisonOperator = '<' | '<=' | '>' | '>=' | '==' | '!=';
export type FunctionName = (typeof functionNames)[number];

/** Functions of one argument. `log` is the natural one. */
export const functionNames = ['abs', 'exp', 'log', 'sqrt', 'tanh'] as const;

export const largestPower = 8;

/** Calls `visit` for every variable that an expression or condition reads, from left to right. */
export function visitVariables(node: Expression | Condition, visit: (name: string, previous: boolean) => void): void {
  switch (node.kind) {
    case 'number':
      return;
    case 'variable':
      return visit(node.name, node.previous);
    case 'negate':
    case 'call':
    case 'not':
      return visitVariables(node.of, visit);
    case 'power':
      return visitVariables(node.base, visit);
    case 'where':
      visitVariables(node.condition, visit);
      visitVariables(node.whenTrue, visit);
      return visitVariables(node.otherwise, visit);
    default:
      visitVariables(node.left, visit);
      visitVariables(node.right, visit);
  }
}

/** Names that an expression or condition reads, each once, in the order of the text. */
export function variablesIn(node: Expression | Condition): string[] {
  const names = new Set<string>();
  visitVariables(node, (name) => names.add(name));
  return [...names];
}
