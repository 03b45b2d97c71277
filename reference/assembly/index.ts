import { call } from "./abi";
import { Others } from "./filter";

export { malloc } from "./abi";

/** Does nothing: malloc frees a call's buffers once the next call begins. */
export function free(_buffer: usize): void {}

/** Flows become rows; everything else is dropped. */
export function hubble_flows(
  _tag: usize,
  _tagLength: i32,
  seconds: i32,
  nanoseconds: i32,
  record: usize,
  recordLength: i32,
): usize {
  return call(seconds, nanoseconds, record, recordLength, Others.Drop);
}

/** Flows become rows; everything else is returned as it came. */
export function hubble_flows_keep(
  _tag: usize,
  _tagLength: i32,
  seconds: i32,
  nanoseconds: i32,
  record: usize,
  recordLength: i32,
): usize {
  return call(seconds, nanoseconds, record, recordLength, Others.Keep);
}

/** Flows and the other export events become rows; everything else is dropped. */
export function hubble_events(
  _tag: usize,
  _tagLength: i32,
  seconds: i32,
  nanoseconds: i32,
  record: usize,
  recordLength: i32,
): usize {
  return call(seconds, nanoseconds, record, recordLength, Others.Events);
}
