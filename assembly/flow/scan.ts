import { Byte, skipSpace } from "../json/byte";
import { Failure, fail } from "../json/failure";
import { findStop, quote } from "../json/string";
import { copyValue, valueEnd, valueStart } from "../json/value";
import { vacancy } from "./entries";
import { scanTrueKeys } from "./flags";
import { findKey, keyEnd, keyRow, keyStart, setFoundKey, setKey } from "./found-key";
import { ADDITIONAL_FIELDS, memberCount } from "./members";
import { MISFIT, nameProtocol, scanMisfit } from "./misfit";
import {
  childOf,
  depthOf,
  differsBehind,
  differsFirst,
  endOf,
  kindOf,
  objects,
  rowMatches,
  slotOf,
  valueOffset,
} from "./objects";
import { keep, recall } from "./recall";
import { beginRun, finishRun, objectOfRun, recallRun, releaseRun, rowOfRun } from "./run";
import { boolEnd, scanBool, scanNumber, scanScalar, scanText, scanTimestamp, shortIntegerEnd } from "./scalars";
import { getSlot, setBare, setQuoted, slotAddress } from "./slots";
import { Header, Kind, LONG, PLAIN_OBJECTS, Row, RUN_COUNT, Slot } from "./tables";

/**
 * Reads the object of the flow whose first key is at `p`, behind its brace, into the slots and AdditionalFields.
 * `object` is its table in `objects<Quote>()`. Returns the address behind its closing brace, or 0 (see `fail`).
 *
 * The calls nest as deep as the tables do, whatever the input. What Cilium writes is read here, where each kind costs as
 * few instructions as it can: the interpreter inlines nothing. All else is `scanUnusual`'s. A key in three comparisons without
 * a branch between them, and one jump for its kind, took a fifth off this loop's time.
 */
export function scanObject<Quote>(p: usize, object: usize): usize {
  const end = endOf(object);
  let row = object + Header.size - Row.size;
  p = skipSpace<Quote>(p);
  if (load<u8>(p) == Byte.CloseBrace) return p + 1;
  if (load<Quote>(p) != quote<Quote>()) return fail(Failure.Unexpected, p);
  const start = --p;
  while (true) {
    let word = load<u64>(p);
    if (load<u8>(p) != Byte.Comma) {
      if (p == start) {
        // The first key has no comma in front, but is found like all others.
        word = (word & ~0xff) | Byte.Comma;
      } else {
        p = skipSpace<Quote>(p);
        if (load<u8>(p) == Byte.CloseBrace) return p + 1;
        if (load<u8>(p) != Byte.Comma) return fail(Failure.Unexpected, p);
        word = load<u64>(p);
      }
    }
    // Keys come in the order of the rows, some of them left out. The End stops the search.
    const last = row;
    store<u64>(end, word);
    do {
      row += Row.size;
    } while (differsFirst<Quote>(row, word));
    const value = p + valueOffset(row);
    if (!differsBehind<Quote>(row, p, value)) {
      // Of the LONG ones texts are frequent.
      switch (<u32>load<u16>(row, Row.Kind)) {
        case Kind.Text: {
          const stop = findStop(value);
          if (load<Quote>(stop) == quote<Quote>()) {
            setQuoted(slotOf(row), value, stop);
            p = stop + sizeof<Quote>();
            continue;
          }
          p = scanText<Quote>(value, stop, slotOf(row));
          if (!p) return 0;
          continue;
        }
        case LONG + Kind.Text:
          if (load<u64>(p, 16) != load<u64>(row, Row.Bytes16)) break;
          p = scanText<Quote>(value, findStop(value), slotOf(row));
          if (!p) return 0;
          continue;
        case Kind.Number: {
          const behind = shortIntegerEnd(value);
          if (!behind) break;
          setBare(slotOf(row), value, behind);
          p = behind;
          continue;
        }
        case Kind.Bool: {
          const behind = boolEnd(value);
          if (!behind) break;
          setBare(slotOf(row), value, behind);
          p = behind;
          continue;
        }
        case Kind.Run: {
          // A run starts behind another member.
          if (p == start) break;
          let behind = recallRun<Quote>(p, row);
          if (!behind) behind = keepRun<Quote>(p, row);
          // Where it is not kept, the rows of its members follow.
          if (behind == p) continue;
          row = object + childOf(row);
          p = behind;
          continue;
        }
        case Kind.Protocol:
          if (getSlot(Slot.L4Protocol) || load<u8>(value) != Byte.OpenBrace) break;
          setQuoted(slotAddress(Slot.L4Protocol), p + 1 + sizeof<Quote>(), value - 1 - sizeof<Quote>());
          p = scanObject<Quote>(value + 1, objects<Quote>() + childOf(row));
          if (!p) return 0;
          continue;
        case Kind.Object:
          if (load<u8>(value) != Byte.OpenBrace) break;
          p = scanObject<Quote>(value + 1, objects<Quote>() + childOf(row));
          if (!p) return 0;
          continue;
        case Kind.Timestamp: {
          const behind = scanTimestamp<Quote>(value, slotOf(row));
          if (behind == MISFIT) break;
          if (!behind) return 0;
          p = behind;
          continue;
        }
        case Kind.TrueKeys:
          if (load<u8>(value) != Byte.OpenBrace) break;
          p = scanTrueKeys<Quote>(value + 1, objects<Quote>() + childOf(row), slotOf(row));
          if (!p) return 0;
          continue;
        case Kind.Repeating:
          if (load<u8>(value) != Byte.OpenBracket) break;
          p = scanRepeating<Quote>(value, row, object);
          if (!p) return 0;
          continue;
        case Kind.Dynamic:
          if (load<u8>(value) != Byte.OpenBracket) break;
          p = scanDynamic<Quote>(value, row, object);
          if (!p) return 0;
          continue;
        default:
      }
    }
    p = scanUnusual<Quote>(p, row, last, object);
    if (!p) return 0;
    row = unusualRow;
  }
}

/** The row of the member that `scanUnusual` met last. */
let unusualRow: usize = 0;

/**
 * Reads the member at `p` for `scanObject`, whatever its key and value, and sets `unusualRow`. The first eight bytes are
 * the row's; `last` is the row of the member in front. Returns the address behind the member, or 0 (see `fail`).
 */
function scanUnusual<Quote>(p: usize, row: usize, last: usize, object: usize): usize {
  const start = row;
  const end = endOf(object);
  const word = load<u64>(end);
  // Another row may start alike.
  while (row != end && !rowMatches<Quote>(row, p)) {
    do {
      row += Row.size;
    } while (differsFirst<Quote>(row, word));
  }
  let value = p + valueOffset(row);
  let key: usize = 0;
  let kind: u32 = kindOf(row);
  if (kind == Kind.Text) value -= sizeof<Quote>();
  if (row == end) {
    value = findKey<Quote>(p, start, object);
    if (!value) return 0;
    row = keyRow;
    kind = kindOf(row);
    key = keyStart;
    if (row <= last && object == objects<Quote>()) {
      const foundEnd = keyEnd;
      if (!readRuns<Quote>()) return 0;
      setKey(key, foundEnd);
    }
  }
  const member = p;
  p = skipSpace<Quote>(value);
  const byte = <u32>load<u8>(p);
  let behind: usize = MISFIT;
  switch (kind) {
    case Kind.Text:
      behind = scanScalar<Quote>(p, byte, slotOf(row));
      break;
    case Kind.Number:
      behind = scanNumber<Quote>(p, byte, slotOf(row));
      break;
    case Kind.Bool:
      behind = scanBool(p, slotOf(row));
      break;
    case Kind.Timestamp:
      behind = scanTimestamp<Quote>(p, slotOf(row));
      break;
    case Kind.Repeating:
      if (isContainer(byte)) behind = scanRepeating<Quote>(p, row, object);
      break;
    case Kind.Dynamic:
    case Kind.Members:
      if (isContainer(byte)) behind = scanDynamic<Quote>(p, row, object);
      break;
    case Kind.Object:
      if (byte == Byte.OpenBrace) behind = scanObject<Quote>(p + 1, objects<Quote>() + childOf(row));
      break;
    case Kind.Protocol:
      if (byte != Byte.OpenBrace) break;
      if (!key) setFoundKey<Quote>(member, value);
      if (nameProtocol(keyStart, keyEnd)) behind = scanObject<Quote>(p + 1, objects<Quote>() + childOf(row));
      break;
    case Kind.TrueKeys:
      if (byte == Byte.OpenBrace) behind = scanTrueKeys<Quote>(p + 1, objects<Quote>() + childOf(row), slotOf(row));
      break;
    default:
      // It has no row: the next key is behind that of the last one.
      row = last;
  }
  if (behind == MISFIT) {
    if (!key) setFoundKey<Quote>(member, value);
    behind = scanMisfit<Quote>(p, object, keyStart, keyEnd);
  }
  unusualRow = row;
  return behind;
}

// @ts-ignore: decorator
@inline
function isContainer(byte: u32): bool {
  // Both brackets have the same low bits.
  return (byte | 0x20) == Byte.OpenBrace;
}

/** Reads a container for a dynamic column, and what columns there are inside. Returns the address behind it, or 0 (see `fail`). */
function scanDynamic<Quote>(p: usize, row: usize, object: usize): usize {
  p = copyValue<Quote>(p, depthOf(object));
  if (!p) return 0;
  setBare(slotOf(row), valueStart, valueEnd);
  return childOf(row) && !scanCopy(row) ? 0 : p;
}

/** Likewise, where flow after flow repeats it. */
function scanRepeating<Quote>(p: usize, row: usize, object: usize): usize {
  const recalled = recall<Quote>(p, row);
  if (recalled) return recalled;
  const behind = scanDynamic<Quote>(p, row, object);
  if (behind && vacancy) keep<Quote>(p, behind, row);
  return behind;
}

/** Takes columns from the copy of the dynamic value that was read last. Returns false (see `fail`) where that failed. */
function scanCopy(row: usize): bool {
  const end = valueEnd;
  let p = valueStart;
  if (kindOf(row) == Kind.Repeating) {
    if (load<u8>(p) != Byte.OpenBracket) return true;
    p = skipSpace<u8>(p + 1);
  }
  if (p >= end || load<u8>(p) != Byte.OpenBrace) return true;
  return scanObject<u8>(p + 1, PLAIN_OBJECTS + childOf(row)) != 0;
}

/** Reads a run from a copy of it in the `vacancy`, and keeps it there. Returns the address behind it, or `member`. */
function keepRun<Quote>(member: usize, row: usize): usize {
  const entry = vacancy;
  const behind = beginRun<Quote>(entry, member, row);
  if (!behind) return member;
  const misfits = memberCount(ADDITIONAL_FIELDS);
  if (!readRun<Quote>(entry, row)) return member;
  if (memberCount(ADDITIONAL_FIELDS) == misfits) finishRun<Quote>(entry, row);
  return behind;
}

/** Reads the run in an entry into slots of its columns. Returns false (see `fail`) where that fails. */
function readRun<Quote>(entry: usize, row: usize): bool {
  const p = objectOfRun(entry, row);
  return p != 0 && scanObject<Quote>(p, objects<Quote>()) != 0;
}

/**
 * Gives the columns of all runs of this flow slots of their own, and has what follows read: a key has come out of order,
 * whose value may replace another. Returns false (see `fail`) where there is no room.
 */
function readRuns<Quote>(): bool {
  for (let index = 0; index < RUN_COUNT; index++) {
    const entry = releaseRun(index);
    if (entry && !readRun<Quote>(entry, rowOfRun(entry))) return false;
  }
  return true;
}
