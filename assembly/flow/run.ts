import { keepUpTo, top } from "../arena";
import { Byte, isDigit } from "../json/byte";
import { Failure, fail } from "../json/failure";
import { copyValue } from "../json/value";
import { nameOf, writeColumns } from "./columns";
import { ADDITIONAL_FIELDS, hasCopyRoom, memberCount } from "./members";
import { splitNodeName } from "./node-name";
import {
  ENTRY_SIZE,
  Entry,
  MIN_LENGTH,
  PAIRS,
  TEXT,
  close,
  decline,
  find,
  longKey,
  mix,
  open,
  readerOf,
  shortKey,
  vacancy,
} from "./recall";
import { objects, rowMatches, scanObject, valueOffset } from "./scan";
import { SLOTS, getSlot, setBare, slotAddress, spanEnd, spanLength, spanStart } from "./slots";
import { Header, Kind, NAME_SIZE, ROW_SLOTS, RUNS, RUN_COUNT, Row, RunRow, Slot } from "./tables";

// A run is members of the flow that stand one behind the other and that flow after flow repeats together. Its text is kept
// (see recall.ts) from its first value on, with the columns that it makes behind it and its first key in front:
//
//   ┌─────────────────┬──────────────────┬──────────────┐
//   │ columns' length │ which slots' are │ run's length │
//   │ u64             │ u64              │ u64          │
//   └─────────────────┴──────────────────┴──────────────┘
//
// Where it could go on, be it with another digit, eight more bytes belong to the text. The slot of the run then holds all
// of its columns as one span, and theirs are empty.

const COLUMNS: usize = Entry.Made + 8;
const RUN_LENGTH: usize = Entry.Made + 16;
const LOOK_AHEAD: usize = 8;

/** What the slot of a run holds when its columns have slots of their own and it is to be recalled no more. */
const READ: u64 = 1 << 32;

/**
 * Sets the slot of the run whose first member is at `member`, which the row of the run has recognised, where it is or can
 * be kept. Returns the address behind it; what follows has to be looked for behind the run's last row. Returns `member`
 * where its members have to be read.
 */
export function recallRun<Quote>(member: usize, row: usize): usize {
  const run = SLOTS + <usize>load<u16>(row, Row.Slot);
  if (load<u64>(run)) return member;
  const p = member + valueOffset(row);
  const reader = readerOf<Quote>(row);
  const toldBy = <usize>load<u16>(row, RunRow.ToldBy);
  let key: u64;
  if (toldBy) {
    key = shortKey(p, reader);
    const span = load<u64>(SLOTS + toldBy);
    if (span && !isReservedIdentity<Quote>(p)) key = mix(key ^ load<u64>(spanEnd(span) - 8));
  } else key = longKey(p, reader);
  const entry = find(p, reader, key);
  if (!entry) return vacancy ? keepRun<Quote>(member, row, key) : member;
  setColumns(run, entry);
  return p + <usize>load<u32>(entry, RUN_LENGTH);
}

/** Whether `{"identity":` and a single digit come first: one of Cilium's reserved identities, which many addresses have. */
// @ts-ignore: decorator
@inline
function isReservedIdentity<Quote>(p: usize): bool {
  return load<u8>(p, 11 + 2 * sizeof<Quote>()) == Byte.Comma;
}

// @ts-ignore: decorator
@inline
function setColumns(run: usize, entry: usize): void {
  const columns = entry + TEXT + <usize>load<u32>(entry, Entry.Length);
  setBare(run, columns, columns + <usize>load<u32>(entry, Entry.Made));
}

/** Reads a run from a copy of it in the `vacancy`, and keeps it there. Returns as `recallRun` does. */
function keepRun<Quote>(member: usize, row: usize, key: u64): usize {
  const entry = vacancy;
  const end = runEnd<Quote>(member, row);
  const text = member + valueOffset(row);
  const runLength = end - text;
  const length = runLength + (canGoOn ? LOOK_AHEAD : 0);
  if (!end || length < MIN_LENGTH || TEXT + length > ENTRY_SIZE) {
    decline(entry);
    return member;
  }

  close(entry);
  const run = SLOTS + <usize>load<u16>(row, Row.Slot);
  store<u64>(run, READ);
  memory.copy(entry + TEXT - valueOffset(row), member, valueOffset(row) + length);
  store<u64>(entry, runLength, RUN_LENGTH);
  const misfits = memberCount(ADDITIONAL_FIELDS);
  if (!readKept<Quote>(entry, row)) return member;
  if (memberCount(ADDITIONAL_FIELDS) != misfits) return end;

  if (run == slotAddress(Slot.RunTypeToNodeLabels)) {
    // Without a node name of the flow's own, the event's makes its columns.
    const name = getSlot(Slot.PathNodeName);
    if (!name || !splitNodeName(name)) return end;
  }
  const first = run + 8;
  let last = run;
  let size = TEXT + length;
  let columns: u64 = 0;
  for (let slot = first; isColumn(slot); slot += 8) {
    const span = load<u64>(slot);
    if (!span) continue;
    last = slot;
    size += <usize>NAME_SIZE + 2 + spanLength(span);
    columns |= (<u64>1) << ((slot - first) >> 3);
  }
  if (!columns || size > ENTRY_SIZE) return end;
  const out = entry + TEXT + length;
  store<u64>(entry, writeColumns(out, first, last + 8) - out, Entry.Made);
  store<u64>(entry, columns, COLUMNS);
  open(entry, key, readerOf<Quote>(row), length);
  memory.fill(first, 0, last + 8 - first);
  setColumns(run, entry);
  return end;
}

/** Reads the run in an entry into slots of its columns. Returns false (see `fail`) where that fails. */
function readKept<Quote>(entry: usize, row: usize): bool {
  const keyLength = valueOffset(row);
  const length = keyLength + <usize>load<u32>(entry, RUN_LENGTH);
  // Once as it stands, and once more as what is copied of it.
  if (!hasCopyRoom(2 * length + 2)) {
    fail(Failure.OutOfMemory, 0);
    return false;
  }
  const object = top;
  memory.copy(object, entry + TEXT - keyLength, length);
  store<u8>(object, Byte.OpenBrace);
  store<u16>(object + length, Byte.CloseBrace);
  keepUpTo(object + length + 2);
  return scanObject<Quote>(object + 1, objects<Quote>()) != 0;
}

/** Whether the run that `runEnd` met last could have gone on: it has more rows, or ends in a number. */
let canGoOn: bool = false;

/** Returns the address behind the run whose first member is at `p`, or 0 where it cannot be read. */
function runEnd<Quote>(p: usize, row: usize): usize {
  const object = objects<Quote>();
  const last = object + <usize>load<u16>(row, Row.Child);
  const depth = load<u16>(object, Header.Depth);
  const topBefore = top;
  p += valueOffset(row);
  row += Row.size;
  while (true) {
    p = copyValue<Quote>(p, depth);
    keepUpTo(topBefore);
    if (!p) return 0;
    canGoOn = row != last || isDigit(load<u8>(p - 1));
    do {
      row += Row.size;
      if (row > last) return p;
    } while (!rowMatches<Quote>(row, p));
    p += valueOffset(row);
    if (load<u8>(row, Row.Kind) == Kind.Text) p -= sizeof<Quote>();
  }
}

/** Writes the columns of the runs. Returns the address behind them. */
export function writeRuns(out: usize): usize {
  for (let index = RUNS; index < RUNS + RUN_COUNT * 2; index += 2) {
    const run = SLOTS + <usize>load<u16>(index);
    const columns = load<u64>(run);
    if (<u32>columns) {
      const length = <usize>spanLength(columns);
      memory.copy(out, spanStart(columns), length);
      out += length;
    } else out = writeColumns(out, run + 8, SLOTS + <usize>load<u16>(index, 2));
  }
  return out;
}

/**
 * Gives the columns of all runs of this flow slots of their own, and has what follows read: a key has come out of order,
 * whose value may replace another. Returns false (see `fail`) where there is no room.
 */
export function readRuns<Quote>(): bool {
  for (let index = RUNS; index < RUNS + RUN_COUNT * 2; index += 2) {
    const run = SLOTS + <usize>load<u16>(index);
    const columns = load<u64>(run);
    store<u64>(run, READ);
    if (!(<u32>columns)) continue;
    const entry = entryOf(columns);
    if (!readKept<Quote>(entry, load<u32>(entry, Entry.Reader) & ~1)) return false;
  }
  return true;
}

/** Whether the slot of the row belongs to a column, and not to a run. */
function isColumn(slot: usize): bool {
  return slot < SLOTS + ROW_SLOTS * 8 && load<u8>(nameOf(slot), NAME_SIZE - 1) != 0;
}

/** Whether NodeName is among the columns that the slot of its run holds. */
// @ts-ignore: decorator
@inline
export function isNodeNameOfRun(): bool {
  const columns = getSlot(Slot.RunTypeToNodeLabels);
  if (!(<u32>columns)) return false;
  return ((load<u64>(entryOf(columns), COLUMNS) >> (Slot.NodeName - Slot.RunTypeToNodeLabels - 1)) & 1) != 0;
}

/** Whether a column is among those that the slot of its run holds. */
export function isColumnOfRun(column: usize): bool {
  let run = column;
  while (isColumn(run)) {
    if (run == SLOTS) return false;
    run -= 8;
  }
  const columns = load<u64>(run);
  return <u32>columns != 0 && ((load<u64>(entryOf(columns), COLUMNS) >> ((column - run - 8) >> 3)) & 1) != 0;
}

/** The entry in which the columns of a run lie. */
function entryOf(columns: u64): usize {
  return PAIRS + ((spanStart(columns) - PAIRS) & ~(ENTRY_SIZE - 1));
}
