"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.isDigit = isDigit;
exports.mayBeSpace = mayBeSpace;
exports.skipSpace = skipSpace;
exports.hex4 = hex4;
exports.isSame = isSame;
// @ts-ignore: decorator
function isDigit(byte) {
    return byte - 48 /* Byte.Digit0 */ < 10;
}
/** Whether the byte can be white space at all. */
// @ts-ignore: decorator
function mayBeSpace(byte) {
    return byte < 0x21;
}
/** Returns the first address from `p` on that holds no JSON white space: most often `p`. */
// @ts-ignore: decorator
function skipSpace(p) {
    return mayBeSpace(load(p)) ? skipSpaces(p) : p;
}
function skipSpaces(p) {
    while (true) {
        const byte = load(p);
        if (byte != 32 /* Byte.Space */ && byte != 10 /* Byte.LineFeed */ && byte != 13 /* Byte.CarriageReturn */ && byte != 9 /* Byte.Tab */)
            return p;
        p++;
    }
}
/** The value of the four hexadecimal digits at `p`, or -1 where they are not. */
function hex4(p) {
    let value = 0;
    for (let end = p + 4; p < end; p++) {
        const byte = load(p);
        const letter = (byte | 0x20) - 97 /* Byte.LowerA */;
        if (isDigit(byte))
            value = (value << 4) | (byte - 48 /* Byte.Digit0 */);
        else if (letter < 6)
            value = (value << 4) | (letter + 10);
        else
            return -1;
    }
    return value;
}
/** Whether the `length` bytes at both addresses are the same. */
function isSame(p, other, length) {
    for (const end = p + length; p < end; p++, other++) {
        if (load(p) != load(other))
            return false;
    }
    return true;
}
