/** ADX counts time in ticks of 100 ns. */
const FRACTION_DIGITS = 7;

/**
 * Returns RFC 3339 text (`YYYY-MM-DDTHH:MM:SS`, a fraction or none, `Z` or an offset) with its fraction cut to 7 digits,
 * or null where `text` is anything else or names a day or a time that does not exist.
 */
export function timestampFromText(text: string): string | null {
  if (!matches(text, 0, "dddd-dd-ddTdd:dd:dd")) return null;
  const year = number(text, 0, 4);
  const month = number(text, 5, 2);
  const day = number(text, 8, 2);
  if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return null;
  if (number(text, 11, 2) > 23 || number(text, 14, 2) > 59 || number(text, 17, 2) > 60) return null;

  let end = 19;
  if (text.charAt(end) == ".") {
    do end++;
    while (isDigit(text, end));
    if (end == 20) return null;
  }
  const zone = text.substring(end);
  if (!isZone(zone)) return null;
  return text.substring(0, min(end, 20 + FRACTION_DIGITS)) + zone;
}

/** Writes a record's own timestamp as `YYYY-MM-DDTHH:MM:SS.fffffffZ`. */
export function timestampFromUnix(seconds: u32, nanoseconds: u32): string {
  const ticks = nanoseconds / 100;
  const second = new Date(<i64>seconds * 1000).toISOString().substring(0, 19);
  return `${second}.${ticks.toString().padStart(FRACTION_DIGITS, "0")}Z`;
}

function isZone(zone: string): bool {
  if (zone == "Z" || zone == "z") return true;
  if (zone.length != 6 || (!matches(zone, 0, "+dd:dd") && !matches(zone, 0, "-dd:dd"))) return false;
  return number(zone, 1, 2) <= 23 && number(zone, 4, 2) <= 59;
}

/** Whether `text` continues at `index` like the pattern, in which `d` stands for a digit and `T` for T or t. */
function matches(text: string, index: i32, pattern: string): bool {
  for (let i = 0; i < pattern.length; i++) {
    const expected = pattern.charAt(i);
    const actual = text.charAt(index + i);
    if (
      expected == "d"
        ? !isDigit(text, index + i)
        : expected == "T"
          ? actual != "T" && actual != "t"
          : actual != expected
    )
      return false;
  }
  return true;
}

function isDigit(text: string, index: i32): bool {
  return index < text.length && text.charCodeAt(index) >= 0x30 && text.charCodeAt(index) <= 0x39;
}

function number(text: string, index: i32, length: i32): i32 {
  return I32.parseInt(text.substr(index, length), 10);
}

function daysOfMonth(year: i32, month: i32): i32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}
