import { Byte, isSame } from "../json/byte";
import { findStop, quote } from "../json/string";

// What stands around the flow is the same in record after record, but for three strings. A record that has the bytes of
// an earlier one in all other places is not read there, and its own keys pass through as they did:
//
//   {"time":" ┊ … ┊ ","stream":"stdout","log":"{\"flow":{ ┊ … ┊ ,\"node_name\":\" ┊ … ┊ \",\"time\":\" ┊ … ┊ \"}"}
//   opening       head                                   flow  tail                  middle               closing
//
// There is an opening where `time` is the record's first key. The frame outlives the call.

const SIZE: usize = 8192;
const OPENING = memory.data(8192, 8);
let head: usize = OPENING;
let tail: usize = OPENING;
/** The node name of the record that was kept: most often the next one's too. To compare it first saved 2 % of a flow's time. */
let name: usize = OPENING;
let middle: usize = OPENING;
let closing: usize = OPENING;
/** The record's own keys as the row has them, behind the value of the time. */
let keys: usize = OPENING;
let end: usize = OPENING;

/** Where the event was found (see `Rank`), in a record with this frame. */
export let frameRank: i32 = 0;

/** Records without this frame since the last one with it. */
let misses: u32 = 0;
/** So many of them in a row make the last one's frame the one that is kept. */
const MAX_MISSES: u32 = 8;

let ownTime: usize = 0;
let ownTimeEnd: usize = 0;

/** Returns the address behind the flow's brace in a record that starts as the frame does, or 0. */
// @ts-ignore: decorator
@inline
export function frameHead(record: usize): usize {
  if (tail == OPENING) return 0;
  if (head != OPENING) {
    if (!isSame(record, OPENING, head - OPENING)) return 0;
    ownTime = record + (head - OPENING);
    record = findStop(ownTime);
    ownTimeEnd = record;
  }
  return isSame(record, head, tail - head) ? record + (tail - head) : 0;
}

/** Returns the address behind a record that goes on behind its flow as the frame does, or 0. */
// @ts-ignore: decorator
@inline
export function frameTail(p: usize): usize {
  if (isSame(p, tail, closing - tail)) p += closing - tail;
  else {
    if (!isSame(p, tail, name - tail)) return 0;
    p = findStop(p + (name - tail));
    if (!isSame(p, middle, closing - middle)) return 0;
    p += closing - middle;
  }
  p = findStop(p);
  if (!isSame(p, closing, keys - closing)) return 0;
  misses = 0;
  return p + (keys - closing);
}

/** Writes the own keys of the record that had the frame. Returns the address behind them. */
// @ts-ignore: decorator
@inline
export function writeFramedKeys(out: usize): usize {
  if (head != OPENING) {
    const key = out;
    out = copy(out, OPENING, head);
    store<u8>(key, Byte.Comma);
    out = copy(out, ownTime, ownTimeEnd);
  }
  return copy(out, keys, end);
}

/** Notes a record without the frame. Returns whether its own should be kept. */
export function noteFrameMiss(): bool {
  return tail == OPENING || ++misses >= MAX_MISSES;
}

/**
 * Keeps the frame of the record in `record`–`recordEnd`, if there is room for it. `flow`–`flowEnd` is the flow without
 * its opening brace, `nodeName` and `time` the values behind it, `ownKeys`–`ownKeysEnd` what the record's own keys became in
 * the row. The quotes of the event are written as Quote says.
 */
export function keepFrame<Quote>(
  rank: i32,
  record: usize,
  recordEnd: usize,
  flow: usize,
  flowEnd: usize,
  nodeName: usize,
  time: usize,
  ownKeys: usize,
  ownKeysEnd: usize,
): void {
  if (load<Quote>(nodeName) != quote<Quote>() || load<Quote>(time) != quote<Quote>()) return;
  const nodeNameStart = nodeName + sizeof<Quote>();
  const nodeNameEnd = findStop(nodeNameStart);
  const timeStart = time + sizeof<Quote>();
  const timeEnd = findStop(timeStart);
  let openingLength: usize = 0;
  let headStart = record;
  if (load<u64>(record) == BRACE_TIME && load<u8>(record, 8) == Byte.Quote && load<u64>(ownKeys) == COMMA_TIME) {
    openingLength = 9;
    headStart = findStop(record + openingLength);
    ownKeys += headStart - record;
  }
  const ownKeysLength = ownKeysEnd - ownKeys;
  const length = openingLength + (flow - headStart) + (timeStart - flowEnd) + (recordEnd - timeEnd) + ownKeysLength;
  if (length > SIZE) return;
  misses = 0;
  frameRank = rank;
  let out = OPENING;
  head = out = copy(out, record, record + openingLength);
  tail = out = copy(out, headStart, flow);
  name = out = copy(out, flowEnd, nodeNameStart);
  middle = out = copy(out, nodeNameStart, nodeNameEnd);
  closing = out = copy(out, nodeNameEnd, timeStart);
  keys = out = copy(out, timeEnd, recordEnd);
  end = copy(out, ownKeys, ownKeysEnd);
}

/** Copies `start`–`end` to `out`. Returns the address behind the copy. */
// @ts-ignore: decorator
@inline
function copy(out: usize, start: usize, end: usize): usize {
  memory.copy(out, start, end - start);
  return out + (end - start);
}

/** The eight bytes `{"time":` and `,"time":`. */
const BRACE_TIME: u64 = 0x3a22656d6974227b;
const COMMA_TIME: u64 = 0x3a22656d6974222c;
