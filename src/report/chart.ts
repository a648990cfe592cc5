import { t } from '@vscode/l10n';
import type { Table } from './table';

/**
 * A chart as data: what to draw, in which role, never in which colour. The page's script (page/charts.js) draws it in
 * the colours of the reader's theme; the table says the same in numbers.
 */
export interface Chart {
  /** unique on the page; letters, digits and hyphens */
  readonly id: string;
  readonly title: string;
  /** unit and direction, "lower is better" */
  readonly subtitle: string;
  /** the chart in one or two sentences, for those who do not see it */
  readonly summary: string;
  readonly shape: 'wide' | 'panel' | 'square' | 'strip';
  /** charts of one group share the crosshair; null: alone */
  readonly group: string | null;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  readonly marks: readonly Mark[];
  readonly table: Table;
}

export interface Axis {
  readonly title: string;
  readonly min: number | null;
  readonly max: number | null;
  /** names at whole numbers, instead of the numbers; a line break begins a muted second line; null: numbers */
  readonly names: Readonly<Record<string, string>> | null;
}

/** A policy by its index k from 1, which has the same colour and marker in every chart; or a fixed role. */
export type Role = number | 'mean' | 'probe' | 'muted' | 'recommended' | 'accent';

export interface Series {
  readonly label: string;
  readonly role: Role;
  /** [x, y]; a null y interrupts the line */
  readonly points: readonly (readonly [number, number | null])[];
  readonly line: 'solid' | 'dashed' | 'policy' | 'none';
  /** `last`: at the end of a path only */
  readonly markers: 'all' | 'last' | 'none';
  /** indices of points that are hollow: promises */
  readonly hollow: readonly number[];
}

export type Mark =
  /** a reference line, labelled at its right end */
  | { readonly kind: 'horizontal'; readonly at: number; readonly label: string; readonly dash: readonly number[] }
  | { readonly kind: 'vertical'; readonly at: number; readonly label: string }
  | { readonly kind: 'rectangle'; readonly x: readonly [number, number]; readonly y: readonly [number, number]; readonly label: string }
  | { readonly kind: 'circle'; readonly x: number; readonly y: number; readonly radius: number; readonly label: string }
  | { readonly kind: 'text'; readonly x: number; readonly y: number; readonly label: string }
  /** a stretch of the x axis behind everything: where the run is now, or what has not begun (hatched) */
  | { readonly kind: 'column'; readonly x: readonly [number, number]; readonly stretch: 'now' | 'future' }
  /** a bar behind a point: its interval, described in words at the chart */
  | { readonly kind: 'interval'; readonly x: number; readonly y: readonly [number, number] };

/** How a policy is called wherever a person reads; files name the probe 0. */
export function policyLabel(policy: number): string {
  return policy === 0 ? t('probe') : `π${policy}`;
}
