import { allocate } from "./arena";
import { Others, filter } from "./filter";

/** Allocates `size` bytes for the host; Fluent Bit does so for the tag and the record. Returns 0 where there are none. */
export function malloc(size: i32): usize {
  return allocate(size);
}

/** Nothing to do: the memory of a call is taken back when the next one begins. */
// eslint-disable-next-line @typescript-eslint/no-unused-vars
export function free(block: usize): void {}

/** Flows become rows; every other record is dropped. */
export function hubble_flows(
  tag: usize,
  tagLength: u32,
  seconds: u32,
  nanoseconds: u32,
  record: usize,
  recordLength: u32,
): usize {
  return filter(Others.Drop, record, recordLength, seconds, nanoseconds);
}

/** Flows become rows; every other record is returned as it came. */
export function hubble_flows_keep(
  tag: usize,
  tagLength: u32,
  seconds: u32,
  nanoseconds: u32,
  record: usize,
  recordLength: u32,
): usize {
  return filter(Others.Keep, record, recordLength, seconds, nanoseconds);
}

/** Flows and the exporter's other events become rows; every other record is dropped. */
export function hubble_events(
  tag: usize,
  tagLength: u32,
  seconds: u32,
  nanoseconds: u32,
  record: usize,
  recordLength: u32,
): usize {
  return filter(Others.Events, record, recordLength, seconds, nanoseconds);
}
