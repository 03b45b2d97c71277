import { filterRecord, missingRecord, Others } from "./filter";
import { timestampFromUnix } from "./flow/time";
import { decodeUtf8 } from "./json/utf8";

/** What the host holds a pointer to: its buffers until the next call's first malloc, the reply until the next call. */
let buffers: ArrayBuffer[] = [];
let reply = new ArrayBuffer(0);
let callFinished = false;

/** Hands out a buffer. The first one after a finished call frees everything of that call, whether or not the host did. */
export function malloc(size: i32): usize {
  if (callFinished) {
    callFinished = false;
    buffers = [];
    reply = new ArrayBuffer(0);
    __collect();
  }
  const buffer = new ArrayBuffer(size);
  buffers.push(buffer);
  return changetype<usize>(buffer);
}

/** Runs the filter on a record as the host passes it, and returns a pointer to the NUL-terminated reply. */
export function call(seconds: i32, nanoseconds: i32, record: usize, recordLength: i32, others: Others): usize {
  callFinished = true;
  const text = record == 0 ? "" : decodeUtf8(record, recordLength);
  const time = timestampFromUnix(seconds, nanoseconds);
  reply = String.UTF8.encode(record == 0 ? missingRecord(time) : filterRecord(text, time, others), true);
  return changetype<usize>(reply);
}
