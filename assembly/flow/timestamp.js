"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.TIMESTAMP_LENGTH = void 0;
exports.copyTimestamp = copyTimestamp;
exports.writeTimestamp = writeTimestamp;
exports.writeNumber = writeNumber;
const byte_1 = require("../json/byte");
/** The longest fraction of a second that ADX keeps: its ticks are 100 ns. */
const FRACTION_DIGITS = 7;
/** Whether each byte of the word lies between the bytes at its place in `low` and `high`, all of them ASCII. */
// @ts-ignore: decorator
function isBetween(word, low, high) {
    return !(((word - low) | (word + (0x7f7f7f7f7f7f7f7f - high)) | word) & 0x8080808080808080);
}
// @ts-ignore: decorator
function twoDigits(p) {
    return load(p) * 10 + load(p, 1) - 48 /* Byte.Digit0 */ * 11;
}
/**
 * Copies the RFC 3339 time in `start`–`end` to `out`, its fraction cut to seven digits. Returns the address behind the
 * copy, or 0 where the text is no such time: the grammar of RFC 3339 section 5.6, within real months and days.
 */
function copyTimestamp(start, end, out) {
    if (end - start < 20)
        return 0;
    // "0000-00-", "00t00:00" to "9999-19-", "39t29:59"
    if (!isBetween(load(start), 0x2d30302d30303030, 0x2d39312d39393939))
        return 0;
    if (!isBetween(load(start, 8) | 0x20_0000, 0x30303a3030743030, 0x39353a3932743933))
        return 0;
    if (load(start, 16) != 58 /* Byte.Colon */)
        return 0;
    const month = twoDigits(start + 5);
    const day = twoDigits(start + 8);
    if (month - 1 > 11 || day - 1 > 30 || (day > 28 && day > daysIn(month, start)))
        return 0;
    if (twoDigits(start + 11) > 23)
        return 0;
    if (!(0, byte_1.isDigit)(load(start, 17)) || !(0, byte_1.isDigit)(load(start, 18)) || twoDigits(start + 17) > 60)
        return 0;
    memory.copy(out, start, 19);
    out += 19;
    let p = start + 19;
    if (load(p) == 46 /* Byte.Dot */) {
        const dot = p++;
        while ((0, byte_1.isDigit)(load(p)))
            p++;
        const digits = p - dot - 1;
        if (!digits)
            return 0;
        store(out, load(dot));
        out += 1 + (digits < FRACTION_DIGITS ? digits : FRACTION_DIGITS);
    }
    const zone = end - p;
    const sign = load(p);
    if (zone == 1) {
        if ((sign | 0x20) != 122 /* Byte.LowerZ */)
            return 0;
        store(out, sign);
        return out + 1;
    }
    if (zone != 6 || (sign != 43 /* Byte.Plus */ && sign != 45 /* Byte.Minus */))
        return 0;
    // "00:00" to "29:59", the sign masked away
    if (!isBetween(load(p, 1) & 0xff_ffff_ffff, 0x30303a3030, 0x39353a3932) || twoDigits(p + 1) > 23)
        return 0;
    memory.copy(out, p, 6);
    return out + 6;
}
/** The days of a month of 1 to 12, in the year whose four digits are at `year`. */
function daysIn(month, year) {
    if (month != 2)
        return 30 + ((month + (month >> 3)) & 1);
    const century = twoDigits(year);
    const inCentury = twoDigits(year + 2);
    const isLeap = inCentury ? !(inCentury & 3) : !(century & 3);
    return isLeap ? 29 : 28;
}
/** The length of what `writeTimestamp` writes. */
exports.TIMESTAMP_LENGTH = 28;
/** Writes a moment in Unix time as `YYYY-MM-DDTHH:MM:SS.fffffffZ`. */
function writeTimestamp(out, seconds, nanoseconds) {
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
    store(out, 45 /* Byte.Minus */, 4);
    writeDigits(out + 5, month, 2);
    store(out, 45 /* Byte.Minus */, 7);
    writeDigits(out + 8, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, 2);
    store(out, 84 /* Byte.UpperT */, 10);
    writeDigits(out + 11, second / 3600, 2);
    store(out, 58 /* Byte.Colon */, 13);
    writeDigits(out + 14, (second / 60) % 60, 2);
    store(out, 58 /* Byte.Colon */, 16);
    writeDigits(out + 17, second % 60, 2);
    store(out, 46 /* Byte.Dot */, 19);
    writeDigits(out + 20, (nanoseconds % 1_000_000_000) / 100, 7);
    store(out, 90 /* Byte.UpperZ */, 27);
}
/** Writes a number with exactly `count` decimal digits. */
function writeDigits(out, value, count) {
    for (let p = out + count; p > out; value /= 10)
        store(--p, 48 /* Byte.Digit0 */ + (value % 10));
}
/** Writes a number in decimal digits. Returns the address behind it. */
function writeNumber(out, value) {
    let count = 1;
    for (let rest = value / 10; rest; rest /= 10)
        count++;
    writeDigits(out, value, count);
    return out + count;
}
