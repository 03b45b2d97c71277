"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.clearKeys = clearKeys;
exports.addKey = addKey;
const arena_1 = require("../arena");
const byte_1 = require("../json/byte");
// An open-addressing hash set of keys in the arena, at most half full: a u32 start and a u32 length for each, 0 for
// none. A key may come from a hostile record, by the hundred thousand.
let entries = 0;
let mask = 0;
/** Empties the set and makes room for `count` keys. Returns false where there is none. */
function clearKeys(count) {
    let capacity = 16;
    while (capacity < count * 2)
        capacity <<= 1;
    const size = capacity << 3;
    if (!(0, arena_1.hasRoom)(size))
        return false;
    entries = (arena_1.top + 7) & ~7;
    memory.fill(entries, 0, size);
    (0, arena_1.keepUpTo)(entries + size);
    mask = capacity - 1;
    return true;
}
/** Adds a key. Returns the start of an equal one that is in the set already, or 0. */
function addKey(start, length) {
    let index = hash(start, length) & mask;
    while (true) {
        const entry = entries + (index << 3);
        const other = load(entry);
        if (!other) {
            store(entry, start);
            store(entry, length, 4);
            return 0;
        }
        if (load(entry, 4) == length && (0, byte_1.isSame)(other, start, length))
            return other;
        index = (index + 1) & mask;
    }
}
function hash(p, length) {
    let sum = length;
    const end = p + length;
    for (; p + 8 <= end; p += 8)
        sum = mix(sum ^ load(p));
    const rest = (end - p) << 3;
    if (rest)
        sum = mix(sum ^ (load(p) & ((1 << rest) - 1)));
    return (sum >> 32);
}
// @ts-ignore: decorator
function mix(word) {
    word *= 0x9e3779b97f4a7c15;
    return word ^ (word >> 29);
}
