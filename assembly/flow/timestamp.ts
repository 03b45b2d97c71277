import { Byte, isDigit } from "../json/byte";
import { digitsEnd } from "../json/value";

/** The longest fraction of a second that ADX keeps: its ticks are 100 ns. */
const FRACTION_DIGITS: usize = 7;

/** Whether each byte of the word lies between the bytes at its place in `low` and `high`, all of them ASCII. */
// @ts-ignore: decorator
@inline
function isBetween(word: u64, low: u64, high: u64): bool {
  return !(((word - low) | (word + (0x7f7f7f7f7f7f7f7f - high)) | word) & 0x8080808080808080);
}

// @ts-ignore: decorator
@inline
function twoDigits(p: usize): u32 {
  return <u32>load<u8>(p) * 10 + load<u8>(p, 1) - Byte.Digit0 * 11;
}

/**
 * Copies the RFC 3339 time in `start`–`end` to `out`, its fraction cut to seven digits. Returns the address behind the
 * copy, or 0 where the text is no such time: the grammar of RFC 3339 section 5.6, within real months and days.
 */
export function copyTimestamp(start: usize, end: usize, out: usize): usize {
  if (end - start < 20) return 0;
  if ((load<u64>(start) ^ lastDate) | (load<u64>(start, 8) ^ lastMinute)) {
    if (!isMinute(start)) return 0;
    lastDate = load<u64>(start);
    lastMinute = load<u64>(start, 8);
  }
  if (load<u8>(start, 16) != Byte.Colon) return 0;
  if (!isDigit(load<u8>(start, 17)) || !isDigit(load<u8>(start, 18)) || twoDigits(start + 17) > 60) return 0;
  memory.copy(out, start, 19);
  out += 19;
  let p = start + 19;
  if (load<u8>(p) == Byte.Dot) {
    const dot = p++;
    p = digitsEnd(p);
    const digits = p - dot - 1;
    if (!digits) return 0;
    store<u64>(out, load<u64>(dot));
    out += 1 + (digits < FRACTION_DIGITS ? digits : FRACTION_DIGITS);
  }
  const zone = end - p;
  const sign = <u32>load<u8>(p);
  if (zone == 1) {
    if ((sign | 0x20) != Byte.LowerZ) return 0;
    store<u8>(out, sign);
    return out + 1;
  }
  if (zone != 6 || (sign != Byte.Plus && sign != Byte.Minus)) return 0;
  // "00:00" to "29:59", the sign masked away
  if (!isBetween(load<u64>(p, 1) & 0xff_ffff_ffff, 0x30303a3030, 0x39353a3932) || twoDigits(p + 1) > 23) return 0;
  memory.copy(out, p, 6);
  return out + 6;
}

/** The last `YYYY-MM-DDThh:mm` that was one: most flows come in the same minute as the one before. */
let lastDate: u64 = 0;
let lastMinute: u64 = 0;

/** Whether the sixteen bytes are a real `YYYY-MM-DDThh:mm`. */
function isMinute(start: usize): bool {
  // "0000-00-", "00t00:00" to "9999-19-", "39t29:59"
  if (!isBetween(load<u64>(start), 0x2d30302d30303030, 0x2d39312d39393939)) return false;
  if (!isBetween(load<u64>(start, 8) | 0x20_0000, 0x30303a3030743030, 0x39353a3932743933)) return false;
  const month = twoDigits(start + 5);
  const day = twoDigits(start + 8);
  if (month - 1 > 11 || day - 1 > 30 || (day > 28 && day > daysIn(month, start))) return false;
  return twoDigits(start + 11) <= 23;
}

/** The days of a month of 1 to 12, in the year whose four digits are at `year`. */
function daysIn(month: u32, year: usize): u32 {
  if (month != 2) return 30 + ((month + (month >> 3)) & 1);
  const century = twoDigits(year);
  const inCentury = twoDigits(year + 2);
  const isLeap = inCentury ? !(inCentury & 3) : !(century & 3);
  return isLeap ? 29 : 28;
}

/** The length of what `writeTimestamp` writes. */
export const TIMESTAMP_LENGTH: usize = 28;

/** Writes a moment in Unix time as `YYYY-MM-DDTHH:MM:SS.fffffffZ`. */
export function writeTimestamp(out: usize, seconds: u32, nanoseconds: u32): void {
  // Days to a date: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days; no day before 1970.
  const days = seconds / 86400 + 719468;
  const era = days / 146097;
  const dayOfEra = days % 146097;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const shiftedMonth = (5 * dayOfYear + 2) / 153;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const second = seconds % 86400;
  writeDigits(out, yearOfEra + era * 400 + u32(month <= 2), 4);
  store<u8>(out, Byte.Minus, 4);
  writeDigits(out + 5, month, 2);
  store<u8>(out, Byte.Minus, 7);
  writeDigits(out + 8, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, 2);
  store<u8>(out, Byte.UpperT, 10);
  writeDigits(out + 11, second / 3600, 2);
  store<u8>(out, Byte.Colon, 13);
  writeDigits(out + 14, (second / 60) % 60, 2);
  store<u8>(out, Byte.Colon, 16);
  writeDigits(out + 17, second % 60, 2);
  store<u8>(out, Byte.Dot, 19);
  writeDigits(out + 20, (nanoseconds % 1_000_000_000) / 100, 7);
  store<u8>(out, Byte.UpperZ, 27);
}

/** Writes a number with exactly `count` decimal digits. */
function writeDigits(out: usize, value: u32, count: i32): void {
  for (let p = out + count; p > out; value /= 10) store<u8>(--p, Byte.Digit0 + (value % 10));
}

/** Writes a number in decimal digits. Returns the address behind it. */
export function writeNumber(out: usize, value: u32): usize {
  let count = 1;
  for (let rest = value / 10; rest; rest /= 10) count++;
  writeDigits(out, value, count);
  return out + count;
}
