"use strict";
// The cheapest filter there is: it returns its record. What it costs in Fluent Bit is the price of the call itself,
// the record's way into JSON and back.
Object.defineProperty(exports, "__esModule", { value: true });
exports.malloc = malloc;
exports.free = free;
exports.pass_through = pass_through;
let top = 0;
let callFinished = true;
function malloc(size) {
  if (callFinished) {
    callFinished = false;
    top = __heap_base;
  }
  const block = (top + 7) & ~7;
  const pages = (block + size + 0xffff) >> 16;
  const missing = pages - memory.size();
  if (missing > 0 && (missing > 0xffff || memory.grow(missing) < 0)) return 0;
  top = block + size;
  return block;
}
function free(block) {}
function pass_through(tag, tagLength, seconds, nanoseconds, record, recordLength) {
  callFinished = true;
  return record;
}
