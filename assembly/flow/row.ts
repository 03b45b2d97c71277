import { hasRoom, keepUpTo, top } from "../arena";
import { Byte, Word, isSame, skipSpace } from "../json/byte";
import { Failure } from "../json/failure";
import { copyReplacingInvalid } from "../json/text";
import { columnNumber, nameOf, writeColumns } from "./columns";
import { eventNodeName, eventNodeNameEnd, eventNodeNameKey, eventTime, eventTimeEnd, eventTimeKey } from "./event";
import { writeFramedKeys } from "./frame";
import { Key, isTextKey } from "./key";
import { addKey, clearKeys } from "./key-set";
import {
  ADDITIONAL_FIELDS,
  EVENT_MEMBERS,
  RECORD_KEYS,
  appendMember,
  clearMembers,
  firstMember,
  memberCount,
  memberKey,
  memberKeyLength,
  memberObject,
  memberValue,
  memberValueLength,
  nextMember,
  supersede,
} from "./members";
import { splitNodeName } from "./node-name";
import {
  Rank,
  considerFrame,
  heldEnd,
  heldStart,
  inputEnd,
  isFramed,
  rank,
  unreadableAt,
  unreadableAtEnd,
  unreadableReason,
} from "./record";
import { isColumnOfRun, isNodeNameOfRun, writeRuns } from "./run";
import { setTimestamp } from "./scalars";
import { SLOTS, clearSlots, getSlot, moveSlot, setBare, setQuoted, slotAddress, spanLength, spanStart } from "./slots";
import { ALONE_SLOTS, Header, NAME_SIZE, ObjectOffset, PATH_PREFIXES, PLAIN_OBJECTS, ROW_SLOTS, Slot } from "./tables";
import { isFlowText } from "./text-start";
import { TIMESTAMP_LENGTH, writeNumber, writeTimestamp } from "./timestamp";

/** More than all names, quotes and the brackets of a row take. */
const FRAME_SIZE: usize = ROW_SLOTS * (NAME_SIZE + 2) + 256;
/** More than the path in front of a key in AdditionalFields, its quotes, colon and comma take. */
const PATH_SIZE: usize = 40;

/** Room for a row that says that there is none for another. */
const SMALL_ROW = memory.data(160, 8);

/**
 * Writes the row of the event that `findEvent` has found in a record of `length` bytes. Returns its address; a NUL ends it. 0 where
 * there is no room for it.
 */
export function writeRow(length: usize, seconds: u32, nanoseconds: u32): usize {
  if (rank >= Rank.Unreadable) {
    clearSlots();
    if (!clearMembers(0)) return 0;
  } else if (!completeSlots()) return 0;
  if (!getSlot(Slot.TimeGenerated)) {
    if (!hasRoom(TIMESTAMP_LENGTH)) return 0;
    const time = top;
    writeTimestamp(time, seconds, nanoseconds);
    keepUpTo(time + TIMESTAMP_LENGTH);
    setQuoted(slotAddress(Slot.TimeGenerated), time, time + TIMESTAMP_LENGTH);
  }
  const additionalCount = memberCount(ADDITIONAL_FIELDS);
  if (additionalCount > 1 && !mergeAdditionalFields()) return 0;
  if (!isFramed && !clearKeys(memberCount(RECORD_KEYS) + memberCount(EVENT_MEMBERS))) return 0;
  // Each byte of the record goes into the row twice at the most: in a dynamic column and in a column beside it.
  const size = FRAME_SIZE + 2 * length + PATH_SIZE * (additionalCount + memberCount(EVENT_MEMBERS));
  if (!hasRoom(size)) return 0;

  const row = top;
  let out = writeColumns(row, SLOTS, SLOTS + ALONE_SLOTS * 8);
  out = writeRuns(out);
  if (additionalCount) {
    out = writeAdditionalFields(out);
    // The row has the column: a key of the record of that name does not pass.
    setBare(slotAddress(Slot.AdditionalFields), row, out);
  }
  if (rank >= Rank.Unreadable) out = writeUnreadable(out);
  store<u8>(row, Byte.OpenBrace);
  // A text has to be unescaped, above the row, to tell whether it is a copy of the event.
  keepUpTo(row + size);
  if (isFramed) out = writeFramedKeys(out);
  else {
    const ownKeys = out;
    out = writeMembers(out, RECORD_KEYS);
    if (rank < Rank.Unreadable) considerFrame(ownKeys, out);
    out = writeMembers(out, EVENT_MEMBERS);
  }
  store<u16>(out, Byte.CloseBrace);
  return row;
}

/** Makes the columns that depend on more than one value. Returns false where there is no room. */
// @ts-ignore: decorator
@inline
function completeSlots(): bool {
  const eventObject = <usize>ObjectOffset.Flow;

  if (!getSlot(Slot.TimeGenerated) && eventTime && load<u32>(eventTime) != Word.Null) {
    const isText = load<u8>(eventTime) == Byte.Quote;
    if (!isText || !setTimestamp(slotAddress(Slot.TimeGenerated), eventTime + 1, eventTimeEnd - 1)) {
      if (!hasAdditionalField(eventObject, eventTimeKey, 4)) {
        if (!appendMember(ADDITIONAL_FIELDS, eventObject, eventTimeKey, 4, eventTime, eventTimeEnd)) return false;
      }
    }
  }

  const flowNodeName = getSlot(Slot.PathNodeName);
  if (isNodeNameOfRun()) {
    // Its columns are made.
  } else if (flowNodeName) {
    if (!splitNodeName(flowNodeName)) return false;
  } else if (eventNodeName && load<u32>(eventNodeName) != Word.Null) {
    const byte = load<u8>(eventNodeName);
    if (byte == Byte.OpenBrace || byte == Byte.OpenBracket) {
      if (!hasAdditionalField(eventObject, eventNodeNameKey, 9)) {
        if (!appendMember(ADDITIONAL_FIELDS, eventObject, eventNodeNameKey, 9, eventNodeName, eventNodeNameEnd)) {
          return false;
        }
      }
    } else {
      const slot = slotAddress(Slot.PathNodeName);
      if (byte == Byte.Quote) setQuoted(slot, eventNodeName + 1, eventNodeNameEnd - 1);
      else setBare(slot, eventNodeName, eventNodeNameEnd);
      if (!splitNodeName(getSlot(Slot.PathNodeName))) return false;
    }
  }
  completePolicy();
  completeFlowCounts();
  return completeReply();
}

/** Whether AdditionalFields has a key of the object already. */
function hasAdditionalField(object: usize, key: usize, length: usize): bool {
  for (let member = firstMember(ADDITIONAL_FIELDS); member; member = nextMember(member)) {
    if (memberObject(member) == object && memberKeyLength(member) == length && isSame(memberKey(member), key, length)) {
      return true;
    }
  }
  return false;
}

/** `reply` serves where `is_reply` is absent; beside another `is_reply` it is kept in AdditionalFields. */
// @ts-ignore: decorator
@inline
function completeReply(): bool {
  const deprecated = getSlot(Slot.PathReply);
  if (!deprecated) return true;
  const reply = getSlot(Slot.Reply);
  if (!reply) {
    moveSlot(Slot.Reply, deprecated);
    return true;
  }
  if (spanLength(reply) == spanLength(deprecated)) return true;
  const value = spanStart(deprecated);
  return appendMember(ADDITIONAL_FIELDS, ObjectOffset.Flow, REPLY_KEY, 5, value, value + spanLength(deprecated));
}

/** The bytes of `reply`. */
const REPLY_KEY = memory.data<u8>([0x72, 0x65, 0x70, 0x6c, 0x79]);

/** The policy columns come from the first list, in this order, whose first element is an object. */
// @ts-ignore: decorator
@inline
function completePolicy(): void {
  if (
    takePolicy(
      Slot.EgressDeniedBy,
      Slot.PathEgressDeniedByName,
      Slot.PathEgressDeniedByNamespace,
      Slot.PathEgressDeniedByKind,
    )
  ) {
    return;
  }
  if (
    takePolicy(
      Slot.IngressDeniedBy,
      Slot.PathIngressDeniedByName,
      Slot.PathIngressDeniedByNamespace,
      Slot.PathIngressDeniedByKind,
    )
  ) {
    return;
  }
  if (
    takePolicy(
      Slot.EgressAllowedBy,
      Slot.PathEgressAllowedByName,
      Slot.PathEgressAllowedByNamespace,
      Slot.PathEgressAllowedByKind,
    )
  ) {
    return;
  }
  takePolicy(
    Slot.IngressAllowedBy,
    Slot.PathIngressAllowedByName,
    Slot.PathIngressAllowedByNamespace,
    Slot.PathIngressAllowedByKind,
  );
}

function takePolicy(list: Slot, name: Slot, namespace: Slot, kind: Slot): bool {
  const value = getSlot(list);
  if (!value) return false;
  const start = spanStart(value);
  if (load<u8>(start) != Byte.OpenBracket || load<u8>(skipSpace<u8>(start + 1)) != Byte.OpenBrace) return false;
  moveSlot(Slot.PolicyName, getSlot(name));
  moveSlot(Slot.PolicyNamespace, getSlot(namespace));
  moveSlot(Slot.PolicyKind, getSlot(kind));
  return true;
}

// @ts-ignore: decorator
@inline
function completeFlowCounts(): void {
  if (!getSlot(Slot.Extensions)) return;
  if (!getSlot(Slot.IngressFlowCount)) moveSlot(Slot.IngressFlowCount, getSlot(Slot.PathExtensionsIngressFlowCount));
  if (!getSlot(Slot.EgressFlowCount)) moveSlot(Slot.EgressFlowCount, getSlot(Slot.PathExtensionsEgressFlowCount));
  if (!getSlot(Slot.UnknownDirectionFlowCount)) {
    moveSlot(Slot.UnknownDirectionFlowCount, getSlot(Slot.PathExtensionsUnknownDirectionFlowCount));
  }
}

/** Gives keys of AdditionalFields that are the same path the last value. Returns false where there is no room. */
function mergeAdditionalFields(): bool {
  if (!clearKeys(memberCount(ADDITIONAL_FIELDS))) return false;
  for (let member = firstMember(ADDITIONAL_FIELDS); member; member = nextMember(member)) {
    if (!hasRoom(4 + PATH_SIZE + memberKeyLength(member))) return false;
    const note = top;
    const path = note + 4;
    const end = writePath(path, member);
    keepUpTo(end);
    store<u32>(note, <u32>member);
    const same = addKey(path, end - path);
    if (same) supersede(load<u32>(same - 4), member);
  }
  return true;
}

/** Writes the dotted path of a member of the flow. Returns the address behind it. */
function writePath(out: usize, member: usize): usize {
  const object = PLAIN_OBJECTS + memberObject(member);
  const prefixLength = load<u32>(object, Header.PrefixLength);
  memory.copy(out, PATH_PREFIXES + load<u32>(object), prefixLength);
  out += prefixLength;
  const keyLength = memberKeyLength(member);
  memory.copy(out, memberKey(member), keyLength);
  return out + keyLength;
}

function writeName(out: usize, slot: Slot): usize {
  const name = nameOf(slotAddress(slot));
  memory.copy(out, name, NAME_SIZE);
  return out + load<u8>(name, NAME_SIZE - 1);
}

function writeAdditionalFields(out: usize): usize {
  out = writeName(out, Slot.AdditionalFields);
  store<u8>(out++, Byte.OpenBrace);
  for (let member = firstMember(ADDITIONAL_FIELDS); member; member = nextMember(member)) {
    if (!memberValue(member)) continue;
    store<u8>(out++, Byte.Quote);
    out = writePath(out, member);
    out = writeMemberValue(out, member);
    store<u8>(out++, Byte.Comma);
  }
  store<u8>(out - 1, Byte.CloseBrace);
  return out;
}

/** Writes the closing quote of a key, the colon and the value. */
function writeMemberValue(out: usize, member: usize): usize {
  store<u16>(out, (Byte.Colon << 8) | Byte.Quote);
  out += 2;
  const length = memberValueLength(member);
  memory.copy(out, memberValue(member), length);
  return out + length;
}

/** Writes ParseError and RawMessage for the text that could not be read. */
function writeUnreadable(out: usize): usize {
  const row = out;
  out = writeName(out, Slot.ParseError);
  out = writeAscii(out, '"');
  if (unreadableAtEnd) {
    out = writeAscii(out, "unexpected end of the text");
  } else {
    switch (unreadableReason) {
      case Failure.ControlCharacter:
        out = writeAscii(out, "control character in a string");
        break;
      case Failure.InvalidEscape:
        out = writeAscii(out, "invalid escape");
        break;
      case Failure.LoneSurrogate:
        out = writeAscii(out, "lone surrogate");
        break;
      case Failure.TooDeep:
        out = writeAscii(out, "nesting deeper than 64");
        break;
      case Failure.OutOfRange:
        out = writeAscii(out, "number out of range");
        break;
      default:
        out = writeAscii(out, "unexpected character");
    }
  }
  out = writeAscii(out, " at byte ");
  out = writeNumber(out, unreadableAt);
  out = writeAscii(out, '"');
  out = writeName(out, Slot.RawMessage);
  out = writeAscii(out, '"');
  out = copyReplacingInvalid(out, heldStart + 1, heldEnd - 1);
  out = writeAscii(out, '"');
  // The row has both columns: keys of the record of these names do not pass.
  setBare(slotAddress(Slot.ParseError), row, out);
  setBare(slotAddress(Slot.RawMessage), row, out);
  return out;
}

function writeAscii(out: usize, text: string): usize {
  const length = text.length;
  for (let index = 0; index < length; index++)
    store<u8>(out + index, load<u16>(changetype<usize>(text) + (index << 1)));
  return out + length;
}

/** Whether a key's value is the text that the event, found merged or nested, was parsed from. */
function isCopyOfEvent(key: Key, value: usize): bool {
  return rank <= Rank.Nested && isTextKey(key) && load<u8>(value) == Byte.Quote && isFlowText(value + 1, inputEnd);
}

/** Whether the row has the column whose name the `length` bytes at \`key\` are. */
function isColumnOfRow(key: usize, length: usize): bool {
  const number = columnNumber(key, length);
  if (!number) return false;
  const slot = SLOTS + ((number - 1) << 3);
  return load<u64>(slot) != 0 || isColumnOfRun(slot);
}

/** Writes the keys of a list that pass through, each with a comma in front. Returns the address behind them. */
function writeMembers(out: usize, list: usize): usize {
  for (let member = firstMember(list); member; member = nextMember(member)) {
    const value = memberValue(member);
    if (value == heldStart) continue;
    const which = <Key>memberObject(member);
    if (which != Key.Other) {
      // The event's own, where the record is the event.
      if (rank == Rank.Merged && (which == Key.Time || which == Key.NodeName)) continue;
      if (isCopyOfEvent(which, value)) continue;
    }
    const key = memberKey(member);
    const length = memberKeyLength(member);
    if (isColumnOfRow(key, length) || addKey(key, length)) continue;
    store<u16>(out, (Byte.Quote << 8) | Byte.Comma);
    memory.copy(out + 2, key, length);
    out += 2 + length;
    if (isTextKey(which)) {
      // A text that was read for an event is checked in its own way, which lets a lone surrogate of the record pass.
      store<u16>(out, (Byte.Colon << 8) | Byte.Quote);
      out = copyReplacingInvalid(out + 2, value, value + memberValueLength(member));
    } else out = writeMemberValue(out, member);
  }
  return out;
}

/**
 * Writes the row of a record for which the memory could not grow: it has the record's time and says what happened.
 * Returns its address; a NUL ends it.
 */
export function writeOutOfMemory(length: u32, seconds: u32, nanoseconds: u32): usize {
  let out = writeAscii(SMALL_ROW, '{"TimeGenerated":"');
  writeTimestamp(out, seconds, nanoseconds);
  out = writeAscii(out + TIMESTAMP_LENGTH, '","ParseError":"no memory for a record of ');
  out = writeNumber(out, length);
  out = writeAscii(out, ' bytes"}');
  store<u8>(out, 0);
  return SMALL_ROW;
}
