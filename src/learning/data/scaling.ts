/**
 * How a variable is brought to a dimensionless number, fixed for the whole run: z = (T(x) − middle) / unit with
 * T(x) = ln(max(x, logFloor)) or x. Bounded variables: middle of the bounds, unit = width / √12.
 */
export interface VariableScale {
  readonly name: string;
  readonly middle: number;
  readonly unit: number;
  readonly logFloor: number | null;
}
