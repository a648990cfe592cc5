import type { Expression } from './expression';

/** x′ = x + gain · action + offset. */
export interface AffineInOneAction {
  readonly action: string;
  /** not 0 */
  readonly gain: number;
  readonly offset: number;
}

/** A sum of variables, each with a constant factor, and a constant. */
interface LinearForm {
  readonly factors: ReadonlyMap<string, number>;
  readonly constant: number;
}

/**
 * Whether a variable's next value is its own value plus a constant gain times exactly one action, plus a constant: what
 * a bound needs to be held exactly. Null otherwise, also where the formula reads a disturbance or another state.
 *
 * @param own name of the variable that the formula is for
 * @param actions names of the actions
 */
export function affineInOneAction(expression: Expression, own: string, actions: ReadonlySet<string>): AffineInOneAction | null {
  const form = linearForm(expression);
  if (form === null) return null;
  const factors = [...form.factors].filter(([, factor]) => factor !== 0);
  const acting = factors.filter(([name]) => actions.has(name));
  if (factors.length !== 2 || acting.length !== 1 || form.factors.get(own) !== 1 || actions.has(own)) return null;
  const [[action, gain]] = acting;
  return Number.isFinite(gain) && Number.isFinite(form.constant) ? { action, gain, offset: form.constant } : null;
}

function linearForm(expression: Expression): LinearForm | null {
  switch (expression.kind) {
    case 'number':
      return { factors: new Map(), constant: expression.value };
    case 'variable':
      return expression.previous ? null : { factors: new Map([[expression.name, 1]]), constant: 0 };
    case 'negate': {
      const of = linearForm(expression.of);
      return of && scaled(of, -1);
    }
    case 'binary': {
      const left = linearForm(expression.left);
      const right = linearForm(expression.right);
      return left && right && combined(expression.operator, left, right);
    }
    default:
      return null;
  }
}

function combined(operator: string, left: LinearForm, right: LinearForm): LinearForm | null {
  switch (operator) {
    case '+':
      return sum(left, right);
    case '-':
      return sum(left, scaled(right, -1));
    case '*':
      return left.factors.size === 0 ? scaled(right, left.constant) : right.factors.size === 0 ? scaled(left, right.constant) : null;
    case '/':
      return right.factors.size === 0 && right.constant !== 0 ? { factors: new Map([...left.factors].map(([name, factor]) => [name, factor / right.constant])), constant: left.constant / right.constant } : null;
    default:
      return null;
  }
}

function sum(left: LinearForm, right: LinearForm): LinearForm {
  const factors = new Map(left.factors);
  for (const [name, factor] of right.factors) factors.set(name, (factors.get(name) ?? 0) + factor);
  return { factors, constant: left.constant + right.constant };
}

function scaled({ factors, constant }: LinearForm, by: number): LinearForm {
  return { factors: new Map([...factors].map(([name, factor]) => [name, factor * by])), constant: constant * by };
}
