/**
 * The nanoseconds of a duration as Go's time.ParseDuration reads it (`1h30m`, `1.5s`, `0`), undefined where it refuses
 * it: for its form, or for what lies beyond 292 years.
 */
export function parseGoDuration(text: string): bigint | undefined {
  if (!/^[-+]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/.test(text)) return undefined;
  const units: Record<string, bigint> = {
    ns: 1n,
    us: 1000n,
    µs: 1000n,
    μs: 1000n,
    ms: 1_000_000n,
    s: 1_000_000_000n,
    m: 60_000_000_000n,
    h: 3_600_000_000_000n,
  };
  let sum = 0n;
  for (const [, whole = "", fraction = "", unit] of text.matchAll(/(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/g)) {
    const scale = units[unit!]!;
    sum += BigInt(whole || "0") * scale;
    sum += (BigInt(fraction || "0") * scale) / 10n ** BigInt(fraction.length);
  }
  const limit = 1n << 63n;
  if (text.startsWith("-")) return sum > limit ? undefined : -sum;
  return sum >= limit ? undefined : sum;
}

/**
 * A time as Go's time.Parse reads RFC 3339: the hour may have one digit, the fraction a comma, the offset up to 24 hours
 * and 60 minutes; `T` and `Z` are capitals. Undefined where Go refuses it.
 */
export function parseGoTime(text: string): Date | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([-+])(\d\d):(\d\d))$/.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return undefined;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
  if (day < 1 || day > days) return undefined;
  const [offsetHours, offsetMinutes] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (offsetHours > 24 || offsetMinutes > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, Number(`0.${match[7] ?? 0}`) * 1000);
  const offset = (offsetHours * 60 + offsetMinutes) * (match[8] === "-" ? -1 : 1);
  return new Date(date.getTime() - offset * 60_000);
}

/**
 * A whole number as protojson reads it for an integer field: a number, or one in a string, with a fraction of zeros or
 * an exponent where that leaves it whole; undefined where it refuses it.
 */
export function parseProtoInteger(given: unknown, smallest: bigint, largest: bigint): number | undefined {
  const text = typeof given === "number" ? String(given) : given;
  if (typeof text !== "string" || !/^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value)) return undefined;
  // Digits beyond what a number holds decide at the end of 64 bits.
  const exact = /^-?\d+$/.test(text) ? BigInt(text) : BigInt(value);
  return exact >= smallest && exact <= largest ? value : undefined;
}
