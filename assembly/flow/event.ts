import { keepUpTo, top } from "../arena";
import { Byte, skipSpace } from "../json/byte";
import { Failure, fail, refuse } from "../json/failure";
import { findStop, quote, unusualStringEnd } from "../json/string";
import { canonicalString } from "../json/text";
import { copyValue, valueEnd, valueStart } from "../json/value";
import { beginRecall } from "./entries";
import { Key, keyOf, mayBeKey } from "./key";
import { EVENT_MEMBERS, appendMember, clearMembers, makeCopyRoom } from "./members";
import { objects } from "./objects";
import { scanObject } from "./scan";
import { clearSlots, setQuoted, slotAddress } from "./slots";
import { ObjectOffset, Slot } from "./tables";

/** Which events are looked for. */
export const enum Wanted {
  Flow,
  /** Likewise, and a record that is sure to hold none need not be read. */
  FlowOnly,
  /** lost_events, agent_event, debug_event, node_status. */
  OtherEvent,
}

export let wanted: Wanted = Wanted.Flow;

/** The keys and values of `time` and `node_name` beside the event; 0 where there is none. */
export let eventTimeKey: usize = 0;
export let eventTime: usize = 0;
export let eventTimeEnd: usize = 0;
export let eventNodeNameKey: usize = 0;
export let eventNodeName: usize = 0;
export let eventNodeNameEnd: usize = 0;

/** Where the event that was read last has its flow, without the opening brace, and the values beside it: in the record or in a copy. */
export let flowStart: usize = 0;
export let flowEnd: usize = 0;
export let nodeNameStart: usize = 0;
export let timeStart: usize = 0;
/** Whether the flow of the next event is the one that was read last. */
let isFlowRead: bool = false;

/** Begins a record, in which events of a kind are looked for. */
// @ts-ignore: decorator
@inline
export function beginRecord(events: Wanted): void {
  wanted = events;
  isFlowRead = false;
}

/** Has the next event take the flow that `scanFlow` has read, if it could. Returns whether it could. */
// @ts-ignore: decorator
@inline
export function keepFlow(): bool {
  isFlowRead = flowEnd != 0;
  return isFlowRead;
}

/** Gives a merged event the values beside it, which are the record's own. */
export function setEventValues(
  timeKey: usize,
  time: usize,
  timeEnd: usize,
  nodeNameKey: usize,
  nodeName: usize,
  nodeNameEnd: usize,
): void {
  nodeNameStart = nodeName;
  timeStart = time;
  eventTimeKey = timeKey;
  eventTime = time;
  eventTimeEnd = timeEnd;
  eventNodeNameKey = nodeNameKey;
  eventNodeName = nodeName;
  eventNodeNameEnd = nodeNameEnd;
}

/** The key that `keyEnd` met last: which one it is, and its bytes, spelled without needless escapes. */
export let lastKey: Key = Key.Other;
export let lastKeyStart: usize = 0;
export let lastKeyLength: usize = 0;

/**
 * Reads the key whose quote is at `p` and its colon. Returns the address of the value, or 0 (see `fail`).
 */
export function keyEnd<Quote>(p: usize): usize {
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
export function beginEvent(size: usize): bool {
  if (isFlowRead) return makeCopyRoom(size) || refuse(Failure.OutOfMemory, 0);
  clearSlots();
  beginRecall();
  flowEnd = nodeNameStart = timeStart = 0;
  eventTimeKey = eventTime = eventTimeEnd = 0;
  eventNodeNameKey = eventNodeName = eventNodeNameEnd = 0;
  return clearMembers(size) || refuse(Failure.OutOfMemory, 0);
}

// @ts-ignore: decorator
@inline
export function isWanted(key: Key): bool {
  return wanted == Wanted.OtherEvent ? key > Key.Flow : key == Key.Flow;
}

/** Reads the event that the key met last holds, whose own first key is at `p`. Returns the address behind it, or 0 (see `fail`). */
export function scanWanted<Quote>(p: usize, key: Key): usize {
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
export function scanFlow<Quote>(p: usize): usize {
  if (isFlowRead) isFlowRead = false;
  else {
    flowStart = p;
    flowEnd = scanObject<Quote>(p, objects<Quote>() + ObjectOffset.Flow);
  }
  return flowEnd;
}

/** Whether the object that was read last holds an event. */
export let holdsEvent: bool = false;

/**
 * Reads the object whose first key is at `p` for a key that holds an event, without reading that. Sets `holdsEvent`.
 * Returns the address behind the object, or 0 (see `fail`).
 */
export function findInObject(p: usize): usize {
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
export function scanEvent<Quote>(p: usize): usize {
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
