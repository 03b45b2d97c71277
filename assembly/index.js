"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.malloc = malloc;
exports.free = free;
exports.hubble_flows = hubble_flows;
exports.hubble_flows_keep = hubble_flows_keep;
exports.hubble_events = hubble_events;
const arena_1 = require("./arena");
const filter_1 = require("./filter");
/** Allocates `size` bytes for the host; Fluent Bit does so for the tag and the record. Returns 0 where there are none. */
function malloc(size) {
    return (0, arena_1.allocate)(size);
}
/** Nothing to do: the memory of a call is taken back when the next one begins. */
// eslint-disable-next-line @typescript-eslint/no-unused-vars
function free(block) { }
/** Flows become rows; every other record is dropped. */
function hubble_flows(tag, tagLength, seconds, nanoseconds, record, recordLength) {
    return (0, filter_1.filter)(0 /* Others.Drop */, record, recordLength, seconds, nanoseconds);
}
/** Flows become rows; every other record is returned as it came. */
function hubble_flows_keep(tag, tagLength, seconds, nanoseconds, record, recordLength) {
    return (0, filter_1.filter)(1 /* Others.Keep */, record, recordLength, seconds, nanoseconds);
}
/** Flows and the exporter's other events become rows; every other record is dropped. */
function hubble_events(tag, tagLength, seconds, nanoseconds, record, recordLength) {
    return (0, filter_1.filter)(2 /* Others.Events */, record, recordLength, seconds, nanoseconds);
}
