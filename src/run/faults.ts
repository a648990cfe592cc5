/**
 * Where a file operation of a run can be cut short: with half of a file's bytes written aside, before the file gets its
 * name, before the event that names it, and with half of an event's line appended.
 */
export const faultPoints = ['write', 'rename', 'named', 'append'] as const;
export type FaultPoint = (typeof faultPoints)[number];

/**
 * Asked at every such point. A test's own ends the process there, or throws as a failing disk would; outside of tests
 * there is none.
 */
export type FaultHook = (point: FaultPoint) => void;
