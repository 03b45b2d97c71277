"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.writeRow = writeRow;
exports.writeOutOfMemory = writeOutOfMemory;
const arena_1 = require("../arena");
const byte_1 = require("../json/byte");
const string_1 = require("../json/string");
const text_1 = require("../json/text");
const value_1 = require("../json/value");
const columns_1 = require("./columns");
const event_1 = require("./event");
const key_1 = require("./key");
const key_set_1 = require("./key-set");
const members_1 = require("./members");
const scan_1 = require("./scan");
const slots_1 = require("./slots");
const tables_1 = require("./tables");
const timestamp_1 = require("./timestamp");
/** More than all names, quotes and the brackets of a row take. */
const FRAME_SIZE = tables_1.COLUMN_COUNT * (tables_1.NAME_SIZE + 2) + 256;
/** More than the path in front of a key in AdditionalFields, its quotes, colon and comma take. */
const PATH_SIZE = 40;
/** Room for a row that says that there is none for another. */
const SMALL_ROW = memory.data(160, 8);
/**
 * Writes the row of the event that `findEvent` has found in the record. Returns its address; a NUL ends it. 0 where
 * there is no room for it.
 */
function writeRow(record, length, seconds, nanoseconds) {
    if (event_1.rank >= 32 /* Rank.Unreadable */) {
        (0, slots_1.clearSlots)();
        if (!(0, members_1.clearMembers)(0))
            return 0;
    }
    else if (!completeSlots())
        return 0;
    if (!(0, slots_1.getSlot)(0 /* Slot.TimeGenerated */)) {
        if (!(0, arena_1.hasRoom)(timestamp_1.TIMESTAMP_LENGTH))
            return 0;
        const time = arena_1.top;
        (0, timestamp_1.writeTimestamp)(time, seconds, nanoseconds);
        (0, arena_1.keepUpTo)(time + timestamp_1.TIMESTAMP_LENGTH);
        (0, slots_1.setQuoted)((0, slots_1.slotAddress)(0 /* Slot.TimeGenerated */), time, time + timestamp_1.TIMESTAMP_LENGTH);
    }
    const additionalCount = (0, members_1.memberCount)(members_1.ADDITIONAL_FIELDS);
    if (additionalCount > 1 && !mergeAdditionalFields())
        return 0;
    const keyCount = event_1.recordKeys + (0, members_1.memberCount)(members_1.EVENT_MEMBERS);
    if (!(0, key_set_1.clearKeys)(keyCount))
        return 0;
    // Each byte of the record goes into the row twice at the most: in a dynamic column and in a column beside it.
    const size = FRAME_SIZE + 2 * length + PATH_SIZE * (additionalCount + (0, members_1.memberCount)(members_1.EVENT_MEMBERS));
    if (!(0, arena_1.hasRoom)(size))
        return 0;
    const row = arena_1.top;
    let out = writeColumns(row);
    if (additionalCount) {
        out = writeAdditionalFields(out);
        // The row has the column: a key of the record of that name does not pass.
        (0, slots_1.setBare)((0, slots_1.slotAddress)(99 /* Slot.AdditionalFields */), row, out);
    }
    if (event_1.rank >= 32 /* Rank.Unreadable */)
        out = writeUnreadable(out);
    store(row, 123 /* Byte.OpenBrace */);
    // Keys that escapes spell are kept above the row.
    (0, arena_1.keepUpTo)(row + size);
    out = writeRecordKeys(record, out);
    if (!out)
        return 0;
    out = writeEventMembers(out);
    store(out, 125 /* Byte.CloseBrace */);
    return row;
}
/** Makes the columns that depend on more than one value. Returns false where there is no room. */
function completeSlots() {
    const eventObject = tables_1.OBJECTS + 0 /* ObjectOffset.Flow */;
    if (!(0, slots_1.getSlot)(0 /* Slot.TimeGenerated */) && event_1.eventTime && load(event_1.eventTime) != 1819047278 /* Word.Null */) {
        const isText = load(event_1.eventTime) == 34 /* Byte.Quote */;
        if (!isText || !(0, scan_1.setTimestamp)((0, slots_1.slotAddress)(0 /* Slot.TimeGenerated */), event_1.eventTime + 1, event_1.eventTimeEnd - 1)) {
            if (!hasAdditionalField(eventObject, event_1.eventTimeKey, 4)) {
                if (!(0, members_1.appendMember)(members_1.ADDITIONAL_FIELDS, eventObject, event_1.eventTimeKey, 4, event_1.eventTime, event_1.eventTimeEnd))
                    return false;
            }
        }
    }
    const flowNodeName = (0, slots_1.getSlot)(103 /* Slot.PathNodeName */);
    if (flowNodeName) {
        if (!splitNodeName(flowNodeName))
            return false;
    }
    else if (event_1.eventNodeName && load(event_1.eventNodeName) != 1819047278 /* Word.Null */) {
        const byte = load(event_1.eventNodeName);
        if (byte == 123 /* Byte.OpenBrace */ || byte == 91 /* Byte.OpenBracket */) {
            if (!hasAdditionalField(eventObject, event_1.eventNodeNameKey, 9)) {
                if (!(0, members_1.appendMember)(members_1.ADDITIONAL_FIELDS, eventObject, event_1.eventNodeNameKey, 9, event_1.eventNodeName, event_1.eventNodeNameEnd)) {
                    return false;
                }
            }
        }
        else {
            const slot = (0, slots_1.slotAddress)(103 /* Slot.PathNodeName */);
            if (byte == 34 /* Byte.Quote */)
                (0, slots_1.setQuoted)(slot, event_1.eventNodeName + 1, event_1.eventNodeNameEnd - 1);
            else
                (0, slots_1.setBare)(slot, event_1.eventNodeName, event_1.eventNodeNameEnd);
            if (!splitNodeName((0, slots_1.getSlot)(103 /* Slot.PathNodeName */)))
                return false;
        }
    }
    completePolicy();
    completeFlowCounts();
    return completeReply();
}
/** Whether AdditionalFields has a key of the object already. */
function hasAdditionalField(object, key, length) {
    for (let member = (0, members_1.firstMember)(members_1.ADDITIONAL_FIELDS); member; member = (0, members_1.nextMember)(member)) {
        if ((0, members_1.memberObject)(member) == object &&
            (0, members_1.memberKeyLength)(member) == length &&
            (0, byte_1.isSame)((0, members_1.memberKey)(member), key, length)) {
            return true;
        }
    }
    return false;
}
/** Splits a node name at its last slash: the cluster and the node. Returns false where there is no room. */
function splitNodeName(name) {
    if (!(0, slots_1.isQuoted)(name)) {
        (0, slots_1.moveSlot)(12 /* Slot.NodeName */, name);
        return true;
    }
    let start = (0, slots_1.spanStart)(name);
    let end = start + (0, slots_1.spanLength)(name);
    const stop = (0, string_1.findStop)(start);
    if (stop < end && load(stop) == 92 /* Byte.Backslash */) {
        // A slash may be escaped.
        const copyEnd = (0, text_1.canonicalString)(start, end);
        if (!copyEnd)
            return false;
        start = arena_1.top + 1;
        end = copyEnd - 1;
        (0, arena_1.keepUpTo)(copyEnd);
    }
    let slash = end;
    while (slash > start && load(slash - 1) != 47 /* Byte.Slash */)
        slash--;
    if (slash > start)
        (0, slots_1.setQuoted)((0, slots_1.slotAddress)(11 /* Slot.ClusterName */), start, slash - 1);
    (0, slots_1.setQuoted)((0, slots_1.slotAddress)(12 /* Slot.NodeName */), slash, end);
    return true;
}
/** `reply` serves where `is_reply` is absent; beside another `is_reply` it is kept in AdditionalFields. */
function completeReply() {
    const deprecated = (0, slots_1.getSlot)(102 /* Slot.PathReply */);
    if (!deprecated)
        return true;
    const reply = (0, slots_1.getSlot)(5 /* Slot.Reply */);
    if (!reply) {
        (0, slots_1.moveSlot)(5 /* Slot.Reply */, deprecated);
        return true;
    }
    if ((0, slots_1.spanLength)(reply) == (0, slots_1.spanLength)(deprecated))
        return true;
    const value = (0, slots_1.spanStart)(deprecated);
    return (0, members_1.appendMember)(members_1.ADDITIONAL_FIELDS, tables_1.OBJECTS + 0 /* ObjectOffset.Flow */, REPLY_KEY, 5, value, value + (0, slots_1.spanLength)(deprecated));
}
/** The bytes of `reply`. */
const REPLY_KEY = memory.data([0x72, 0x65, 0x70, 0x6c, 0x79]);
/** The policy columns come from the first list, in this order, whose first element is an object. */
function completePolicy() {
    if (takePolicy(53 /* Slot.EgressDeniedBy */, 104 /* Slot.PathEgressDeniedByName */, 108 /* Slot.PathEgressDeniedByNamespace */, 112 /* Slot.PathEgressDeniedByKind */)) {
        return;
    }
    if (takePolicy(54 /* Slot.IngressDeniedBy */, 105 /* Slot.PathIngressDeniedByName */, 109 /* Slot.PathIngressDeniedByNamespace */, 113 /* Slot.PathIngressDeniedByKind */)) {
        return;
    }
    if (takePolicy(55 /* Slot.EgressAllowedBy */, 106 /* Slot.PathEgressAllowedByName */, 110 /* Slot.PathEgressAllowedByNamespace */, 114 /* Slot.PathEgressAllowedByKind */)) {
        return;
    }
    takePolicy(56 /* Slot.IngressAllowedBy */, 107 /* Slot.PathIngressAllowedByName */, 111 /* Slot.PathIngressAllowedByNamespace */, 115 /* Slot.PathIngressAllowedByKind */);
}
function takePolicy(list, name, namespace, kind) {
    const value = (0, slots_1.getSlot)(list);
    if (!value)
        return false;
    const start = (0, slots_1.spanStart)(value);
    if (load(start) != 91 /* Byte.OpenBracket */ || load((0, byte_1.skipSpace)(start + 1)) != 123 /* Byte.OpenBrace */)
        return false;
    (0, slots_1.moveSlot)(50 /* Slot.PolicyName */, (0, slots_1.getSlot)(name));
    (0, slots_1.moveSlot)(51 /* Slot.PolicyNamespace */, (0, slots_1.getSlot)(namespace));
    (0, slots_1.moveSlot)(52 /* Slot.PolicyKind */, (0, slots_1.getSlot)(kind));
    return true;
}
function completeFlowCounts() {
    if (!(0, slots_1.getSlot)(96 /* Slot.Extensions */))
        return;
    if (!(0, slots_1.getSlot)(93 /* Slot.IngressFlowCount */))
        (0, slots_1.moveSlot)(93 /* Slot.IngressFlowCount */, (0, slots_1.getSlot)(116 /* Slot.PathExtensionsIngressFlowCount */));
    if (!(0, slots_1.getSlot)(94 /* Slot.EgressFlowCount */))
        (0, slots_1.moveSlot)(94 /* Slot.EgressFlowCount */, (0, slots_1.getSlot)(117 /* Slot.PathExtensionsEgressFlowCount */));
    if (!(0, slots_1.getSlot)(95 /* Slot.UnknownDirectionFlowCount */)) {
        (0, slots_1.moveSlot)(95 /* Slot.UnknownDirectionFlowCount */, (0, slots_1.getSlot)(118 /* Slot.PathExtensionsUnknownDirectionFlowCount */));
    }
}
/** Gives keys of AdditionalFields that are the same path the last value. Returns false where there is no room. */
function mergeAdditionalFields() {
    if (!(0, key_set_1.clearKeys)((0, members_1.memberCount)(members_1.ADDITIONAL_FIELDS)))
        return false;
    for (let member = (0, members_1.firstMember)(members_1.ADDITIONAL_FIELDS); member; member = (0, members_1.nextMember)(member)) {
        if (!(0, arena_1.hasRoom)(4 + PATH_SIZE + (0, members_1.memberKeyLength)(member)))
            return false;
        const note = arena_1.top;
        const path = note + 4;
        const end = writePath(path, member);
        (0, arena_1.keepUpTo)(end);
        store(note, member);
        const same = (0, key_set_1.addKey)(path, end - path);
        if (same)
            (0, members_1.supersede)(load(same - 4), member);
    }
    return true;
}
/** Writes the dotted path of a member of the flow. Returns the address behind it. */
function writePath(out, member) {
    const object = (0, members_1.memberObject)(member);
    const prefixLength = load(object, 4);
    memory.copy(out, tables_1.PATH_PREFIXES + load(object), prefixLength);
    out += prefixLength;
    const keyLength = (0, members_1.memberKeyLength)(member);
    memory.copy(out, (0, members_1.memberKey)(member), keyLength);
    return out + keyLength;
}
/** Writes the columns that have a value, each with a comma in front. Returns the address behind them. */
function writeColumns(out) {
    let name = tables_1.COLUMN_NAMES;
    const end = slots_1.SLOTS + tables_1.COLUMN_COUNT * 8;
    for (let slot = slots_1.SLOTS; slot < end; slot += 8) {
        const value = load(slot);
        if (value) {
            store(out, load(name));
            store(out, load(name, 8), 8);
            store(out, load(name, 16), 16);
            store(out, load(name, 24), 24);
            out += load(name, tables_1.NAME_SIZE - 1);
            const length = (0, slots_1.spanLength)(value);
            if ((0, slots_1.isQuoted)(value)) {
                store(out, 34 /* Byte.Quote */);
                memory.copy(out + 1, (0, slots_1.spanStart)(value), length);
                out += length + 1;
                store(out, 34 /* Byte.Quote */);
                out++;
            }
            else {
                memory.copy(out, (0, slots_1.spanStart)(value), length);
                out += length;
            }
        }
        name += tables_1.NAME_SIZE;
    }
    return out;
}
function writeName(out, slot) {
    const name = tables_1.COLUMN_NAMES + slot * tables_1.NAME_SIZE;
    memory.copy(out, name, tables_1.NAME_SIZE);
    return out + load(name, tables_1.NAME_SIZE - 1);
}
function writeAdditionalFields(out) {
    out = writeName(out, 99 /* Slot.AdditionalFields */);
    store(out++, 123 /* Byte.OpenBrace */);
    for (let member = (0, members_1.firstMember)(members_1.ADDITIONAL_FIELDS); member; member = (0, members_1.nextMember)(member)) {
        if (!(0, members_1.memberValue)(member))
            continue;
        store(out++, 34 /* Byte.Quote */);
        out = writePath(out, member);
        out = writeMemberValue(out, member);
        store(out++, 44 /* Byte.Comma */);
    }
    store(out - 1, 125 /* Byte.CloseBrace */);
    return out;
}
/** Writes the closing quote of a key, the colon and the value. */
function writeMemberValue(out, member) {
    store(out, (58 /* Byte.Colon */ << 8) | 34 /* Byte.Quote */);
    out += 2;
    const length = (0, members_1.memberValueLength)(member);
    memory.copy(out, (0, members_1.memberValue)(member), length);
    return out + length;
}
/** Writes ParseError and RawMessage for the text that could not be read. */
function writeUnreadable(out) {
    const row = out;
    out = writeName(out, 100 /* Slot.ParseError */);
    out = writeAscii(out, '"');
    if (event_1.unreadableAtEnd) {
        out = writeAscii(out, "unexpected end of the text");
    }
    else {
        switch (event_1.unreadableReason) {
            case 1 /* Failure.ControlCharacter */:
                out = writeAscii(out, "control character in a string");
                break;
            case 2 /* Failure.InvalidEscape */:
                out = writeAscii(out, "invalid escape");
                break;
            case 3 /* Failure.LoneSurrogate */:
                out = writeAscii(out, "lone surrogate");
                break;
            case 5 /* Failure.TooDeep */:
                out = writeAscii(out, "nesting deeper than 64");
                break;
            default:
                out = writeAscii(out, "unexpected character");
        }
    }
    out = writeAscii(out, " at byte ");
    out = (0, timestamp_1.writeNumber)(out, event_1.unreadableAt);
    out = writeAscii(out, '"');
    out = writeName(out, 101 /* Slot.RawMessage */);
    out = writeAscii(out, '"');
    out = (0, text_1.copyReplacingInvalid)(out, event_1.heldStart + 1, event_1.heldEnd - 1);
    out = writeAscii(out, '"');
    // The row has both columns: keys of the record of these names do not pass.
    (0, slots_1.setBare)((0, slots_1.slotAddress)(100 /* Slot.ParseError */), row, out);
    (0, slots_1.setBare)((0, slots_1.slotAddress)(101 /* Slot.RawMessage */), row, out);
    return out;
}
function writeAscii(out, text) {
    const length = text.length;
    for (let index = 0; index < length; index++)
        store(out + index, load(changetype(text) + (index << 1)));
    return out + length;
}
/** Writes the record's own keys, each with a comma in front. Returns the address behind them, or 0 for no room. */
function writeRecordKeys(record, out) {
    let p = (0, byte_1.skipSpace)((0, byte_1.skipSpace)(record) + 1);
    if (load(p) == 125 /* Byte.CloseBrace */)
        return out;
    while (true) {
        const start = p;
        p = (0, event_1.keyEnd)(p);
        if (!p)
            return 0;
        const value = p;
        const keyStart = event_1.lastKeyStart;
        const keyLength = event_1.lastKeyLength;
        const key = (0, event_1.keyRead)();
        const isText = load(value) == 34 /* Byte.Quote */;
        if (value == event_1.heldStart)
            p = event_1.heldEnd;
        else if (isText)
            p = (0, string_1.stringEnd)(value + 1) + 1;
        else
            p = (0, value_1.copyValue)(value, 1);
        if (value != event_1.heldStart &&
            !(event_1.rank == 0 /* Rank.Merged */ && (key == 6 /* Key.Time */ || key == 7 /* Key.NodeName */)) &&
            !(event_1.rank <= 1 /* Rank.Nested */ && isText && (0, key_1.isTextKey)(key) && (0, event_1.isFlowText)(value + 1)) &&
            !(0, columns_1.isColumnOfRow)(keyStart, keyLength) &&
            !(0, key_set_1.addKey)(keyStart, keyLength)) {
            store(out++, 44 /* Byte.Comma */);
            memory.copy(out, start, p - start);
            out += p - start;
        }
        p = (0, byte_1.skipSpace)(p);
        if (load(p) == 125 /* Byte.CloseBrace */)
            return out;
        p = (0, byte_1.skipSpace)(p + 1);
    }
}
/** Writes the keys beside the event that the record has none of the same name for. */
function writeEventMembers(out) {
    for (let member = (0, members_1.firstMember)(members_1.EVENT_MEMBERS); member; member = (0, members_1.nextMember)(member)) {
        const key = (0, members_1.memberKey)(member);
        const length = (0, members_1.memberKeyLength)(member);
        if ((0, columns_1.isColumnOfRow)(key, length) || (0, key_set_1.addKey)(key, length))
            continue;
        store(out, (34 /* Byte.Quote */ << 8) | 44 /* Byte.Comma */);
        out += 2;
        memory.copy(out, key, length);
        out = writeMemberValue(out + length, member);
    }
    return out;
}
/**
 * Writes the row of a record for which the memory could not grow: it has the record's time and says what happened.
 * Returns its address; a NUL ends it.
 */
function writeOutOfMemory(length, seconds, nanoseconds) {
    let out = writeAscii(SMALL_ROW, '{"TimeGenerated":"');
    (0, timestamp_1.writeTimestamp)(out, seconds, nanoseconds);
    out = writeAscii(out + timestamp_1.TIMESTAMP_LENGTH, '","ParseError":"no memory for a record of ');
    out = (0, timestamp_1.writeNumber)(out, length);
    out = writeAscii(out, ' bytes"}');
    store(out, 0);
    return SMALL_ROW;
}
