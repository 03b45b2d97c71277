import { keepUpTo, top } from "../arena";
import { Byte, isDigit } from "../json/byte";
import { Failure, fail } from "../json/failure";
import { copyValue } from "../json/value";
import { nameOf, writeColumns } from "./columns";
import { Entry, decline, entryOf, find, isKeepable, open, readerOf, reserve, vacancy } from "./entries";
import { mix, mix32 } from "./hash";
import { hasCopyRoom } from "./members";
import { splitNodeName } from "./node-name";
import { childOf, depthOf, kindOf, objects, rowMatches, slotOf, valueOffset } from "./objects";
import { SLOTS, getSlot, setBare, slotAddress, spanEnd, spanLength, spanStart } from "./slots";
import { Kind, NAME_SIZE, ROW_SLOTS, RUNS, RUN_COUNT, Row, RunRow, Slot } from "./tables";

// A run is members of the flow that stand one behind the other and that flow after flow repeats together. Its text is kept
// (see entries.ts) from its first value on, with the columns that it makes behind it and its first key in front:
//
//   ┌─────────────────┬──────────────────┬──────────────┐
//   │ columns' length │ which slots' are │ run's length │
//   │ u64             │ u64              │ u64          │
//   └─────────────────┴──────────────────┴──────────────┘
//
// Where it could go on, be it with another digit, eight more bytes belong to the text. The slot of the run then holds all
// of its columns as one span, and theirs are empty.
//
// To be kept, a run is copied into an entry, read from there by the scanner, and its columns written behind it:
// `beginRun`, `objectOfRun`, `finishRun`.

const COLUMNS: usize = Entry.Made + 8;
const RUN_LENGTH: usize = Entry.Made + 16;
const LOOK_AHEAD: usize = 8;

/** What the slot of a run holds when its columns have slots of their own and it is to be recalled no more. */
const READ: u64 = 1 << 32;

/** The key of the run that `recallRun` has found a vacancy for. */
let vacancyKey: u64 = 0;

/**
 * Sets the slot of the run whose first member is at `member`, which the row of the run has recognised, where it is kept.
 * Returns the address behind it; what follows has to be looked for behind the run's last row. Returns `member` where its
 * members have to be read, 0 where there is a `vacancy` to keep it in.
 */
// @ts-ignore: decorator
@inline
export function recallRun<Quote>(member: usize, row: usize): usize {
  const run = slotOf(row);
  if (load<u64>(run)) return member;
  const p = member + valueOffset(row);
  const reader = readerOf<Quote>(row);
  const toldBy = <usize>load<u16>(row, RunRow.ToldBy);
  let key = mix32(reader, p);
  if (toldBy) {
    const span = load<u64>(SLOTS + toldBy);
    if (span && !isReservedIdentity<Quote>(p)) key = mix(key ^ load<u64>(spanEnd(span) - 8));
  } else key = mix32(key, p + 32);
  const entry = find(p, reader, key);
  if (!entry) {
    vacancyKey = key;
    return vacancy ? 0 : member;
  }
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
  const columns = entry + Entry.Text + <usize>load<u32>(entry, Entry.Length);
  setBare(run, columns, columns + <usize>load<u32>(entry, Entry.Made));
}

/**
 * Copies the run whose first member is at `member` into the entry that `recallRun` has just found vacant. Returns the
 * address behind the run, or 0 where it cannot be kept.
 */
export function beginRun<Quote>(entry: usize, member: usize, row: usize): usize {
  const end = runEnd<Quote>(member, row);
  const keyLength = valueOffset(row);
  const runLength = end - member - keyLength;
  const length = runLength + (canGoOn ? LOOK_AHEAD : 0);
  if (!end || !isKeepable(length, 0)) {
    decline(entry);
    return 0;
  }
  reserve(entry, vacancyKey, length);
  store<u64>(slotOf(row), READ);
  memory.copy(entry + Entry.Text - keyLength, member, keyLength + length);
  store<u64>(entry, runLength, RUN_LENGTH);
  return end;
}

/** Writes the run in an entry as an object into the arena. Returns the address of its first key, or 0 (see `fail`). */
export function objectOfRun(entry: usize, row: usize): usize {
  const keyLength = valueOffset(row);
  const length = keyLength + <usize>load<u32>(entry, RUN_LENGTH);
  // Once as it stands, and once more as what is copied of it.
  if (!hasCopyRoom(2 * length + 2)) return fail(Failure.OutOfMemory, 0);
  const object = top;
  memory.copy(object, entry + Entry.Text - keyLength, length);
  store<u8>(object, Byte.OpenBrace);
  store<u16>(object + length, Byte.CloseBrace);
  keepUpTo(object + length + 2);
  return object + 1;
}

/** Moves the columns of the run in an entry, which have been read into their slots, behind its text, where they fit. */
export function finishRun<Quote>(entry: usize, row: usize): void {
  const run = slotOf(row);
  if (run == slotAddress(Slot.RunTypeToNodeLabels)) {
    // Without a node name of the flow's own, the event's makes its columns.
    const name = getSlot(Slot.PathNodeName);
    if (!name || !splitNodeName(name)) return;
  }
  const length = <usize>load<u32>(entry, Entry.Length);
  const first = run + 8;
  let last = run;
  let size: usize = 0;
  let columns: u64 = 0;
  for (let slot = first; isColumn(slot); slot += 8) {
    const span = load<u64>(slot);
    if (!span) continue;
    last = slot;
    size += <usize>NAME_SIZE + 2 + spanLength(span);
    columns |= (<u64>1) << ((slot - first) >> 3);
  }
  if (!columns || !isKeepable(length, size)) return;
  const out = entry + Entry.Text + length;
  store<u64>(entry, writeColumns(out, first, last + 8) - out, Entry.Made);
  store<u64>(entry, columns, COLUMNS);
  open(entry, readerOf<Quote>(row));
  memory.fill(first, 0, last + 8 - first);
  setColumns(run, entry);
}

/** Whether the run that `runEnd` met last could have gone on: it has more rows, or ends in a number. */
let canGoOn: bool = false;

/** Returns the address behind the run whose first member is at `p`, or 0 where it cannot be read. */
function runEnd<Quote>(p: usize, row: usize): usize {
  const object = objects<Quote>();
  const last = object + childOf(row);
  const depth = depthOf(object);
  const topBefore = top;
  p += valueOffset(row);
  row += Row.size;
  while (true) {
    p = copyValue<Quote>(p, depth);
    keepUpTo(topBefore);
    if (!p) return 0;
    canGoOn = row != last || isDigit(load<u8>(p - 1));
    if (load<u8>(p) != Byte.Comma) return p;
    do {
      row += Row.size;
      if (row > last) return p;
    } while (!rowMatches<Quote>(row, p));
    p += valueOffset(row);
    if (kindOf(row) == Kind.Text) p -= sizeof<Quote>();
  }
}

/** Writes the columns of the runs. Returns the address behind them. */
// @ts-ignore: decorator
@inline
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
 * Takes back what the `index`th run has set: its columns are to have slots of their own. Returns the entry that its members
 * have to be read from, or 0 where there is none.
 */
export function releaseRun(index: usize): usize {
  const run = SLOTS + <usize>load<u16>(RUNS + index * 2);
  const columns = load<u64>(run);
  store<u64>(run, READ);
  return <u32>columns ? entryOf(spanStart(columns)) : 0;
}

/** The row of the run that is kept in an entry. */
export function rowOfRun(entry: usize): usize {
  return load<u32>(entry, Entry.Reader) & ~1;
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
  return ((load<u64>(entryOf(spanStart(columns)), COLUMNS) >> (Slot.NodeName - Slot.RunTypeToNodeLabels - 1)) & 1) != 0;
}

/** Whether a column is among those that the slot of its run holds. */
export function isColumnOfRun(column: usize): bool {
  let run = column;
  while (isColumn(run)) {
    if (run == SLOTS) return false;
    run -= 8;
  }
  const columns = load<u64>(run);
  return <u32>columns != 0 && ((load<u64>(entryOf(spanStart(columns)), COLUMNS) >> ((column - run - 8) >> 3)) & 1) != 0;
}
