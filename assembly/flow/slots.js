"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.SLOTS = void 0;
exports.clearSlots = clearSlots;
exports.slotAddress = slotAddress;
exports.setQuoted = setQuoted;
exports.setBare = setBare;
exports.isQuoted = isQuoted;
exports.spanStart = spanStart;
exports.spanLength = spanLength;
exports.getSlot = getSlot;
exports.moveSlot = moveSlot;
// A slot holds a value as the span of plain JSON it will be copied from:
//
//   63       62–32    31–0
//   ┌────────┬────────┬───────┐
//   │ quoted │ length │ start │   0: no value
//   └────────┴────────┴───────┘
//
// `quoted` says that the span is the content of a string, without its quotes.
const SIZE = 119 /* Slot.count */ * 8;
exports.SLOTS = memory.data(119 /* Slot.count */ * 8, 8);
const QUOTED = 0x8000_0000_0000_0000;
function clearSlots() {
    memory.fill(exports.SLOTS, 0, SIZE);
}
/** Where a slot lies in memory. */
// @ts-ignore: decorator
function slotAddress(slot) {
    return exports.SLOTS + (slot << 3);
}
// @ts-ignore: decorator
function setQuoted(slot, start, end) {
    store(slot, ((end - start) << 32) | start | QUOTED);
}
// @ts-ignore: decorator
function setBare(slot, start, end) {
    store(slot, ((end - start) << 32) | start);
}
// @ts-ignore: decorator
function isQuoted(value) {
    return value < 0;
}
// @ts-ignore: decorator
function spanStart(value) {
    return value;
}
// @ts-ignore: decorator
function spanLength(value) {
    return (value >> 32) & 0x7fff_ffff;
}
// @ts-ignore: decorator
function getSlot(slot) {
    return load(exports.SLOTS + (slot << 3));
}
// @ts-ignore: decorator
function moveSlot(to, value) {
    store(exports.SLOTS + (to << 3), value);
}
