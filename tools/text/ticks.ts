// Times as the service keeps them: ticks of 100 ns, a datetime counting from 0001-01-01T00:00:00Z.

/** 1970-01-01T00:00:00Z. */
export const epochTicks = 621_355_968_000_000_000n;
const ticksPerMillisecond = 10_000n;
const ticksPerSecond = 10_000_000n;
const ticksPerMinute = 60n * ticksPerSecond;
const ticksPerHour = 60n * ticksPerMinute;
const ticksPerDay = 24n * ticksPerHour;

const units: Record<string, bigint> = {};
for (const [names, ticks] of [
  ["d day days", ticksPerDay],
  ["h hr hrs hour hours", ticksPerHour],
  ["m min minute minutes", ticksPerMinute],
  ["s sec second seconds", ticksPerSecond],
  ["ms milli millis millisec millisecond milliseconds", ticksPerMillisecond],
  ["micro micros microsec microsecond microseconds", 10n],
  ["tick ticks", 1n],
] as const) {
  for (const name of names.split(" ")) units[name] = ticks;
}

/**
 * The ticks of an ISO 8601 time: a date, or date and time with up to seven digits of a fraction (more are cut) and an
 * offset, UTC without one.
 * @returns undefined for what is no such time.
 */
export function datetimeTicks(text: string): bigint | undefined {
  const match =
    /^\s*(\d{4}-\d\d(?:-\d\d)?)(?:[T\s]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*(Z|[+-]\d\d:?\d\d)?)?\s*$/i.exec(
      text,
    );
  if (!match) return undefined;
  const [, date, hours = "00", minutes = "00", seconds = "00", fraction = "", offset = "Z"] = match;
  const zone = offset.toUpperCase().replace(/(\d\d)(\d\d)$/, "$1:$2");
  const day = date!.length === 7 ? `${date}-01` : date;
  const milliseconds = Date.parse(`${day}T${hours.padStart(2, "0")}:${minutes}:${seconds}${zone}`);
  if (Number.isNaN(milliseconds) || new Date(Date.parse(`${day}T00:00:00Z`)).toISOString().slice(0, 10) !== day) {
    return undefined;
  }
  return epochTicks + BigInt(milliseconds) * ticksPerMillisecond + BigInt(fraction.slice(0, 7).padEnd(7, "0"));
}

/**
 * The ticks of a timespan: `5m`, `1.5h`, `2 seconds`, `[-][d.]hh:mm[:ss[.fffffff]]`, or a number of days.
 * @returns undefined for what is no such timespan.
 */
export function timespanTicks(text: string): bigint | undefined {
  const short = /^\s*(-?)\s*(\d+)(?:\.(\d+))?\s*([a-z]*)\s*$/i.exec(text);
  if (short) {
    const [, sign, whole, fraction = "", unit] = short;
    const ticks = unit === "" ? ticksPerDay : units[unit!.toLowerCase()];
    if (ticks === undefined) return undefined;
    const value = BigInt(whole!) * ticks + (BigInt(fraction) * ticks) / 10n ** BigInt(fraction.length);
    return sign === "-" ? -value : value;
  }
  const long = /^\s*(-?)(?:(\d+)\.)?(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?\s*$/.exec(text);
  if (!long) return undefined;
  const [, sign, days = "0", hours, minutes, seconds = "0", fraction = ""] = long;
  const value =
    BigInt(days) * ticksPerDay +
    BigInt(hours!) * ticksPerHour +
    BigInt(minutes!) * ticksPerMinute +
    BigInt(seconds) * ticksPerSecond +
    BigInt(fraction.padEnd(7, "0"));
  return sign === "-" ? -value : value;
}

/** A datetime as ISO 8601 in UTC, its fraction without zeros at the end: `2025-01-23T07:59:23.5012534Z`. */
export function datetimeText(ticks: bigint): string {
  const wholeSeconds = ticks - (ticks % ticksPerSecond);
  const second = new Date(Number((wholeSeconds - epochTicks) / ticksPerMillisecond)).toISOString().slice(0, 19);
  const fraction = (ticks % ticksPerSecond).toString().padStart(7, "0").replace(/0+$/, "");
  return `${second}${fraction === "" ? "" : `.${fraction}`}Z`;
}

/** A timespan as the service prints it: `[-][d.]hh:mm:ss[.fffffff]`. */
export function timespanText(ticks: bigint): string {
  const size = ticks < 0n ? -ticks : ticks;
  const two = (value: bigint) => value.toString().padStart(2, "0");
  const days = size / ticksPerDay;
  const fraction = size % ticksPerSecond;
  return [
    ticks < 0n ? "-" : "",
    days > 0n ? `${days}.` : "",
    `${two((size / ticksPerHour) % 24n)}:${two((size / ticksPerMinute) % 60n)}:${two((size / ticksPerSecond) % 60n)}`,
    fraction > 0n ? `.${fraction.toString().padStart(7, "0")}` : "",
  ].join("");
}
