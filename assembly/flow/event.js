"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.lastKeyLength = exports.lastKeyStart = exports.unreadableAtEnd = exports.unreadableAt = exports.unreadableReason = exports.eventNodeNameEnd = exports.eventNodeName = exports.eventNodeNameKey = exports.eventTimeEnd = exports.eventTime = exports.eventTimeKey = exports.recordKeys = exports.heldEnd = exports.heldStart = exports.rank = void 0;
exports.findEvent = findEvent;
exports.keyEnd = keyEnd;
exports.keyRead = keyRead;
exports.isFlowText = isFlowText;
const arena_1 = require("../arena");
const byte_1 = require("../json/byte");
const failure_1 = require("../json/failure");
const string_1 = require("../json/string");
const text_1 = require("../json/text");
const value_1 = require("../json/value");
const key_1 = require("./key");
const members_1 = require("./members");
const scan_1 = require("./scan");
const slots_1 = require("./slots");
const tables_1 = require("./tables");
/** How deep a text may nest, the event's own braces being the first. */
const MAX_TEXT_DEPTH = 64;
exports.rank = 64 /* Rank.None */;
/** The value of the record that holds the event. */
exports.heldStart = 0;
exports.heldEnd = 0;
/** The number of keys of the record, an upper bound. */
exports.recordKeys = 0;
/** The keys and values of `time` and `node_name` beside the event; 0 where there is none. */
exports.eventTimeKey = 0;
exports.eventTime = 0;
exports.eventTimeEnd = 0;
exports.eventNodeNameKey = 0;
exports.eventNodeName = 0;
exports.eventNodeNameEnd = 0;
/** Why and where (in bytes from its start) the unreadable text cannot be read. */
exports.unreadableReason = 0 /* Failure.Unexpected */;
exports.unreadableAt = 0;
/** Whether the text ended there. */
exports.unreadableAtEnd = false;
let wanted = 0 /* Wanted.Flow */;
let inputEnd = 0;
/**
 * Looks for an export event in the record and reads it into the slots and lists: `rank` and the values beside it tell
 * what was found. Returns false (see `fail`) where the record is not one JSON object.
 */
function findEvent(record, length, events) {
    wanted = events;
    inputEnd = record + length;
    exports.rank = 64 /* Rank.None */;
    exports.heldStart = 0;
    exports.recordKeys = 0;
    let timeKey = 0;
    let time = 0;
    let timeEnd = 0;
    let nodeNameKey = 0;
    let nodeName = 0;
    let nodeNameEnd = 0;
    // The value whose event the slots hold. A better candidate may have turned out to be none.
    let scannedStart = 0;
    let p = (0, byte_1.skipSpace)(record);
    if (load(p) != 123 /* Byte.OpenBrace */)
        return failed(0 /* Failure.Unexpected */, p);
    p = (0, byte_1.skipSpace)(p + 1);
    if (load(p) == 125 /* Byte.CloseBrace */)
        return isEnd(p + 1);
    while (true) {
        p = keyEnd(p);
        if (!p)
            return false;
        const key = lastKey;
        const keyStart = exports.lastKeyStart;
        exports.recordKeys++;
        const start = p;
        const byte = load(p);
        let found = 64 /* Rank.None */;
        if (byte == 34 /* Byte.Quote */) {
            if ((0, key_1.isTextKey)(key) && 2 /* Rank.Text */ + key < exports.rank) {
                p = readText(p + 1);
                if (!p)
                    return false;
                if (textOutcome != 0 /* TextOutcome.NotScanned */)
                    scannedStart = start;
                if (textOutcome == 2 /* TextOutcome.Event */)
                    found = 2 /* Rank.Text */ + key;
                else if (textOutcome == 3 /* TextOutcome.Unreadable */)
                    found = 32 /* Rank.Unreadable */ + key;
            }
            else {
                p = (0, string_1.stringEnd)(p + 1);
                if (!p)
                    return false;
            }
            p++;
        }
        else if (byte == 123 /* Byte.OpenBrace */ && exports.rank > 0 /* Rank.Merged */ && isWanted(key)) {
            if (!beginEvent(length))
                return false;
            p = scanWanted(p + 1, key);
            if (!p)
                return false;
            scannedStart = start;
            found = 0 /* Rank.Merged */;
        }
        else if (byte == 123 /* Byte.OpenBrace */ && exports.rank > 1 /* Rank.Nested */) {
            p = findInObject(p + 1);
            if (!p)
                return false;
            if (holdsEvent)
                found = 1 /* Rank.Nested */;
        }
        else {
            p = (0, value_1.copyValue)(p, 1);
            if (!p)
                return false;
        }
        if (found < exports.rank) {
            exports.rank = found;
            exports.heldStart = start;
            exports.heldEnd = p;
        }
        if (key == 6 /* Key.Time */) {
            timeKey = keyStart;
            time = start;
            timeEnd = p;
        }
        else if (key == 7 /* Key.NodeName */) {
            nodeNameKey = keyStart;
            nodeName = start;
            nodeNameEnd = p;
        }
        p = (0, byte_1.skipSpace)(p);
        if (load(p) == 125 /* Byte.CloseBrace */)
            break;
        if (load(p) != 44 /* Byte.Comma */)
            return failed(0 /* Failure.Unexpected */, p);
        p = (0, byte_1.skipSpace)(p + 1);
    }
    if (!isEnd(p + 1))
        return false;
    if (exports.heldStart != scannedStart && exports.rank < 64 /* Rank.None */) {
        if (exports.rank == 1 /* Rank.Nested */) {
            if (!beginEvent(length) || !scanEvent(exports.heldStart + 1))
                return false;
        }
        else if (!readText(exports.heldStart + 1))
            return false;
    }
    if (exports.rank == 0 /* Rank.Merged */) {
        exports.eventTimeKey = timeKey;
        exports.eventTime = time;
        exports.eventTimeEnd = timeEnd;
        exports.eventNodeNameKey = nodeNameKey;
        exports.eventNodeName = nodeName;
        exports.eventNodeNameEnd = nodeNameEnd;
    }
    return true;
}
function failed(reason, at) {
    (0, failure_1.fail)(reason, at);
    return false;
}
/** Whether nothing but white space follows up to the end of the record. */
function isEnd(p) {
    p = (0, byte_1.skipSpace)(p);
    return p == inputEnd || failed(0 /* Failure.Unexpected */, p);
}
/** The key that `keyEnd` met last: which one it is, and its bytes, spelled without needless escapes. */
let lastKey = 0 /* Key.Other */;
exports.lastKeyStart = 0;
exports.lastKeyLength = 0;
/**
 * Reads the key whose quote is at `p` and its colon. Returns the address of the value, or 0 (see `fail`).
 */
function keyEnd(p) {
    if (load(p) != (0, string_1.quote)())
        return (0, failure_1.fail)(0 /* Failure.Unexpected */, p);
    const start = p + sizeof();
    p = (0, string_1.stringEnd)(start);
    if (!p)
        return 0;
    exports.lastKeyStart = start;
    exports.lastKeyLength = p - start;
    if (sizeof() == 1 && (0, string_1.findStop)(start) != p) {
        const end = (0, text_1.canonicalString)(start, p);
        if (!end)
            return 0;
        exports.lastKeyStart = arena_1.top + 1;
        exports.lastKeyLength = end - 1 - exports.lastKeyStart;
        (0, arena_1.keepUpTo)(end);
    }
    lastKey = (0, key_1.keyOf)(exports.lastKeyStart, exports.lastKeyLength);
    p = (0, byte_1.skipSpace)(p + sizeof());
    return load(p) == 58 /* Byte.Colon */ ? (0, byte_1.skipSpace)(p + 1) : (0, failure_1.fail)(0 /* Failure.Unexpected */, p);
}
function keyRead() {
    return lastKey;
}
/** Forgets what was read of another candidate. Returns false (see `fail`) where `size` bytes of copies have no room. */
function beginEvent(size) {
    (0, slots_1.clearSlots)();
    exports.eventTimeKey = exports.eventTime = exports.eventTimeEnd = 0;
    exports.eventNodeNameKey = exports.eventNodeName = exports.eventNodeNameEnd = 0;
    return (0, members_1.clearMembers)(size) || failed(6 /* Failure.OutOfMemory */, 0);
}
// @ts-ignore: decorator
function isWanted(key) {
    return wanted == 0 /* Wanted.Flow */ ? key == 8 /* Key.Flow */ : key > 8 /* Key.Flow */;
}
/** Reads the event that the key met last holds, whose own first key is at `p`. Returns the address behind it, or 0 (see `fail`). */
function scanWanted(p, key) {
    if (key == 8 /* Key.Flow */)
        return (0, scan_1.scanObject)(p, tables_1.OBJECTS + 0 /* ObjectOffset.Flow */);
    (0, slots_1.setQuoted)((0, slots_1.slotAddress)(98 /* Slot.ExportEvent */), exports.lastKeyStart, exports.lastKeyStart + exports.lastKeyLength);
    let table;
    switch (key) {
        case 9 /* Key.LostEvents */:
            table = 8672 /* ObjectOffset.LostEvents */;
            break;
        case 10 /* Key.AgentEvent */:
            table = 8736 /* ObjectOffset.AgentEvent */;
            break;
        case 11 /* Key.DebugEvent */:
            table = 8800 /* ObjectOffset.DebugEvent */;
            break;
        default:
            table = 8864 /* ObjectOffset.NodeStatus */;
    }
    return (0, scan_1.scanObject)(p, tables_1.OBJECTS + table);
}
/** Whether the object that was read last holds an event. */
let holdsEvent = false;
/**
 * Reads the object whose first key is at `p` for a key that holds an event, without reading that. Sets `holdsEvent`.
 * Returns the address behind the object, or 0 (see `fail`).
 */
function findInObject(p) {
    holdsEvent = false;
    let found = false;
    p = (0, byte_1.skipSpace)(p);
    if (load(p) == 125 /* Byte.CloseBrace */)
        return p + 1;
    while (true) {
        p = keyEnd(p);
        if (!p)
            return 0;
        if (load(p) == 123 /* Byte.OpenBrace */ && isWanted(lastKey))
            found = true;
        p = (0, value_1.copyValue)(p, 1);
        if (!p)
            return 0;
        p = (0, byte_1.skipSpace)(p);
        if (load(p) == 125 /* Byte.CloseBrace */)
            break;
        if (load(p) != 44 /* Byte.Comma */)
            return (0, failure_1.fail)(0 /* Failure.Unexpected */, p);
        p = (0, byte_1.skipSpace)(p + 1);
    }
    holdsEvent = found;
    return p + 1;
}
/**
 * Reads the object whose first key is at `p` as an export event: the event itself, its time and node name, and the
 * keys beside them. Sets `holdsEvent`. Returns the address behind the object, or 0 (see `fail`).
 */
function scanEvent(p) {
    holdsEvent = false;
    let found = false;
    p = (0, byte_1.skipSpace)(p);
    if (load(p) == 125 /* Byte.CloseBrace */)
        return p + 1;
    while (true) {
        p = keyEnd(p);
        if (!p)
            return 0;
        const key = lastKey;
        const keyStart = exports.lastKeyStart;
        const keyLength = exports.lastKeyLength;
        if (!found && load(p) == 123 /* Byte.OpenBrace */ && isWanted(key)) {
            found = true;
            p = scanWanted(p + 1, key);
            if (!p)
                return 0;
        }
        else {
            p = (0, value_1.copyValue)(p, 1);
            if (!p)
                return 0;
            if (key == 6 /* Key.Time */) {
                exports.eventTimeKey = keyStart;
                exports.eventTime = value_1.valueStart;
                exports.eventTimeEnd = value_1.valueEnd;
            }
            else if (key == 7 /* Key.NodeName */) {
                exports.eventNodeNameKey = keyStart;
                exports.eventNodeName = value_1.valueStart;
                exports.eventNodeNameEnd = value_1.valueEnd;
            }
            else if (!(0, members_1.appendMember)(members_1.EVENT_MEMBERS, 0, keyStart, keyLength, value_1.valueStart, value_1.valueEnd))
                return 0;
        }
        p = (0, byte_1.skipSpace)(p);
        if (load(p) == 125 /* Byte.CloseBrace */)
            break;
        if (load(p) != 44 /* Byte.Comma */)
            return (0, failure_1.fail)(0 /* Failure.Unexpected */, p);
        p = (0, byte_1.skipSpace)(p + 1);
    }
    holdsEvent = found;
    return p + 1;
}
let textOutcome = 0 /* TextOutcome.NotScanned */;
/**
 * Reads the string of the record whose content starts at `start` as an export event. Sets `textOutcome`. Returns the
 * address of the closing quote, or 0 (see `fail`) where the record is broken.
 */
function readText(start) {
    const brace = openingBrace(start);
    if (!brace) {
        textOutcome = 0 /* TextOutcome.NotScanned */;
        return (0, string_1.stringEnd)(start);
    }
    const topBefore = arena_1.top;
    if (brace != UNUSUAL) {
        // Most texts hold no escapes but `\"`, and are read as they lie in the record.
        if (!beginEvent(inputEnd - start))
            return 0;
        (0, value_1.setMaxDepth)(MAX_TEXT_DEPTH);
        let p = scanEvent(brace + 1);
        (0, value_1.setMaxDepth)(i32.MAX_VALUE);
        if (p) {
            p = skipEscapedSpace(p);
            if (load(p) == 34 /* Byte.Quote */) {
                textOutcome = holdsEvent ? 2 /* TextOutcome.Event */ : 1 /* TextOutcome.NotAnEvent */;
                return p;
            }
        }
        else if (failure_1.failure == 6 /* Failure.OutOfMemory */)
            return 0;
        (0, arena_1.keepUpTo)(topBefore);
    }
    const end = (0, text_1.unescape)(start, inputEnd);
    if (!end)
        return 0;
    const text = text_1.textStart;
    const lastByte = text_1.textEnd;
    const surrogate = text_1.loneSurrogateAt;
    const plainBrace = openingBrace(text);
    if (!plainBrace) {
        textOutcome = 0 /* TextOutcome.NotScanned */;
        (0, arena_1.keepUpTo)(topBefore);
        return end;
    }
    if (!beginEvent(lastByte - text))
        return 0;
    (0, value_1.setMaxDepth)(MAX_TEXT_DEPTH);
    let p = scanEvent(plainBrace + 1);
    (0, value_1.setMaxDepth)(i32.MAX_VALUE);
    if (p) {
        p = (0, byte_1.skipSpace)(p);
        if (p != lastByte)
            p = (0, failure_1.fail)(0 /* Failure.Unexpected */, p);
        else if (surrogate)
            p = (0, failure_1.fail)(3 /* Failure.LoneSurrogate */, surrogate);
    }
    else if (failure_1.failure == 6 /* Failure.OutOfMemory */)
        return 0;
    if (p) {
        textOutcome = holdsEvent ? 2 /* TextOutcome.Event */ : 1 /* TextOutcome.NotAnEvent */;
    }
    else if (startsLikeFlow(plainBrace)) {
        textOutcome = 3 /* TextOutcome.Unreadable */;
        exports.unreadableReason = failure_1.failure;
        exports.unreadableAt = (failure_1.failedAt - text);
        exports.unreadableAtEnd = failure_1.failedAt == lastByte;
    }
    else
        textOutcome = 1 /* TextOutcome.NotAnEvent */;
    return end;
}
/** The answer of `openingBrace` where only the unescaped text can tell. */
const UNUSUAL = 1;
/**
 * Returns the address of the brace with which a text starts, after white space and the prefix that a container
 * runtime writes (`<time> stdout F `), 0 where it starts otherwise.
 */
function openingBrace(p) {
    const first = load(p);
    if (first == 123 /* Byte.OpenBrace */)
        return p;
    // An agent's own line, told by its first letter.
    if (first > 0x39 && first != 92 /* Byte.Backslash */)
        return 0;
    p = skipTextSpace(p);
    if ((0, byte_1.isDigit)(load(p))) {
        do {
            p++;
        } while (isTimeByte(load(p)));
        // " stdout " or " stderr "
        const stream = load(p);
        if (stream != 0x2074756f_64747320 && stream != 0x20727265_64747320)
            return load(p) == 92 /* Byte.Backslash */ ? UNUSUAL : 0;
        const tag = load(p, 8);
        if (tag != 0x2046 && tag != 0x2050)
            return load(p) == 92 /* Byte.Backslash */ ? UNUSUAL : 0;
        p = skipTextSpace(p + 10);
    }
    const byte = load(p);
    if (byte == 123 /* Byte.OpenBrace */)
        return p;
    return sizeof() == 2 && byte == 92 /* Byte.Backslash */ && load(p, 1) == 117 /* Byte.LowerU */ ? UNUSUAL : 0;
}
/** Whether the byte can stand in the time of a container runtime's line: `2025-01-23T07:59:23.501+01:00`. */
function isTimeByte(byte) {
    return ((0, byte_1.isDigit)(byte) ||
        byte == 58 /* Byte.Colon */ ||
        byte == 45 /* Byte.Minus */ ||
        byte == 43 /* Byte.Plus */ ||
        byte == 46 /* Byte.Dot */ ||
        (byte | 0x20) == 116 /* Byte.LowerT */ ||
        (byte | 0x20) == 122 /* Byte.LowerZ */);
}
/** `skipSpace` that knows white space as it is escaped in a string too. */
// @ts-ignore: decorator
function skipTextSpace(p) {
    return sizeof() == 2 ? skipEscapedSpace(p) : (0, byte_1.skipSpace)(p);
}
function skipEscapedSpace(p) {
    while (true) {
        const byte = load(p);
        if (byte == 92 /* Byte.Backslash */) {
            const letter = load(p, 1);
            if (letter != 110 /* Byte.LowerN */ && letter != 114 /* Byte.LowerR */ && letter != 116 /* Byte.LowerT */)
                return p;
            p += 2;
        }
        else if (byte == 32 /* Byte.Space */)
            p++;
        else
            return p;
    }
}
/** Whether `"flow"` is the first key behind the brace. */
function startsLikeFlow(brace) {
    const p = skipTextSpace(brace + 1);
    return (load(p) == (0, string_1.quote)() &&
        load(p, sizeof()) == 0x776f6c66 &&
        load(p, sizeof() + 4) == (0, string_1.quote)());
}
/**
 * Whether the string of a record whose content starts at `start` starts like a flow: beside an event that was found
 * merged or nested it is the text that the event was parsed from.
 */
function isFlowText(start) {
    const brace = openingBrace(start);
    if (!brace)
        return false;
    if (brace != UNUSUAL && startsLikeFlow(brace))
        return true;
    const topBefore = arena_1.top;
    const isText = (0, text_1.unescape)(start, inputEnd) != 0;
    const plainBrace = isText ? openingBrace(text_1.textStart) : 0;
    const answer = plainBrace != 0 && startsLikeFlow(plainBrace);
    (0, arena_1.keepUpTo)(topBefore);
    return answer;
}
