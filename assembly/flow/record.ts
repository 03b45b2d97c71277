import { keepUpTo, top } from "../arena";
import { Byte, skipSpace } from "../json/byte";
import { Failure, fail, failedAt, failure, refuse } from "../json/failure";
import { stringEnd } from "../json/string";
import { loneSurrogateAt, textEnd, textStart, unescape } from "../json/text";
import { copyValue, setMaxDepth } from "../json/value";
import { columnNumber } from "./columns";
import {
  Wanted,
  beginEvent,
  beginRecord,
  findInObject,
  flowEnd,
  flowStart,
  holdsEvent,
  isWanted,
  keepFlow,
  keyEnd,
  lastKey,
  lastKeyLength,
  lastKeyStart,
  nodeNameStart,
  scanEvent,
  scanFlow,
  scanWanted,
  setEventValues,
  timeStart,
} from "./event";
import { frameHead, frameRank, frameTail, keepFrame, noteFrameMiss } from "./frame";
import { Key, isTextKey } from "./key";
import {
  EVENT_MEMBERS,
  RECORD_KEYS,
  appendMember,
  clearRecordKeys,
  firstMember,
  memberCount,
  memberKey,
  memberKeyLength,
  nextMember,
} from "./members";
import { isNodeNameOfRun } from "./run";
import { mayHoldFlow } from "./sift";
import { getSlot } from "./slots";
import { Slot } from "./tables";
import { UNUSUAL, openingBrace, skipEscapedSpace, startsLikeFlow } from "./text-start";

/** How deep a text may nest, the event's own braces being the first. */
const MAX_TEXT_DEPTH = 64;

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

/** Why and where (in bytes from its start) the unreadable text cannot be read. */
export let unreadableReason: Failure = Failure.Unexpected;
export let unreadableAt: u32 = 0;
/** Whether the text ended there. */
export let unreadableAtEnd: bool = false;

/** Whether the record had the frame of the one before, so that its own keys have not been read. */
export let isFramed: bool = false;

let input: usize = 0;
/** Where the record ends. */
export let inputEnd: usize = 0;
/** How many candidates of the record have been read. */
let candidates: u32 = 0;

/**
 * Looks for an export event in the record and reads it into the slots and lists: `rank` and the values beside it tell
 * what was found. Returns false (see `fail`) where the record is not one JSON object.
 */
export function findEvent(record: usize, length: usize, events: Wanted): bool {
  beginRecord(events);
  input = record;
  inputEnd = record + length;
  isFramed = events != Wanted.OtherEvent && scanFramed(record, length);
  if (isFramed) return true;
  candidates = 0;
  rank = Rank.None;
  if (events == Wanted.FlowOnly && !mayHoldFlow(record, inputEnd)) return true;
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
  if (load<u8>(p) != Byte.OpenBrace) return refuse(Failure.Unexpected, p);
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
      if (!beginCandidate(length)) return false;
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
    if (load<u8>(p) != Byte.Comma) return refuse(Failure.Unexpected, p);
    p = skipSpace<u8>(p + 1);
  }
  if (!isEnd(p + 1)) return false;

  if (heldStart != scannedStart && rank < Rank.None) {
    if (rank == Rank.Nested) {
      if (!beginCandidate(length) || !scanEvent<u8>(heldStart + 1)) return false;
    } else if (!readText(heldStart + 1)) return false;
  }
  if (rank == Rank.Merged) setEventValues(timeKey, time, timeEnd, nodeNameKey, nodeName, nodeNameEnd);
  return true;
}

/** Begins another event of the record that may be the one. Returns as `beginEvent` does. */
// @ts-ignore: decorator
@inline
function beginCandidate(size: usize): bool {
  candidates++;
  return beginEvent(size);
}

/** Reads the flow of a record with the frame that is kept. Returns false where what stands around it has to be read too. */
// @ts-ignore: decorator
@inline
function scanFramed(record: usize, length: usize): bool {
  const start = frameHead(record);
  if (!start || !beginCandidate(length)) return false;
  if (frameRank == Rank.Merged) scanFlow<u8>(start);
  else {
    setMaxDepth(MAX_TEXT_DEPTH);
    scanFlow<u16>(start);
    setMaxDepth(i32.MAX_VALUE);
  }
  rank = frameRank;
  // What the flow lacks is taken from beside it.
  if (!keepFlow() || !getSlot(Slot.TimeGenerated)) return false;
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

/** Whether nothing but white space follows up to the end of the record. */
function isEnd(p: usize): bool {
  p = skipSpace<u8>(p);
  return p == inputEnd || refuse(Failure.Unexpected, p);
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
    if (!beginCandidate(inputEnd - start)) return 0;
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
  if (!beginCandidate(lastByte - text)) return 0;
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
