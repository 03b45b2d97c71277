"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.isColumnOfRow = isColumnOfRow;
const byte_1 = require("../json/byte");
const slots_1 = require("./slots");
const tables_1 = require("./tables");
/** Whether the row has the column whose name the `length` bytes at `key` are. */
function isColumnOfRow(key, length) {
    // Every column starts with a capital letter, the keys of most records do not.
    if (!length || load(key) - 0x41 > 25)
        return false;
    let first = load(key);
    let last;
    if (length < 8) {
        first &= (1 << (length << 3)) - 1;
        last = first;
    }
    else
        last = load(key + length - 8);
    const hash = ((first ^ (last << 1) ^ length) * tables_1.COLUMN_HASH_MULTIPLIER) >> tables_1.COLUMN_HASH_SHIFT;
    const number = load(tables_1.COLUMN_BY_HASH + hash);
    if (!number || !load(slots_1.SLOTS + ((number - 1) << 3)))
        return false;
    const name = tables_1.COLUMN_NAMES + (number - 1) * tables_1.NAME_SIZE;
    // The name stands in `,"Name":`.
    return load(name, tables_1.NAME_SIZE - 1) == length + 4 && (0, byte_1.isSame)(name + 2, key, length);
}
