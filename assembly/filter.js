"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.filter = filter;
const arena_1 = require("./arena");
const event_1 = require("./flow/event");
const row_1 = require("./flow/row");
const failure_1 = require("./json/failure");
const text_1 = require("./json/text");
/** The empty text with which Fluent Bit drops a record. */
const DROPPED = memory.data([0]);
/**
 * Turns one record into a row. `record` is `length` bytes of JSON, ended by a NUL, 0 where the host had no memory for
 * it. Returns the address of a NUL-terminated JSON object, or of the empty text; both hold until the host allocates
 * again.
 */
function filter(others, record, length, seconds, nanoseconds) {
    const topBefore = arena_1.top;
    const row = record ? rowOf(others, record, length, seconds, nanoseconds) : 0;
    (0, arena_1.finishCall)(topBefore);
    return row ? row : (0, row_1.writeOutOfMemory)(length, seconds, nanoseconds);
}
/** As `filter`; 0 where there is no memory for the row. */
function rowOf(others, record, length, seconds, nanoseconds) {
    let json = record;
    let size = length;
    let isObject = (0, event_1.findEvent)(json, size, 0 /* Wanted.Flow */);
    if (!isObject && (0, text_1.isReplaceable)()) {
        if (!(0, arena_1.hasRoom)(3 * length + 1))
            return 0;
        json = arena_1.top;
        const end = (0, text_1.copyReplacingInvalid)(json, record, record + length);
        store(end, 0);
        (0, arena_1.keepUpTo)(end + 1);
        size = end - json;
        isObject = (0, event_1.findEvent)(json, size, 0 /* Wanted.Flow */);
    }
    if (isObject && event_1.rank == 64 /* Rank.None */) {
        if (others == 1 /* Others.Keep */)
            return record;
        if (others == 2 /* Others.Events */)
            isObject = (0, event_1.findEvent)(json, size, 1 /* Wanted.OtherEvent */);
    }
    if (!isObject)
        return failure_1.failure == 6 /* Failure.OutOfMemory */ ? 0 : DROPPED;
    return event_1.rank == 64 /* Rank.None */ ? DROPPED : (0, row_1.writeRow)(json, size, seconds, nanoseconds);
}
