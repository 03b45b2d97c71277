import { hasRoom, keepUpTo, top } from "../arena";
import { Failure, fail } from "../json/failure";

// A key and its value that have no column, kept in the arena until the row is written:
//
//   ┌──────┬────────┬───────────┬────────────┬─────────────┬──────────────┐
//   │ next │ object │ key start │ key length │ value start │ value length │   each a u32
//   └──────┴────────┴───────────┴────────────┴─────────────┴──────────────┘
//
// `object` is, for AdditionalFields, the ObjectOffset of what the key stands in, whose path goes in front of it; for the
// other lists it is which Key it is. The value is plain JSON.

const MEMBER_SIZE: usize = 24;

/** A list of members in the order they were found: the first, the last and how many. */
const LIST_SIZE = 12;

/** What goes to AdditionalFields. */
export const ADDITIONAL_FIELDS = memory.data(LIST_SIZE, 4);
/** The record's own keys. */
export const RECORD_KEYS = memory.data(LIST_SIZE, 4);
/** The keys beside `flow` in an event that came as text or nested. */
export const EVENT_MEMBERS = memory.data(LIST_SIZE, 4);

/** Bytes that the rest of the input can take as copies, for which there is always room above `top`. */
let copyRoom: usize = 0;

/** Empties the list of the record's keys. */
export function clearRecordKeys(): void {
  memory.fill(RECORD_KEYS, 0, LIST_SIZE);
  copyRoom = 0;
}

/** Empties the lists of an event and makes room for the copies of an input of `size` bytes. Returns false where there is none. */
export function clearMembers(size: usize): bool {
  memory.fill(ADDITIONAL_FIELDS, 0, LIST_SIZE);
  memory.fill(EVENT_MEMBERS, 0, LIST_SIZE);
  return makeCopyRoom(size);
}

/** Makes room for the copies of an input of `size` bytes. Returns false where there is none. */
export function makeCopyRoom(size: usize): bool {
  copyRoom = size;
  return hasRoom(size);
}

/** Makes room for `size` bytes of copies that are none of the input's. Returns false where there is none. */
export function hasCopyRoom(size: usize): bool {
  return hasRoom(size + copyRoom);
}

/** Appends a member to a list. Returns false (see `fail`) where there is no room. */
export function appendMember(
  list: usize,
  object: usize,
  keyStart: usize,
  keyLength: usize,
  valueStart: usize,
  valueEnd: usize,
): bool {
  if (!hasRoom(MEMBER_SIZE + copyRoom)) {
    fail(Failure.OutOfMemory, valueStart);
    return false;
  }
  const member = top;
  keepUpTo(member + MEMBER_SIZE);
  store<u32>(member, 0);
  store<u32>(member, <u32>object, 4);
  store<u32>(member, <u32>keyStart, 8);
  store<u32>(member, <u32>keyLength, 12);
  store<u32>(member, <u32>valueStart, 16);
  store<u32>(member, <u32>(valueEnd - valueStart), 20);
  const last = <usize>load<u32>(list, 4);
  if (last) store<u32>(last, <u32>member);
  else store<u32>(list, <u32>member);
  store<u32>(list, <u32>member, 4);
  store<u32>(list, load<u32>(list, 8) + 1, 8);
  return true;
}

/** The first member of a list, or 0. */
export function firstMember(list: usize): usize {
  return load<u32>(list);
}

export function memberCount(list: usize): u32 {
  return load<u32>(list, 8);
}

export function nextMember(member: usize): usize {
  return load<u32>(member);
}

export function memberObject(member: usize): usize {
  return load<u32>(member, 4);
}

export function memberKey(member: usize): usize {
  return load<u32>(member, 8);
}

export function memberKeyLength(member: usize): usize {
  return load<u32>(member, 12);
}

export function memberValue(member: usize): usize {
  return load<u32>(member, 16);
}

export function memberValueLength(member: usize): usize {
  return load<u32>(member, 20);
}

/** Gives a member the value of a later one, which no longer counts. */
export function supersede(member: usize, later: usize): void {
  store<u64>(member, load<u64>(later, 16), 16);
  store<u64>(later, 0, 16);
}
