import { call } from "./abi";
import { Others } from "./filter";

// The filter's rules once more, for reading and for the tests, with json-as, AssemblyScript's JSON library. Its repository is
// called as-json; the npm package of that name is something else. In Fluent Bit one pass over the bytes takes several times
// fewer instructions than parsing into objects.

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
