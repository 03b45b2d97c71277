"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.EVENT_MEMBERS = exports.ADDITIONAL_FIELDS = void 0;
exports.clearMembers = clearMembers;
exports.appendMember = appendMember;
exports.firstMember = firstMember;
exports.memberCount = memberCount;
exports.nextMember = nextMember;
exports.memberObject = memberObject;
exports.memberKey = memberKey;
exports.memberKeyLength = memberKeyLength;
exports.memberValue = memberValue;
exports.memberValueLength = memberValueLength;
exports.supersede = supersede;
const arena_1 = require("../arena");
const failure_1 = require("../json/failure");
// A key and its value that have no column, kept in the arena until the row is written:
//
//   ┌──────┬────────┬───────────┬────────────┬─────────────┬──────────────┐
//   │ next │ object │ key start │ key length │ value start │ value length │   each a u32
//   └──────┴────────┴───────────┴────────────┴─────────────┴──────────────┘
//
// `object` is the flow's object that the key stands in, whose path goes in front of it. The value is plain JSON.
const MEMBER_SIZE = 24;
/** A list of members in the order they were found: the first, the last and how many. */
const LIST_SIZE = 12;
/** What goes to AdditionalFields. */
exports.ADDITIONAL_FIELDS = memory.data(LIST_SIZE, 4);
/** The keys beside `flow` in an event that came as text or nested. */
exports.EVENT_MEMBERS = memory.data(LIST_SIZE, 4);
/** Bytes that the rest of the input can take as copies, for which there is always room above `top`. */
let copyRoom = 0;
/** Empties the lists and makes room for the copies of an input of `size` bytes. Returns false where there is none. */
function clearMembers(size) {
    memory.fill(exports.ADDITIONAL_FIELDS, 0, LIST_SIZE);
    memory.fill(exports.EVENT_MEMBERS, 0, LIST_SIZE);
    copyRoom = size;
    return (0, arena_1.hasRoom)(size);
}
/** Appends a member to a list. Returns false (see `fail`) where there is no room. */
function appendMember(list, object, keyStart, keyLength, valueStart, valueEnd) {
    if (!(0, arena_1.hasRoom)(MEMBER_SIZE + copyRoom)) {
        (0, failure_1.fail)(6 /* Failure.OutOfMemory */, valueStart);
        return false;
    }
    const member = arena_1.top;
    (0, arena_1.keepUpTo)(member + MEMBER_SIZE);
    store(member, 0);
    store(member, object, 4);
    store(member, keyStart, 8);
    store(member, keyLength, 12);
    store(member, valueStart, 16);
    store(member, (valueEnd - valueStart), 20);
    const last = load(list, 4);
    if (last)
        store(last, member);
    else
        store(list, member);
    store(list, member, 4);
    store(list, load(list, 8) + 1, 8);
    return true;
}
/** The first member of a list, or 0. */
function firstMember(list) {
    return load(list);
}
function memberCount(list) {
    return load(list, 8);
}
function nextMember(member) {
    return load(member);
}
function memberObject(member) {
    return load(member, 4);
}
function memberKey(member) {
    return load(member, 8);
}
function memberKeyLength(member) {
    return load(member, 12);
}
function memberValue(member) {
    return load(member, 16);
}
function memberValueLength(member) {
    return load(member, 20);
}
/** Gives a member the value of a later one, which no longer counts. */
function supersede(member, later) {
    store(member, load(later, 16), 16);
    store(later, 0, 16);
}
