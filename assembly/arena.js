"use strict";
// One call of the filter works in one arena:
//
//   ┌───────────────┬─────┬────────┬─────────────────────────┬──────────────┬───────┐
//   │ static tables │ tag │ record │ copies and lists (→ top)│ row (→ top)  │ slack │
//   └───────────────┴─────┴────────┴─────────────────────────┴──────────────┴───────┘
//   0            __heap_base
//
// It starts afresh with the first allocation after a finished call, whether or not the host has freed anything:
// Fluent Bit 4.1.0 keeps one instance and never frees. It grows with memory.grow and is never given back.
Object.defineProperty(exports, "__esModule", { value: true });
exports.top = void 0;
exports.allocate = allocate;
exports.finishCall = finishCall;
exports.keepUpTo = keepUpTo;
exports.hasRoom = hasRoom;
/** Bytes that are always readable and writable behind `top`, so that words may be read past the end of a text. */
const SLACK = 128;
/** The first free byte. */
exports.top = 0;
let callFinished = true;
/** Allocates for the host: the tag, then the record. Returns 0 where the memory cannot grow that far. */
function allocate(size) {
    if (callFinished) {
        callFinished = false;
        exports.top = (__heap_base + 7) & ~7;
    }
    if (size < 0 || !hasRoom(size))
        return 0;
    const block = exports.top;
    exports.top = (block + size + 7) & ~7;
    return block;
}
/** Ends a call: what it allocated is free as soon as the host allocates again. */
function finishCall(topBefore) {
    exports.top = topBefore;
    callFinished = true;
}
/** Moves the first free byte to `address`; everything below it is kept until the call ends. */
// @ts-ignore: decorator
function keepUpTo(address) {
    exports.top = address;
}
/** Makes sure that `size` bytes and the slack follow `top`. Returns false where the memory cannot grow that far. */
function hasRoom(size) {
    const end = exports.top + size + SLACK;
    const available = memory.size() << 16;
    if (end <= available)
        return true;
    const pages = (end - available + 0xffff) >> 16;
    return pages <= 0xffff && memory.grow(pages) >= 0;
}
