"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.scanObject = scanObject;
exports.setTimestamp = setTimestamp;
const arena_1 = require("../arena");
const byte_1 = require("../json/byte");
const failure_1 = require("../json/failure");
const string_1 = require("../json/string");
const text_1 = require("../json/text");
const value_1 = require("../json/value");
const members_1 = require("./members");
const slots_1 = require("./slots");
const tables_1 = require("./tables");
const timestamp_1 = require("./timestamp");
// The layout of an object and its rows is drawn in tables.ts.
const HEADER_SIZE = 16;
const ROW_SIZE = 48;
const MASK = 8;
const LAST_BYTES = 16;
const BYTES_8 = 24;
const BYTES_16 = 32;
const META = 40;
const CHILD = 44;
/**
 * Reads the object of the flow whose first key is at `p`, behind its brace, into the slots and AdditionalFields.
 * `object` is its table. Returns the address behind its closing brace, or 0 (see `fail`).
 *
 * The calls nest as deep as the tables do, whatever the input.
 */
function scanObject(p, object) {
    const firstRow = object + HEADER_SIZE;
    let expectedRow = firstRow;
    p = (0, byte_1.skipSpace)(p);
    if (load(p) == 125 /* Byte.CloseBrace */)
        return p + 1;
    while (true) {
        if (load(p) != (0, string_1.quote)())
            return (0, failure_1.fail)(0 /* Failure.Unexpected */, p);
        p += sizeof();
        // Keys come in the order of the rows, some of them left out; any other order takes a second lap.
        let key = p;
        let row = expectedRow;
        let meta;
        let isSecondLap = false;
        const word = load(p);
        while (true) {
            while ((word ^ load(row)) & load(row, MASK))
                row += ROW_SIZE;
            meta = load(row, META);
            if (!(meta & 0xff)) {
                if (isSecondLap)
                    break;
                isSecondLap = true;
                row = firstRow;
            }
            else {
                if (isKey(row, p, meta & 0xff))
                    break;
                row += ROW_SIZE;
            }
        }
        let keyLength = (meta & 0xff);
        if (keyLength) {
            expectedRow = row + ROW_SIZE;
            p += keyLength;
        }
        else {
            p = (0, string_1.stringEnd)(p);
            if (!p)
                return 0;
            keyLength = p - key;
            if (sizeof() == 1 && (0, string_1.findStop)(key) != p) {
                // Escapes can spell the key of a row, too.
                const end = (0, text_1.canonicalString)(key, p);
                if (!end)
                    return 0;
                key = arena_1.top + 1;
                keyLength = end - 1 - key;
                (0, arena_1.keepUpTo)(end);
                row = findRow(key, firstRow);
                meta = load(row, META);
            }
        }
        p += sizeof();
        if (load(p) != 58 /* Byte.Colon */) {
            p = (0, byte_1.skipSpace)(p);
            if (load(p) != 58 /* Byte.Colon */)
                return (0, failure_1.fail)(0 /* Failure.Unexpected */, p);
        }
        let byte = load(++p);
        if ((0, byte_1.mayBeSpace)(byte)) {
            p = (0, byte_1.skipSpace)(p);
            byte = load(p);
        }
        const slot = slots_1.SLOTS + (meta >> 16);
        let fits = true;
        switch ((meta >> 8) & 0xff) {
            case 1 /* Kind.Text */: {
                if (load(p) == (0, string_1.quote)()) {
                    const start = p + sizeof();
                    p = (0, string_1.stringEnd)(start);
                    if (!p)
                        return 0;
                    (0, slots_1.setQuoted)(slot, start, p);
                    p += sizeof();
                }
                else if (byte == 110 /* Byte.LowerN */ || byte == 123 /* Byte.OpenBrace */ || byte == 91 /* Byte.OpenBracket */) {
                    fits = false;
                }
                else {
                    const start = p;
                    p = (0, value_1.bareScalarEnd)(p);
                    if (!p)
                        return 0;
                    (0, slots_1.setBare)(slot, start, p);
                }
                break;
            }
            case 3 /* Kind.Number */: {
                if ((0, byte_1.isDigit)(byte) || byte == 45 /* Byte.Minus */) {
                    const start = p;
                    p = (0, value_1.numberEnd)(p);
                    if (!p)
                        return 0;
                    (0, slots_1.setBare)(slot, start, p);
                }
                else {
                    const end = setIntegerString(slot, p);
                    if (end)
                        p = end;
                    else
                        fits = false;
                }
                break;
            }
            case 2 /* Kind.Bool */: {
                const start = p;
                const literal = load(p);
                if (literal == 1702195828 /* Word.True */)
                    p += 4;
                else if (literal == 1936482662 /* Word.Fals */ && load(p, 4) == 101 /* Byte.LowerE */)
                    p += 5;
                else
                    fits = false;
                if (fits)
                    (0, slots_1.setBare)(slot, start, p);
                break;
            }
            case 4 /* Kind.Dynamic */:
            case 5 /* Kind.FirstElement */:
            case 6 /* Kind.Members */: {
                // Both brackets have the same low bits.
                if ((byte | 0x20) == 123 /* Byte.OpenBrace */) {
                    p = (0, value_1.copyValue)(p, load(object, 8));
                    if (!p)
                        return 0;
                    (0, slots_1.setBare)(slot, value_1.valueStart, value_1.valueEnd);
                    if (((meta >> 8) & 0xff) != 4 /* Kind.Dynamic */ && !scanCopy(row))
                        return 0;
                }
                else
                    fits = false;
                break;
            }
            case 7 /* Kind.Object */: {
                if (byte == 123 /* Byte.OpenBrace */) {
                    p = scanObject(p + 1, tables_1.OBJECTS + load(row, CHILD));
                    if (!p)
                        return 0;
                }
                else
                    fits = false;
                break;
            }
            case 8 /* Kind.Protocol */: {
                if (byte == 123 /* Byte.OpenBrace */ && nameProtocol(key, keyLength)) {
                    p = scanObject(p + 1, tables_1.OBJECTS + load(row, CHILD));
                    if (!p)
                        return 0;
                }
                else
                    fits = false;
                break;
            }
            case 9 /* Kind.TrueKeys */: {
                if (byte == 123 /* Byte.OpenBrace */) {
                    p = scanTrueKeys(p + 1, tables_1.OBJECTS + load(row, CHILD), slot);
                    if (!p)
                        return 0;
                }
                else
                    fits = false;
                break;
            }
            case 10 /* Kind.Timestamp */: {
                if (load(p) == (0, string_1.quote)()) {
                    const start = p + sizeof();
                    const end = (0, string_1.stringEnd)(start);
                    if (!end)
                        return 0;
                    if (setTimestamp(slot, start, end))
                        p = end + sizeof();
                    else
                        fits = false;
                }
                else
                    fits = false;
                break;
            }
            default:
                fits = false;
        }
        if (!fits) {
            p = scanMisfit(p, object, key, keyLength);
            if (!p)
                return 0;
        }
        byte = load(p);
        if ((0, byte_1.mayBeSpace)(byte)) {
            p = (0, byte_1.skipSpace)(p);
            byte = load(p);
        }
        if (byte != 44 /* Byte.Comma */) {
            return byte == 125 /* Byte.CloseBrace */ ? p + 1 : (0, failure_1.fail)(0 /* Failure.Unexpected */, p);
        }
        p++;
        if ((0, byte_1.mayBeSpace)(load(p)))
            p = (0, byte_1.skipSpace)(p);
    }
}
/** Whether the key at `p`, whose first bytes match the row's, is the row's. */
// @ts-ignore: decorator
function isKey(row, p, length) {
    if (length > 8) {
        if (load(p + length - 8) != load(row, LAST_BYTES))
            return false;
        if (length > 16) {
            if (load(p, 8) != load(row, BYTES_8))
                return false;
            if (length > 24 && load(p, 16) != load(row, BYTES_16))
                return false;
        }
    }
    return load(p + length) == (0, string_1.quote)();
}
/** Returns the row of a plain key, or the end of the rows. */
function findRow(key, row) {
    const word = load(key);
    while (true) {
        while ((word ^ load(row)) & load(row, MASK))
            row += ROW_SIZE;
        const length = load(row, META);
        if (!length || isKey(row, key, length))
            return row;
        row += ROW_SIZE;
    }
}
/**
 * Puts the integer that the string at `p` holds into a slot, as JSON writes it and of at most 18 digits. Returns the
 * address behind the string, or 0 where it holds none.
 */
function setIntegerString(slot, p) {
    if (load(p) != (0, string_1.quote)())
        return 0;
    const start = p + sizeof();
    const end = (0, string_1.stringEnd)(start);
    if (!end)
        return 0;
    if (isInteger(start, end)) {
        (0, slots_1.setBare)(slot, start, end);
        return end + sizeof();
    }
    if (sizeof() == 2 || (0, string_1.findStop)(start) == end)
        return 0;
    const text = arena_1.top + 1;
    const textEnd = (0, text_1.canonicalString)(start, end) - 1;
    if (!isInteger(text, textEnd))
        return 0;
    (0, arena_1.keepUpTo)(textEnd);
    (0, slots_1.setBare)(slot, text, textEnd);
    return end + 1;
}
function isInteger(p, end) {
    if (load(p) == 45 /* Byte.Minus */)
        p++;
    const digits = end - p;
    if (digits - 1 > 17 || (digits > 1 && load(p) == 48 /* Byte.Digit0 */))
        return false;
    while ((0, byte_1.isDigit)(load(p)))
        p++;
    return p == end;
}
/** Takes columns from the copy of the dynamic value that was read last. Returns false (see `fail`) where that failed. */
function scanCopy(row) {
    const end = value_1.valueEnd;
    let p = value_1.valueStart;
    if (load(row, META + 1) == 5 /* Kind.FirstElement */) {
        if (load(p) != 91 /* Byte.OpenBracket */)
            return true;
        p = (0, byte_1.skipSpace)(p + 1);
    }
    if (p >= end || load(p) != 123 /* Byte.OpenBrace */)
        return true;
    return scanObject(p + 1, tables_1.OBJECTS + load(row, CHILD)) != 0;
}
/** Makes the key the flow's L4Protocol. Returns false where it has one already. */
function nameProtocol(key, keyLength) {
    if ((0, slots_1.getSlot)(20 /* Slot.L4Protocol */))
        return false;
    (0, slots_1.setQuoted)((0, slots_1.slotAddress)(20 /* Slot.L4Protocol */), key, key + keyLength);
    return true;
}
/** Puts an RFC 3339 time into a slot. Returns false where the text is none. */
function setTimestamp(slot, start, end) {
    let out = arena_1.top;
    let copyEnd = (0, timestamp_1.copyTimestamp)(start, end, out);
    if (!copyEnd) {
        if ((0, string_1.findStop)(start) == end)
            return false;
        const textEnd = (0, text_1.canonicalString)(start, end);
        if (!textEnd)
            return false;
        copyEnd = (0, timestamp_1.copyTimestamp)(out + 1, textEnd - 1, textEnd);
        if (!copyEnd)
            return false;
        out = textEnd;
    }
    (0, arena_1.keepUpTo)(copyEnd);
    (0, slots_1.setQuoted)(slot, out, copyEnd);
    return true;
}
/**
 * Reads the flags whose first key is at `p` and puts the names of those that are true into `slot`. Returns the address
 * behind the closing brace, or 0 (see `fail`).
 */
function scanTrueKeys(p, object, slot) {
    const names = arena_1.top;
    const end = copyTrueKeys(p);
    if (!end)
        return 0;
    if (arena_1.top > names)
        (0, slots_1.setQuoted)(slot, names, arena_1.top);
    return isEveryFlagBool ? end : scanFlagMisfits(p, object);
}
/** Whether the flags that `copyTrueKeys` read last were all true or false. */
let isEveryFlagBool = true;
/** Copies the names of the true flags to `top`, joined by commas. Returns as `scanTrueKeys` does. */
function copyTrueKeys(p) {
    const names = arena_1.top;
    isEveryFlagBool = true;
    p = (0, byte_1.skipSpace)(p);
    if (load(p) == 125 /* Byte.CloseBrace */)
        return p + 1;
    while (true) {
        const key = p + sizeof();
        p = flagValue(p);
        if (!p)
            return 0;
        const literal = load(p);
        if (literal == 1702195828 /* Word.True */) {
            p += 4;
            let out = arena_1.top;
            if (out > names)
                store(out++, 44 /* Byte.Comma */);
            memory.copy(out, key, flagNameEnd - key);
            (0, arena_1.keepUpTo)(out + flagNameEnd - key);
        }
        else if (literal == 1936482662 /* Word.Fals */ && load(p, 4) == 101 /* Byte.LowerE */) {
            p += 5;
        }
        else {
            isEveryFlagBool = false;
            const namesEnd = arena_1.top;
            p = (0, value_1.copyValue)(p, 0);
            if (!p)
                return 0;
            (0, arena_1.keepUpTo)(namesEnd);
        }
        p = (0, byte_1.skipSpace)(p);
        if (load(p) == 125 /* Byte.CloseBrace */)
            return p + 1;
        if (load(p) != 44 /* Byte.Comma */)
            return (0, failure_1.fail)(0 /* Failure.Unexpected */, p);
        p = (0, byte_1.skipSpace)(p + 1);
    }
}
/** Reads the flags again, which `copyTrueKeys` has checked, for those that are neither true nor false. */
function scanFlagMisfits(p, object) {
    p = (0, byte_1.skipSpace)(p);
    while (true) {
        const key = p + sizeof();
        p = flagValue(p);
        const literal = load(p);
        if (literal == 1702195828 /* Word.True */)
            p += 4;
        else if (literal == 1936482662 /* Word.Fals */)
            p += 5;
        else
            p = scanMisfit(p, object, key, flagNameEnd - key);
        if (!p)
            return 0;
        p = (0, byte_1.skipSpace)(p);
        if (load(p) == 125 /* Byte.CloseBrace */)
            return p + 1;
        p = (0, byte_1.skipSpace)(p + 1);
    }
}
let flagNameEnd = 0;
/** Returns the address of the value whose key's quote is at `p`, or 0 (see `fail`), and sets `flagNameEnd`. */
function flagValue(p) {
    if (load(p) != (0, string_1.quote)())
        return (0, failure_1.fail)(0 /* Failure.Unexpected */, p);
    p = (0, string_1.stringEnd)(p + sizeof());
    if (!p)
        return 0;
    flagNameEnd = p;
    p = (0, byte_1.skipSpace)(p + sizeof());
    return load(p) == 58 /* Byte.Colon */ ? (0, byte_1.skipSpace)(p + 1) : (0, failure_1.fail)(0 /* Failure.Unexpected */, p);
}
/**
 * Reads a value that has no column, or does not fit its column, into AdditionalFields; a `null` is no value. Returns
 * the address behind it, or 0 (see `fail`).
 */
function scanMisfit(p, object, key, keyLength) {
    if (load(p) == 1819047278 /* Word.Null */)
        return p + 4;
    if (object == tables_1.OBJECTS + 2688 /* ObjectOffset.L4 */)
        nameProtocol(key, keyLength);
    p = (0, value_1.copyValue)(p, load(object, 8));
    if (!p)
        return 0;
    const isCopy = load(object, 12);
    if (!isCopy && !(0, members_1.appendMember)(members_1.ADDITIONAL_FIELDS, object, key, keyLength, value_1.valueStart, value_1.valueEnd))
        return 0;
    return p;
}
