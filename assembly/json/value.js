"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.valueEnd = exports.valueStart = exports.maxDepth = void 0;
exports.setMaxDepth = setMaxDepth;
exports.numberEnd = numberEnd;
exports.bareScalarEnd = bareScalarEnd;
exports.copyValue = copyValue;
const arena_1 = require("../arena");
const byte_1 = require("./byte");
const failure_1 = require("./failure");
const string_1 = require("./string");
/** How many containers may lie inside each other, the outermost being the first. */
exports.maxDepth = i32.MAX_VALUE;
function setMaxDepth(depth) {
    exports.maxDepth = depth;
}
/** The value that `copyValue` met last, as plain JSON. */
exports.valueStart = 0;
exports.valueEnd = 0;
/** Returns the end of the number at `p`, or 0 (see `fail`). */
// @ts-ignore: decorator
function numberEnd(p) {
    let byte = load(p);
    if (byte == 45 /* Byte.Minus */)
        byte = load(++p);
    if (byte - 49 /* Byte.Digit1 */ < 9) {
        do {
            byte = load(++p);
        } while ((0, byte_1.isDigit)(byte));
    }
    else if (byte == 48 /* Byte.Digit0 */) {
        byte = load(++p);
    }
    else {
        return (0, failure_1.fail)(0 /* Failure.Unexpected */, p);
    }
    return byte == 46 /* Byte.Dot */ || (byte | 0x20) == 101 /* Byte.LowerE */ ? fractionEnd(p) : p;
}
/** Returns the end of the number whose fraction or exponent starts at `p`, or 0 (see `fail`). */
function fractionEnd(p) {
    if (load(p) == 46 /* Byte.Dot */) {
        if (!(0, byte_1.isDigit)(load(++p)))
            return (0, failure_1.fail)(0 /* Failure.Unexpected */, p);
        while ((0, byte_1.isDigit)(load(p)))
            p++;
    }
    if ((load(p) | 0x20) == 101 /* Byte.LowerE */) {
        const sign = load(++p);
        if (sign == 43 /* Byte.Plus */ || sign == 45 /* Byte.Minus */)
            p++;
        if (!(0, byte_1.isDigit)(load(p)))
            return (0, failure_1.fail)(0 /* Failure.Unexpected */, p);
        while ((0, byte_1.isDigit)(load(p)))
            p++;
    }
    return p;
}
/** Returns the end of the number, `true`, `false` or `null` at `p`, or 0 (see `fail`). */
// @ts-ignore: decorator
function bareScalarEnd(p) {
    const word = load(p);
    if (word == 1702195828 /* Word.True */ || word == 1819047278 /* Word.Null */)
        return p + 4;
    if (word == 1936482662 /* Word.Fals */ && load(p, 4) == 101 /* Byte.LowerE */)
        return p + 5;
    return numberEnd(p);
}
/**
 * Copies the string whose content starts at `p` to `out`, up to its closing quote; a plain one stays where it is.
 * Sets `copied` behind the copy. Returns the address of the closing quote, or 0 (see `fail`).
 */
// @ts-ignore: decorator
function copyString(p, out) {
    let word = load(p);
    let marks = (0, string_1.stops)(word);
    while (!marks) {
        if (sizeof() == 2) {
            store(out, word);
            out += 8;
        }
        p += 8;
        word = load(p);
        marks = (0, string_1.stops)(word);
    }
    const length = (ctz(marks) >> 3);
    p += length;
    if (sizeof() == 2) {
        store(out, word);
        copied = out + length;
    }
    return load(p) == (0, string_1.quote)() ? p : (0, string_1.unusualStringEnd)(p);
}
let copied = 0;
/**
 * Reads the value at `p`, which `depth` containers surround, whatever it holds. `valueStart` and `valueEnd` then give
 * it as plain JSON: a plain one where it lies, an escaped one as a copy in the arena, for which the caller has made
 * room. Returns the address behind the value, or 0 (see `fail`).
 */
function copyValue(p, depth) {
    let out = arena_1.top;
    const begin = sizeof() == 2 ? out : p;
    // One bit for each open container, 1 for an object, the innermost the lowest. A value outside of any counts as one
    // in an object: no comma follows it.
    let containers = 1;
    let open = 0;
    let isKeyNext = false;
    while (true) {
        if (isKeyNext) {
            p = copyKey(p, out);
            if (!p)
                return 0;
            if (sizeof() == 2)
                out = copied;
        }
        if (load(p) == (0, string_1.quote)()) {
            p += sizeof();
            if (sizeof() == 2)
                store(out++, 34 /* Byte.Quote */);
            // Labels, names, addresses: most arrays hold nothing but strings, which are taken in one go.
            while (true) {
                p = copyString(p, out);
                if (!p)
                    return 0;
                if (sizeof() == 2)
                    out = copied;
                if (containers & 1 || !isStringNext(p))
                    break;
                if (sizeof() == 2) {
                    store(out, QUOTE_COMMA_QUOTE);
                    out += 3;
                }
                p += 2 * sizeof() + 1;
            }
            p += sizeof();
            if (sizeof() == 2)
                store(out++, 34 /* Byte.Quote */);
        }
        else {
            const byte = load(p);
            if (byte == 123 /* Byte.OpenBrace */ || byte == 91 /* Byte.OpenBracket */) {
                if (depth + ++open > exports.maxDepth)
                    return (0, failure_1.fail)(5 /* Failure.TooDeep */, p);
                if (sizeof() == 2)
                    store(out++, byte);
                else if (!(open & 63) && !spill(open >> 6, containers))
                    return 0;
                isKeyNext = byte == 123 /* Byte.OpenBrace */;
                containers = (containers << 1) | u64(isKeyNext);
                p = (0, byte_1.skipSpace)(p + 1);
                // The brackets that close are two behind those that open.
                if (load(p) != byte + 2)
                    continue;
            }
            else {
                const end = bareScalarEnd(p);
                if (!end)
                    return 0;
                if (sizeof() == 2) {
                    memory.copy(out, p, end - p);
                    out += end - p;
                }
                p = end;
            }
        }
        // A value has ended, and with it perhaps the containers around it.
        while (true) {
            if (!open) {
                if (sizeof() == 2)
                    (0, arena_1.keepUpTo)(out);
                exports.valueStart = begin;
                exports.valueEnd = sizeof() == 2 ? out : p;
                return p;
            }
            p = (0, byte_1.skipSpace)(p);
            const byte = load(p);
            isKeyNext = (containers & 1) != 0;
            if (sizeof() == 2)
                store(out++, byte);
            if (byte == 44 /* Byte.Comma */) {
                p = (0, byte_1.skipSpace)(p + 1);
                break;
            }
            if (byte != (isKeyNext ? 125 /* Byte.CloseBrace */ : 93 /* Byte.CloseBracket */))
                return (0, failure_1.fail)(0 /* Failure.Unexpected */, p);
            containers >>= 1;
            if (sizeof() == 1 && !(open & 63))
                containers = spilled(open >> 6);
            open--;
            p++;
        }
    }
}
/** The three bytes `","`. */
const QUOTE_COMMA_QUOTE = 0x222c22;
/** Whether the string that ends at `p` is followed by another one. */
// @ts-ignore: decorator
function isStringNext(p) {
    return sizeof() == 2
        ? (load(p) & 0xff_ffff_ffff) == 0x22_5c2c_225c
        : (load(p) & 0xff_ffff) == QUOTE_COMMA_QUOTE;
}
/** Copies the key at `p` and its colon as `copyString` does. Returns the address of the value, or 0 (see `fail`). */
// @ts-ignore: decorator
function copyKey(p, out) {
    if (load(p) != (0, string_1.quote)())
        return (0, failure_1.fail)(0 /* Failure.Unexpected */, p);
    p += sizeof();
    if (sizeof() == 2)
        store(out++, 34 /* Byte.Quote */);
    p = copyString(p, out);
    if (!p)
        return 0;
    p = (0, byte_1.skipSpace)(p + sizeof());
    if (load(p) != 58 /* Byte.Colon */)
        return (0, failure_1.fail)(0 /* Failure.Unexpected */, p);
    if (sizeof() == 2) {
        store(copied, (58 /* Byte.Colon */ << 8) | 34 /* Byte.Quote */);
        copied += 2;
    }
    return (0, byte_1.skipSpace)(p + 1);
}
// Records may nest deeper than the 64 containers that one word holds; the words further out lie above `top`, one for
// each 64 containers, and an input needs 64 bytes to fill one.
function spill(index, containers) {
    if (!(0, arena_1.hasRoom)((index + 1) << 3)) {
        (0, failure_1.fail)(6 /* Failure.OutOfMemory */, 0);
        return false;
    }
    store(arena_1.top + (index << 3), containers);
    return true;
}
function spilled(index) {
    return load(arena_1.top + (index << 3));
}
