import { finishCall, hasRoom, keepUpTo, top } from "./arena";
import { Wanted } from "./flow/event";
import { Rank, findEvent, rank } from "./flow/record";
import { writeOutOfMemory, writeRow } from "./flow/row";
import { Failure, failure } from "./json/failure";
import { copyReplacingInvalid, isReplaceable } from "./json/text";

/** What becomes of records that hold no flow. */
export const enum Others {
  Drop,
  Keep,
  /** Other export events become rows, the rest is dropped. */
  Events,
}

/** The empty text with which Fluent Bit drops a record. */
const DROPPED = memory.data<u8>([0]);

/**
 * Turns one record into a row. `record` is `length` bytes of JSON, ended by a NUL, 0 where the host had no memory for
 * it. Returns the address of a NUL-terminated JSON object, or of the empty text; both hold until the host allocates
 * again.
 */
export function filter(others: Others, record: usize, length: u32, seconds: u32, nanoseconds: u32): usize {
  const topBefore = top;
  const row = record ? rowOf(others, record, length, seconds, nanoseconds) : 0;
  finishCall(topBefore);
  return row ? row : writeOutOfMemory(length, seconds, nanoseconds);
}

/** As `filter`; 0 where there is no memory for the row. */
// @ts-ignore: decorator
@inline
function rowOf(others: Others, record: usize, length: usize, seconds: u32, nanoseconds: u32): usize {
  let json = record;
  let size = length;
  const wanted = others == Others.Drop ? Wanted.FlowOnly : Wanted.Flow;
  let isObject = findEvent(json, size, wanted);
  if (!isObject && isReplaceable()) {
    if (!hasRoom(3 * length + 1)) return 0;
    json = top;
    const end = copyReplacingInvalid(json, record, record + length);
    store<u8>(end, 0);
    keepUpTo(end + 1);
    size = end - json;
    isObject = findEvent(json, size, wanted);
  }
  if (isObject && rank == Rank.None) {
    // As it came, unless no JSON reader would take that.
    if (others == Others.Keep) return json;
    if (others == Others.Events) isObject = findEvent(json, size, Wanted.OtherEvent);
  }
  if (!isObject) return failure == Failure.OutOfMemory ? 0 : DROPPED;
  return rank == Rank.None ? DROPPED : writeRow(size, seconds, nanoseconds);
}
