import { keepUpTo, top } from "../arena";
import { Byte, isDigit, skipSpace } from "../json/byte";
import { Failure, fail, failedAt, failure } from "../json/failure";
import { findStop, quote, stringEnd, unusualStringEnd } from "../json/string";
import { canonicalString, loneSurrogateAt, textEnd, textStart, unescape } from "../json/text";
import { copyValue, setMaxDepth, valueEnd, valueStart } from "../json/value";
import { columnNumber } from "./columns";
import { frameHead, frameRank, frameTail, noteFrameMiss, keepFrame } from "./frame";
import { Key, isTextKey, keyOf, mayBeKey } from "./key";
import {
  EVENT_MEMBERS,
  RECORD_KEYS,
  appendMember,
  clearMembers,
  clearRecordKeys,
  firstMember,
  makeCopyRoom,
  memberCount,
  memberKey,
  memberKeyLength,
  nextMember,
} from "./members";
import { beginRecall } from "./recall";
import { isNodeNameOfRun } from "./run";
import { objects, scanObject } from "./scan";
import { clearSlots, getSlot, setQuoted, slotAddress } from "./slots";
import { ObjectOffset, Slot } from "./tables";

/** How deep a text may nest, the event's own braces being the first. */
const MAX_TEXT_DEPTH = 64;

/** Which events are looked for. */
export const enum Wanted {
  Flow,
  /** lost_events, agent_event, debug_event, node_status. */
  OtherEvent,
}

/** Where the event was found. The lower one is the event where a record holds several; texts rank by their key. */
export const enum Rank {
  /** The event's keys are the record's. */
  Merged,
  /** The event is an object of the record. */
  Nested,
  /** The event is the text of one of the text keys: Text + Key. */
  Text = 2,
  /** A text starts like a flow and cannot be read: Unreadable + Key. */
  Unreadable = 32,
  None = 64,
}

export let rank: i32 = Rank.None;
/** The value of the record that holds the event. */
export let heldStart: usize = 0;
export let heldEnd: usize = 0;

/** The keys and values of `time` and `node_name` beside the event; 0 where there is none. */
export let eventTimeKey: usize = 0;
export let eventTime: usize = 0;
export let eventTimeEnd: usize = 0;
export let eventNodeNameKey: usize = 0;
export let eventNodeName: usize = 0;
export let eventNodeNameEnd: usize = 0;

/** Why and where (in bytes from its start) the unreadable text cannot be read. */
export let unreadableReason: Failure = Failure.Unexpected;
export let unreadableAt: u32 = 0;
/** Whether the text ended there. */
export let unreadableAtEnd: bool = false;

/** Whether the record had the frame of the one before, so that its own keys have not been read. */
export let isFramed: bool = false;

let wanted: Wanted = Wanted.Flow;
let input: usize = 0;
let inputEnd: usize = 0;

/** Where the event that was read last has its flow, without the opening brace, and the values beside it: in the record or in a copy. */
let flowStart: usize = 0;
let flowEnd: usize = 0;
let nodeNameStart: usize = 0;
let timeStart: usize = 0;
/** How many candidates of the record have been read. */
let candidates: u32 = 0;
/** Whether the flow of the record's one candidate has been read before the record has. */
let isFlowRead: bool = false;

/**
 * Looks for an export event in the record and reads it into the slots and lists: `rank` and the values beside it tell
 * what was found. Returns false (see `fail`) where the record is not one JSON object.
 */
export function findEvent(record: usize, length: usize, events: Wanted): bool {
  wanted = events;
  input = record;
  inputEnd = record + length;
  isFlowRead = false;
  isFramed = events == Wanted.Flow && scanFramed(record, length);
  if (isFramed) return true;
  candidates = 0;
  rank = Rank.None;
  heldStart = 0;
  clearRecordKeys();
  let timeKey: usize = 0;
  let time: usize = 0;
  let timeEnd: usize = 0;
  let nodeNameKey: usize = 0;
  let nodeName: usize = 0;
  let nodeNameEnd: usize = 0;
  // The value whose event the slots hold. A better candidate may have turned out to be none.
  let scannedStart: usize = 0;

  let p = skipSpace<u8>(record);
  if (load<u8>(p) != Byte.OpenBrace) return failed(Failure.Unexpected, p);
  p = skipSpace<u8>(p + 1);
  if (load<u8>(p) == Byte.CloseBrace) return isEnd(p + 1);
  while (true) {
    p = keyEnd<u8>(p);
    if (!p) return false;
    const key = lastKey;
    const keyStart = lastKeyStart;
    const keyLength = lastKeyLength;
    const start = p;
    const byte = <u32>load<u8>(p);
    let found: i32 = Rank.None;
    if (byte == Byte.Quote) {
      if (isTextKey(key) && Rank.Text + key < rank) {
        p = readText(p + 1);
        if (!p) return false;
        if (textOutcome != TextOutcome.NotScanned) scannedStart = start;
        if (textOutcome == TextOutcome.Event) found = Rank.Text + key;
        else if (textOutcome == TextOutcome.Unreadable) found = Rank.Unreadable + key;
      } else {
        p = stringEnd<u8>(p + 1);
        if (!p) return false;
      }
      p++;
    } else if (byte == Byte.OpenBrace && rank > Rank.Merged && isWanted(key)) {
      if (!beginEvent(length)) return false;
      p = scanWanted<u8>(p + 1, key);
      if (!p) return false;
      scannedStart = start;
      found = Rank.Merged;
    } else if (byte == Byte.OpenBrace && rank > Rank.Nested) {
      p = findInObject(p + 1);
      if (!p) return false;
      if (holdsEvent) found = Rank.Nested;
    } else {
      p = copyValue<u8>(p, 1);
      if (!p) return false;
    }
    if (found < rank) {
      rank = found;
      heldStart = start;
      heldEnd = p;
    }
    if (!appendMember(RECORD_KEYS, key, keyStart, keyLength, start, p)) return false;
    if (key == Key.Time) {
      timeKey = keyStart;
      time = start;
      timeEnd = p;
    } else if (key == Key.NodeName) {
      nodeNameKey = keyStart;
      nodeName = start;
      nodeNameEnd = p;
    }
    p = skipSpace<u8>(p);
    if (load<u8>(p) == Byte.CloseBrace) break;
    if (load<u8>(p) != Byte.Comma) return failed(Failure.Unexpected, p);
    p = skipSpace<u8>(p + 1);
  }
  if (!isEnd(p + 1)) return false;

  if (heldStart != scannedStart && rank < Rank.None) {
    if (rank == Rank.Nested) {
      if (!beginEvent(length) || !scanEvent<u8>(heldStart + 1)) return false;
    } else if (!readText(heldStart + 1)) return false;
  }
  if (rank == Rank.Merged) {
    nodeNameStart = nodeName;
    timeStart = time;
    eventTimeKey = timeKey;
    eventTime = time;
    eventTimeEnd = timeEnd;
    eventNodeNameKey = nodeNameKey;
    eventNodeName = nodeName;
    eventNodeNameEnd = nodeNameEnd;
  }
  return true;
}

/** Reads the flow of a record with the frame that is kept. Returns false where what stands around it has to be read too. */
function scanFramed(record: usize, length: usize): bool {
  const start = frameHead(record);
  if (!start || !beginEvent(length)) return false;
  if (frameRank == Rank.Merged) scanFlow<u8>(start);
  else {
    setMaxDepth(MAX_TEXT_DEPTH);
    scanFlow<u16>(start);
    setMaxDepth(i32.MAX_VALUE);
  }
  isFlowRead = flowEnd != 0;
  rank = frameRank;
  // What the flow lacks is taken from beside it.
  if (!isFlowRead || !getSlot(Slot.TimeGenerated)) return false;
  return (isNodeNameOfRun() || getSlot(Slot.PathNodeName) != 0) && frameTail(flowEnd) == inputEnd;
}

/** Keeps the frame of the record that was read, whose own keys became `ownKeys`–`ownKeysEnd`, where that is worth it. */
export function considerFrame(ownKeys: usize, ownKeysEnd: usize): void {
  if (rank == Rank.Nested || candidates != 1 || !flowEnd || memberCount(EVENT_MEMBERS) || !noteFrameMiss()) return;
  // In the record itself, and as the exporter writes it.
  if (nodeNameStart < flowEnd || timeStart < nodeNameStart || timeStart > inputEnd) return;
  for (let member = firstMember(RECORD_KEYS); member; member = nextMember(member)) {
    // It passes through only where the row lacks the column.
    if (columnNumber(memberKey(member), memberKeyLength(member))) return;
  }
  if (rank == Rank.Merged) {
    keepFrame<u8>(rank, input, inputEnd, flowStart, flowEnd, nodeNameStart, timeStart, ownKeys, ownKeysEnd);
  } else keepFrame<u16>(rank, input, inputEnd, flowStart, flowEnd, nodeNameStart, timeStart, ownKeys, ownKeysEnd);
}

function failed(reason: Failure, at: usize): bool {
  fail(reason, at);
  return false;
}

/** Whether nothing but white space follows up to the end of the record. */
function isEnd(p: usize): bool {
  p = skipSpace<u8>(p);
  return p == inputEnd || failed(Failure.Unexpected, p);
}

/** The key that `keyEnd` met last: which one it is, and its bytes, spelled without needless escapes. */
let lastKey: Key = Key.Other;
let lastKeyStart: usize = 0;
let lastKeyLength: usize = 0;

/**
 * Reads the key whose quote is at `p` and its colon. Returns the address of the value, or 0 (see `fail`).
 */
function keyEnd<Quote>(p: usize): usize {
  if (load<Quote>(p) != quote<Quote>()) return fail(Failure.Unexpected, p);
  const start = p + sizeof<Quote>();
  p = findStop(start);
  if (load<Quote>(p) == quote<Quote>()) {
    lastKeyStart = start;
    lastKeyLength = p - start;
  } else {
    p = unusualKeyEnd<Quote>(start, p);
    if (!p) return 0;
  }
  lastKey = mayBeKey(lastKeyLength) ? keyOf(lastKeyStart, lastKeyLength) : Key.Other;
  p += sizeof<Quote>();
  if (load<u8>(p) != Byte.Colon) {
    p = skipSpace<Quote>(p);
    if (load<u8>(p) != Byte.Colon) return fail(Failure.Unexpected, p);
  }
  return skipSpace<Quote>(p + 1);
}

/** `keyEnd` for a key that escapes or bytes outside ASCII spell. Returns the address of its closing quote. */
function unusualKeyEnd<Quote>(start: usize, stop: usize): usize {
  const end = unusualStringEnd<Quote>(stop);
  if (!end) return 0;
  const copyEnd = canonicalString(start, end);
  if (!copyEnd) return 0;
  lastKeyStart = top + 1;
  lastKeyLength = copyEnd - 1 - lastKeyStart;
  keepUpTo(copyEnd);
  return end;
}

/** Forgets what was read of another candidate. Returns false (see `fail`) where `size` bytes of copies have no room. */
function beginEvent(size: usize): bool {
  candidates++;
  if (isFlowRead) return makeCopyRoom(size) || failed(Failure.OutOfMemory, 0);
  clearSlots();
  beginRecall();
  flowEnd = nodeNameStart = timeStart = 0;
  eventTimeKey = eventTime = eventTimeEnd = 0;
  eventNodeNameKey = eventNodeName = eventNodeNameEnd = 0;
  return clearMembers(size) || failed(Failure.OutOfMemory, 0);
}

// @ts-ignore: decorator
@inline
function isWanted(key: Key): bool {
  return wanted == Wanted.Flow ? key == Key.Flow : key > Key.Flow;
}

/** Reads the event that the key met last holds, whose own first key is at `p`. Returns the address behind it, or 0 (see `fail`). */
function scanWanted<Quote>(p: usize, key: Key): usize {
  if (key == Key.Flow) return scanFlow<Quote>(p);
  setQuoted(slotAddress(Slot.ExportEvent), lastKeyStart, lastKeyStart + lastKeyLength);
  let table: usize;
  switch (key) {
    case Key.LostEvents:
      table = ObjectOffset.LostEvents;
      break;
    case Key.AgentEvent:
      table = ObjectOffset.AgentEvent;
      break;
    case Key.DebugEvent:
      table = ObjectOffset.DebugEvent;
      break;
    default:
      table = ObjectOffset.NodeStatus;
  }
  return scanObject<Quote>(p, objects<Quote>() + table);
}

/** Reads the flow whose first key is at `p`. Returns the address behind it, or 0 (see `fail`). */
function scanFlow<Quote>(p: usize): usize {
  if (isFlowRead) isFlowRead = false;
  else {
    flowStart = p;
    flowEnd = scanObject<Quote>(p, objects<Quote>() + ObjectOffset.Flow);
  }
  return flowEnd;
}

/** Whether the object that was read last holds an event. */
let holdsEvent: bool = false;

/**
 * Reads the object whose first key is at `p` for a key that holds an event, without reading that. Sets `holdsEvent`.
 * Returns the address behind the object, or 0 (see `fail`).
 */
function findInObject(p: usize): usize {
  holdsEvent = false;
  let found = false;
  p = skipSpace<u8>(p);
  if (load<u8>(p) == Byte.CloseBrace) return p + 1;
  while (true) {
    p = keyEnd<u8>(p);
    if (!p) return 0;
    if (load<u8>(p) == Byte.OpenBrace && isWanted(lastKey)) found = true;
    p = copyValue<u8>(p, 1);
    if (!p) return 0;
    p = skipSpace<u8>(p);
    if (load<u8>(p) == Byte.CloseBrace) break;
    if (load<u8>(p) != Byte.Comma) return fail(Failure.Unexpected, p);
    p = skipSpace<u8>(p + 1);
  }
  holdsEvent = found;
  return p + 1;
}

/**
 * Reads the object whose first key is at `p` as an export event: the event itself, its time and node name, and the
 * keys beside them. Sets `holdsEvent`. Returns the address behind the object, or 0 (see `fail`).
 */
function scanEvent<Quote>(p: usize): usize {
  holdsEvent = false;
  let found = false;
  p = skipSpace<Quote>(p);
  if (load<u8>(p) == Byte.CloseBrace) return p + 1;
  while (true) {
    p = keyEnd<Quote>(p);
    if (!p) return 0;
    const key = lastKey;
    const keyStart = lastKeyStart;
    const keyLength = lastKeyLength;
    if (!found && load<u8>(p) == Byte.OpenBrace && isWanted(key)) {
      found = true;
      p = scanWanted<Quote>(p + 1, key);
      if (!p) return 0;
    } else {
      const start = p;
      p = copyValue<Quote>(p, 1);
      if (!p) return 0;
      if (key == Key.Time) {
        timeStart = start;
        eventTimeKey = keyStart;
        eventTime = valueStart;
        eventTimeEnd = valueEnd;
      } else if (key == Key.NodeName) {
        nodeNameStart = start;
        eventNodeNameKey = keyStart;
        eventNodeName = valueStart;
        eventNodeNameEnd = valueEnd;
      } else if (!appendMember(EVENT_MEMBERS, key, keyStart, keyLength, valueStart, valueEnd)) return 0;
    }
    p = skipSpace<Quote>(p);
    if (load<u8>(p) == Byte.CloseBrace) break;
    if (load<u8>(p) != Byte.Comma) return fail(Failure.Unexpected, p);
    p = skipSpace<Quote>(p + 1);
  }
  holdsEvent = found;
  return p + 1;
}

/** What a text turned out to be. */
const enum TextOutcome {
  /** No event, which its first bytes told. */
  NotScanned,
  /** No event. */
  NotAnEvent,
  Event,
  /** It starts like a flow and is not JSON. */
  Unreadable,
}

let textOutcome: TextOutcome = TextOutcome.NotScanned;

/**
 * Reads the string of the record whose content starts at `start` as an export event. Sets `textOutcome`. Returns the
 * address of the closing quote, or 0 (see `fail`) where the record is broken.
 */
function readText(start: usize): usize {
  const brace = openingBrace<u16>(start);
  if (!brace) {
    textOutcome = TextOutcome.NotScanned;
    return stringEnd<u8>(start);
  }
  const topBefore = top;
  if (brace != UNUSUAL) {
    // Most texts hold no escapes but `\"`, and are read as they lie in the record.
    if (!beginEvent(inputEnd - start)) return 0;
    setMaxDepth(MAX_TEXT_DEPTH);
    let p = scanEvent<u16>(brace + 1);
    setMaxDepth(i32.MAX_VALUE);
    if (p) {
      p = skipEscapedSpace(p);
      if (load<u8>(p) == Byte.Quote) {
        textOutcome = holdsEvent ? TextOutcome.Event : TextOutcome.NotAnEvent;
        return p;
      }
    } else if (failure == Failure.OutOfMemory) return 0;
    keepUpTo(topBefore);
  }
  const end = unescape(start, inputEnd);
  if (!end) return 0;
  const text = textStart;
  const lastByte = textEnd;
  const surrogate = loneSurrogateAt;
  const plainBrace = openingBrace<u8>(text);
  if (!plainBrace) {
    textOutcome = TextOutcome.NotScanned;
    keepUpTo(topBefore);
    return surrogate ? fail(Failure.LoneSurrogate, start) : end;
  }
  if (!beginEvent(lastByte - text)) return 0;
  setMaxDepth(MAX_TEXT_DEPTH);
  let p = scanEvent<u8>(plainBrace + 1);
  setMaxDepth(i32.MAX_VALUE);
  if (p) {
    p = skipSpace<u8>(p);
    if (p != lastByte) p = fail(Failure.Unexpected, p);
    else if (surrogate) p = fail(Failure.LoneSurrogate, surrogate);
  } else if (failure == Failure.OutOfMemory) return 0;
  if (p) {
    textOutcome = holdsEvent ? TextOutcome.Event : TextOutcome.NotAnEvent;
  } else if (startsLikeFlow<u8>(plainBrace)) {
    textOutcome = TextOutcome.Unreadable;
    unreadableReason = failure;
    unreadableAt = <u32>(failedAt - text);
    unreadableAtEnd = failedAt == lastByte;
  } else {
    textOutcome = TextOutcome.NotAnEvent;
    // What passes through must not hold it either.
    if (surrogate) return fail(Failure.LoneSurrogate, start);
  }
  return end;
}

/** The answer of `openingBrace` where only the unescaped text can tell. */
const UNUSUAL: usize = 1;

/**
 * Returns the address of the brace with which a text starts, after white space and the prefix that a container
 * runtime writes (`<time> stdout F `), 0 where it starts otherwise.
 */
function openingBrace<Quote>(p: usize): usize {
  const first = <u32>load<u8>(p);
  if (first == Byte.OpenBrace) return p;
  // An agent's own line, told by its first letter.
  if (first > 0x39 && first != Byte.Backslash) return 0;
  p = skipTextSpace<Quote>(p);
  if (isDigit(load<u8>(p))) {
    do {
      p++;
    } while (isTimeByte(load<u8>(p)));
    // " stdout " or " stderr ", then "F " or "P "
    const stream = load<u64>(p);
    const tag = load<u16>(p, 8);
    if ((stream != 0x2074756f_64747320 && stream != 0x20727265_64747320) || (tag != 0x2046 && tag != 0x2050)) {
      return sizeof<Quote>() == 2 && hasEscape(p, p + 10) ? UNUSUAL : 0;
    }
    p = skipTextSpace<Quote>(p + 10);
  }
  const byte = <u32>load<u8>(p);
  if (byte == Byte.OpenBrace) return p;
  return sizeof<Quote>() == 2 && byte == Byte.Backslash && load<u8>(p, 1) == Byte.LowerU ? UNUSUAL : 0;
}

/** Whether a backslash stands between both addresses, before the string ends. */
function hasEscape(p: usize, end: usize): bool {
  for (; p < end && load<u8>(p) != Byte.Quote; p++) {
    if (load<u8>(p) == Byte.Backslash) return true;
  }
  return false;
}

/** Whether the byte can stand in the time of a container runtime's line: `2025-01-23T07:59:23.501+01:00`. */
function isTimeByte(byte: u32): bool {
  return (
    isDigit(byte) ||
    byte == Byte.Colon ||
    byte == Byte.Minus ||
    byte == Byte.Plus ||
    byte == Byte.Dot ||
    (byte | 0x20) == Byte.LowerT ||
    (byte | 0x20) == Byte.LowerZ
  );
}

/** `skipSpace` that knows white space as it is escaped in a string too. */
// @ts-ignore: decorator
@inline
function skipTextSpace<Quote>(p: usize): usize {
  return sizeof<Quote>() == 2 ? skipEscapedSpace(p) : skipSpace<u8>(p);
}

function skipEscapedSpace(p: usize): usize {
  while (true) {
    const byte = <u32>load<u8>(p);
    if (byte == Byte.Backslash) {
      const letter = <u32>load<u8>(p, 1);
      if (letter != Byte.LowerN && letter != Byte.LowerR && letter != Byte.LowerT) return p;
      p += 2;
    } else if (byte == Byte.Space) p++;
    else return p;
  }
}

/** Whether `"flow"` is the first key behind the brace. */
function startsLikeFlow<Quote>(brace: usize): bool {
  const p = skipTextSpace<Quote>(brace + 1);
  return (
    load<Quote>(p) == quote<Quote>() &&
    load<u32>(p, sizeof<Quote>()) == 0x776f6c66 &&
    load<Quote>(p, sizeof<Quote>() + 4) == quote<Quote>()
  );
}

/**
 * Whether the string of a record whose content starts at `start` starts like a flow: beside an event that was found
 * merged or nested it is the text that the event was parsed from.
 */
export function isFlowText(start: usize): bool {
  const brace = openingBrace<u16>(start);
  if (!brace) return false;
  if (brace != UNUSUAL && startsLikeFlow<u16>(brace)) return true;
  const topBefore = top;
  const isText = unescape(start, inputEnd) != 0;
  const plainBrace = isText ? openingBrace<u8>(textStart) : 0;
  const answer = plainBrace != 0 && startsLikeFlow<u8>(plainBrace);
  keepUpTo(topBefore);
  return answer;
}
