/** A moment as Fluent Bit keeps it for a record. */
export interface Timestamp {
  /** Whole seconds since 1970-01-01T00:00:00Z. */
  seconds: number;
  /** Nanoseconds within the second. */
  nanoseconds: number;
}

/** Matches the RFC 3339 time that container runtimes and kubectl write before a line. */
export const rfc3339 = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)`;

/** Reads an RFC 3339 time to the nanosecond. Returns undefined for what is none, or is no moment of a calendar. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = /^([^.]*?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (!match) return undefined;
  const [, seconds = "", fraction = "", offset = ""] = match;
  const milliseconds = Date.parse(seconds + offset);
  if (Number.isNaN(milliseconds)) return undefined;
  return { seconds: milliseconds / 1000, nanoseconds: Number(fraction.slice(0, 9).padEnd(9, "0")) };
}

/** The moment of a JavaScript date. */
export function timestampOf(date: Date): Timestamp {
  const milliseconds = date.getTime();
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanoseconds: (milliseconds - seconds * 1000) * 1_000_000 };
}
