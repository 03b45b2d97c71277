"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.loneSurrogateAt = exports.textEnd = exports.textStart = void 0;
exports.unescape = unescape;
exports.canonicalString = canonicalString;
exports.copyReplacingInvalid = copyReplacingInvalid;
exports.isReplaceable = isReplaceable;
const arena_1 = require("../arena");
const failure_1 = require("./failure");
const string_1 = require("./string");
const REPLACEMENT_CHARACTER = 0xfffd;
/** The text that `unescape` made, and where in it the first lone surrogate of its source stood (0 for none). */
exports.textStart = 0;
exports.textEnd = 0;
exports.loneSurrogateAt = 0;
/**
 * Writes the string whose content starts at `p` into the arena as the text it stands for, ended by a NUL. A lone
 * surrogate becomes U+FFFD. Returns the address of the closing quote, or 0 (see `fail`).
 *
 * `limit` bounds the string: the end of the record it is part of.
 */
function unescape(p, limit) {
    if (!(0, arena_1.hasRoom)(limit - p + 1))
        return (0, failure_1.fail)(6 /* Failure.OutOfMemory */, p);
    let out = arena_1.top;
    exports.textStart = out;
    exports.loneSurrogateAt = 0;
    while (true) {
        const stop = (0, string_1.findStop)(p);
        memory.copy(out, p, stop - p);
        out += stop - p;
        p = stop;
        const byte = load(p);
        if (byte == 34 /* Byte.Quote */)
            break;
        if (byte == 92 /* Byte.Backslash */) {
            const end = (0, string_1.escapeEnd)(p);
            if (end) {
                out = (0, string_1.writeUtf8)(out, (0, string_1.escapedPoint)(p));
                p = end;
            }
            else {
                if (failure_1.failure != 3 /* Failure.LoneSurrogate */)
                    return 0;
                if (!exports.loneSurrogateAt)
                    exports.loneSurrogateAt = out;
                out = (0, string_1.writeUtf8)(out, REPLACEMENT_CHARACTER);
                p += 6;
            }
        }
        else {
            if (byte < 0x80)
                return (0, failure_1.fail)(1 /* Failure.ControlCharacter */, p);
            const length = (0, string_1.utf8Length)(p);
            if (!length)
                return (0, failure_1.fail)(4 /* Failure.InvalidUtf8 */, p);
            store(out, load(p));
            out += length;
            p += length;
        }
    }
    exports.textEnd = out;
    store(out, 0);
    (0, arena_1.keepUpTo)(out + 1);
    return p;
}
/**
 * Writes the JSON string whose content starts at `start` and whose closing quote is at `end`, as `"…"` with every
 * escape that JSON does not need spelled out as its character. Two ways of writing one string become the same bytes.
 * Returns the address behind it, or 0 where there is no room. `escapeEnd` has checked the string.
 */
function canonicalString(start, end) {
    // The longest growth is none: an escape is at least as long as what replaces it.
    if (!(0, arena_1.hasRoom)(end - start + 2))
        return (0, failure_1.fail)(6 /* Failure.OutOfMemory */, start);
    let out = arena_1.top;
    store(out++, 34 /* Byte.Quote */);
    for (let p = start; p < end;) {
        const byte = load(p);
        if (byte != 92 /* Byte.Backslash */) {
            store(out++, byte);
            p++;
            continue;
        }
        const point = (0, string_1.escapedPoint)(p);
        p = (0, string_1.escapeEnd)(p);
        if (point < 0x20 || point == 34 /* Byte.Quote */ || point == 92 /* Byte.Backslash */)
            out = writeEscape(out, point);
        else
            out = (0, string_1.writeUtf8)(out, point);
    }
    store(out++, 34 /* Byte.Quote */);
    return out;
}
/** Writes one of the characters that JSON must escape in its shortest form. Returns the address behind it. */
function writeEscape(out, point) {
    let letter = 0;
    switch (point) {
        case 34 /* Byte.Quote */:
        case 92 /* Byte.Backslash */:
            letter = point;
            break;
        case 0x08:
            letter = 98 /* Byte.LowerB */;
            break;
        case 0x0c:
            letter = 102 /* Byte.LowerF */;
            break;
        case 10 /* Byte.LineFeed */:
            letter = 110 /* Byte.LowerN */;
            break;
        case 13 /* Byte.CarriageReturn */:
            letter = 114 /* Byte.LowerR */;
            break;
        case 9 /* Byte.Tab */:
            letter = 116 /* Byte.LowerT */;
            break;
        default:
            break;
    }
    store(out++, 92 /* Byte.Backslash */);
    if (letter) {
        store(out++, letter);
        return out;
    }
    store(out, 117 /* Byte.LowerU */);
    store(out, 0x3030, 1);
    store(out, 48 /* Byte.Digit0 */ + (point >> 4), 3);
    const low = point & 15;
    store(out, low < 10 ? 48 /* Byte.Digit0 */ + low : 97 /* Byte.LowerA */ + low - 10, 4);
    return out + 5;
}
/**
 * Copies JSON to `out`, replacing what no JSON reader has to accept, lone surrogates and bytes that are not UTF-8,
 * by U+FFFD. A byte takes three at the most. Returns the address behind the copy.
 */
function copyReplacingInvalid(out, p, end) {
    while (p < end) {
        const byte = load(p);
        let length = 1;
        if (byte == 92 /* Byte.Backslash */) {
            const next = (0, string_1.escapeEnd)(p);
            if (next)
                length = (next - p);
            else if (failure_1.failure == 3 /* Failure.LoneSurrogate */) {
                // The escape of U+FFFD, as long as the one it replaces.
                store(out, 0x6666_755c);
                store(out, 0x6466, 4);
                out += 6;
                p += 6;
                continue;
            }
        }
        else if (byte >= 0x80) {
            length = (0, string_1.utf8Length)(p);
            if (!length) {
                out = (0, string_1.writeUtf8)(out, REPLACEMENT_CHARACTER);
                p++;
                continue;
            }
        }
        memory.copy(out, p, length);
        out += length;
        p += length;
    }
    return out;
}
/** Whether scanning stopped at something that `copyReplacingInvalid` replaces. */
function isReplaceable() {
    return failure_1.failure == 3 /* Failure.LoneSurrogate */ || failure_1.failure == 4 /* Failure.InvalidUtf8 */;
}
