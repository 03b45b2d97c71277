"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.quote = quote;
exports.stops = stops;
exports.findStop = findStop;
exports.stringEnd = stringEnd;
exports.unusualStringEnd = unusualStringEnd;
exports.escapeEnd = escapeEnd;
exports.utf8Length = utf8Length;
exports.writeUtf8 = writeUtf8;
exports.escapedPoint = escapedPoint;
const byte_1 = require("./byte");
const failure_1 = require("./failure");
// The scanner reads JSON in two ways of writing a quote, and the type parameter Quote says which: `u8` is the plain
// `"`, `u16` the `\"` of a text that lies escaped inside another JSON string. Both are loaded and compared as one value.
/** The quote as `load<Quote>` reads it. */
// @ts-ignore: decorator
function quote() {
    return (sizeof() == 1 ? 34 /* Byte.Quote */ : (34 /* Byte.Quote */ << 8) | 92 /* Byte.Backslash */);
}
/**
 * Marks, with their high bit, the bytes of a word that end a plain run of a string: quote, backslash, control
 * characters and everything outside ASCII. The lowest mark is exact, those above it need not be.
 */
// @ts-ignore: decorator
function stops(word) {
    // `byte ^ 2` brings the quote (0x22) down to 0x20, right above the control characters, so that one subtraction
    // finds both.
    return ((((word ^ 0x0202020202020202) - 0x2121212121212121) |
        ((word ^ 0x5c5c5c5c5c5c5c5c) - 0x0101010101010101) |
        word) &
        0x8080808080808080);
}
/** Returns the first address from `p` on that `stops` marks. A NUL must end the text. */
// @ts-ignore: decorator
function findStop(p) {
    let marks = stops(load(p));
    while (!marks) {
        p += 8;
        marks = stops(load(p));
    }
    return p + (ctz(marks) >> 3);
}
/** Returns the address of the quote that ends the string whose content starts at `p`, or 0 (see `fail`). */
// @ts-ignore: decorator
function stringEnd(p) {
    p = findStop(p);
    if (load(p) == quote())
        return p;
    return unusualStringEnd(p);
}
/**
 * `stringEnd` from the first byte on that is not plain ASCII. In an escaped text that is a reason to give up: whoever
 * scans it starts again on the unescaped text.
 */
function unusualStringEnd(p) {
    if (sizeof() == 2)
        return (0, failure_1.fail)(0 /* Failure.Unexpected */, p);
    while (true) {
        const byte = load(p);
        if (byte == 34 /* Byte.Quote */)
            return p;
        if (byte == 92 /* Byte.Backslash */)
            p = escapeEnd(p);
        else if (byte >= 0x80) {
            const length = utf8Length(p);
            if (!length)
                return (0, failure_1.fail)(4 /* Failure.InvalidUtf8 */, p);
            p += length;
        }
        else
            return (0, failure_1.fail)(1 /* Failure.ControlCharacter */, p);
        if (!p)
            return 0;
        p = findStop(p);
    }
}
/** Returns the end of the escape whose backslash is at `p`, a surrogate pair counting as one, or 0 (see `fail`). */
function escapeEnd(p) {
    switch (load(p, 1)) {
        case 34 /* Byte.Quote */:
        case 92 /* Byte.Backslash */:
        case 47 /* Byte.Slash */:
        case 98 /* Byte.LowerB */:
        case 102 /* Byte.LowerF */:
        case 110 /* Byte.LowerN */:
        case 114 /* Byte.LowerR */:
        case 116 /* Byte.LowerT */:
            return p + 2;
        case 117 /* Byte.LowerU */:
            break;
        default:
            return (0, failure_1.fail)(2 /* Failure.InvalidEscape */, p);
    }
    const unit = (0, byte_1.hex4)(p + 2);
    if (unit < 0)
        return (0, failure_1.fail)(2 /* Failure.InvalidEscape */, p);
    if (unit < 0xd800 || unit > 0xdfff)
        return p + 6;
    if (unit < 0xdc00 && load(p, 6) == escapeU) {
        const low = (0, byte_1.hex4)(p + 8);
        if (low >= 0xdc00 && low <= 0xdfff)
            return p + 12;
    }
    return (0, failure_1.fail)(3 /* Failure.LoneSurrogate */, p);
}
/** The two bytes `\u` as `load<u16>` reads them. */
const escapeU = ((117 /* Byte.LowerU */ << 8) | 92 /* Byte.Backslash */);
/** The length of the UTF-8 sequence of two or more bytes at `p`, or 0 where it is none (RFC 3629, table in section 4). */
function utf8Length(p) {
    const lead = load(p);
    const second = load(p, 1);
    if (lead - 0xc2 < 0x1e)
        return isContinuation(second) ? 2 : 0;
    if (lead - 0xe0 < 0x10) {
        if (!isContinuation(second) || !isContinuation(load(p, 2)))
            return 0;
        return (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ? 0 : 3;
    }
    if (lead - 0xf0 < 5) {
        if (!isContinuation(second) || !isContinuation(load(p, 2)) || !isContinuation(load(p, 3)))
            return 0;
        return (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f) ? 0 : 4;
    }
    return 0;
}
// @ts-ignore: decorator
function isContinuation(byte) {
    return (byte & 0xc0) == 0x80;
}
/** Writes a code point as UTF-8 at `out`. Returns the address behind it. */
function writeUtf8(out, point) {
    if (point < 0x80) {
        store(out, point);
        return out + 1;
    }
    if (point < 0x800) {
        store(out, 0x80c0 | (point >> 6) | ((point & 0x3f) << 8));
        return out + 2;
    }
    if (point < 0x10000) {
        store(out, 0x80e0 | (point >> 12) | (((point >> 6) & 0x3f) << 8));
        store(out, 0x80 | (point & 0x3f), 2);
        return out + 3;
    }
    store(out, 0x808080f0 | (point >> 18) | (((point >> 12) & 0x3f) << 8) | (((point >> 6) & 0x3f) << 16) | ((point & 0x3f) << 24));
    return out + 4;
}
/** The character that the escape at `p` stands for; `escapeEnd` has checked it. */
function escapedPoint(p) {
    const letter = load(p, 1);
    switch (letter) {
        case 98 /* Byte.LowerB */:
            return 0x08;
        case 102 /* Byte.LowerF */:
            return 0x0c;
        case 110 /* Byte.LowerN */:
            return 10 /* Byte.LineFeed */;
        case 114 /* Byte.LowerR */:
            return 13 /* Byte.CarriageReturn */;
        case 116 /* Byte.LowerT */:
            return 9 /* Byte.Tab */;
        case 117 /* Byte.LowerU */: {
            const unit = (0, byte_1.hex4)(p + 2);
            if (unit < 0xd800 || unit > 0xdfff)
                return unit;
            return 0x10000 + ((unit - 0xd800) << 10) + ((0, byte_1.hex4)(p + 8) - 0xdc00);
        }
        default:
            return letter;
    }
}
