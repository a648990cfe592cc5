import type { StateVariable } from '../../src/experiment/experiment';
import { systemDefaults } from '../../src/experiment/systemDefaults';
import type { Interval } from './axis';
import type { Form } from './form';

/** How the file bounds its variables. */
export type Bounds =
  | { readonly kind: 'values'; readonly written: boolean; readonly values: readonly { readonly variable: StateVariable; readonly bound: Interval }[] }
  /** percentiles of the first batch, for the variables that follow one action by formula */
  | { readonly kind: 'percentiles'; readonly written: boolean; readonly percentiles: Interval };

/** As the file has it, or else the system's default. */
export function boundsOf(form: Form): Bounds {
  const written = form.below('bounds').filter((setting) => setting.path !== 'bounds' && setting.written);
  const percentiles = intervalOf(form.value('bounds.percentiles'));
  if (written.some(({ path }) => path === 'bounds.percentiles') && percentiles) return { kind: 'percentiles', written: true, percentiles };
  const empty = form.setting('bounds')?.written === true;
  if (written.length > 0 || empty) return { kind: 'values', written: true, values: named(form, Object.fromEntries(written.map(({ path, value }) => [path.slice('bounds.'.length), value]))) };
  const kind = form.state.model.system?.kind;
  const standard = kind === undefined ? {} : (systemDefaults['bounds'][kind] as Readonly<Record<string, unknown>>);
  const ofSystem = intervalOf(standard['percentiles']);
  return ofSystem ? { kind: 'percentiles', written: false, percentiles: ofSystem } : { kind: 'values', written: false, values: named(form, standard) };
}

/** Two numbers in a list, or null. */
export function intervalOf(value: unknown): Interval | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [low, high] = value as readonly unknown[];
  return typeof low === 'number' && typeof high === 'number' ? [low, high] : null;
}

/** Whether a bound on the state can be held exactly: it follows one action by a constant gain. */
export function isExact({ next }: StateVariable): boolean {
  return next?.kind === 'affine' && next.gain !== 0;
}

function named(form: Form, values: Readonly<Record<string, unknown>>): Extract<Bounds, { kind: 'values' }>['values'] {
  return form.states.flatMap((variable) => {
    const bound = Object.hasOwn(values, variable.name) ? intervalOf(values[variable.name]) : null;
    return bound ? [{ variable, bound }] : [];
  });
}
