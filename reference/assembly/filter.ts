import { JSON } from "json-as";
import { findFlow, findOtherEvent, findUnreadableFlow, FoundEvent, UnreadableFlow } from "./event/find";
import { flattenFlow, flattenOtherEvent } from "./flow/flatten";
import { Row } from "./flow/row";
import { Fields } from "./json/fields";
import { withoutLoneSurrogates } from "./json/surrogates";
import { readString, stringValue } from "./json/strings";
import { isObject } from "./json/values";
import { Strictness, validateJson } from "./json/validate";

/** What becomes of records that hold no flow. */
export enum Others {
  /** They are dropped. */
  Drop,
  /** They are returned as they came. */
  Keep,
  /** Export events become rows; all else is dropped. */
  Events,
}

/**
 * Turns a record into a row.
 *
 * @param record the record's JSON object
 * @param recordTime the record's timestamp as TimeGenerated writes it
 * @returns the row, the record itself, or "" where the record is dropped
 */
export function filterRecord(record: string, recordTime: string, others: Others): string {
  if (!isObject(record.trimStart()) || validateJson(record, 0, Strictness.Lenient) != null) return "";

  const fields = JSON.parse<Fields>(record);
  const flow = findFlow(fields);
  if (flow != null) return rowOf(flow, fields, recordTime);
  const broken = findUnreadableFlow(fields);
  if (broken != null) return rowOfUnreadable(broken, fields, recordTime);
  if (others == Others.Keep) return withoutLoneSurrogates(record);
  const event = others == Others.Events ? findOtherEvent(fields) : null;
  return event != null ? rowOf(event, fields, recordTime) : "";
}

/** The row where the host had no memory to pass a record. */
export function missingRecord(recordTime: string): string {
  return JSON.stringify(unreadable("no memory for the record", null, recordTime));
}

function rowOf(found: FoundEvent, record: Fields, recordTime: string): string {
  const event = found.event;
  const row =
    found.kind == "flow"
      ? flattenFlow(event.object("flow"), event, recordTime)
      : flattenOtherEvent(found.kind, event, recordTime);
  return withPassedThrough(row, record, event);
}

function rowOfUnreadable(broken: UnreadableFlow, record: Fields, recordTime: string): string {
  const text = readString(broken.field.value);
  const offset = String.UTF8.byteLength(text.substring(0, broken.error.offset));
  record.use(broken.field.name);
  const row = unreadable(`${broken.error.reason} at byte ${offset}`, broken.field.value, recordTime);
  return withPassedThrough(row, record, new Fields());
}

function unreadable(reason: string, text: string | null, recordTime: string): Row {
  const row = new Row();
  row.TimeGenerated = stringValue(recordTime);
  row.ParseError = stringValue(reason);
  if (text != null) row.RawMessage = new JSON.Raw(text);
  return row;
}

/** Writes the row and after its columns the keys that pass through: the record's own, then those beside the event. */
function withPassedThrough(row: Row, record: Fields, event: Fields): string {
  const columns = JSON.parse<Map<string, JSON.Raw>>(JSON.stringify(row));
  const passed = new Map<string, JSON.Raw>();
  addUnused(event, columns, passed);
  addUnused(record, columns, passed);
  const names = passed.keys();
  for (let i = 0; i < names.length; i++) columns.set(names[i], passed.get(names[i]));
  return withoutLoneSurrogates(JSON.stringify(columns));
}

/** Adds the values that nothing has used, null too, except under the names of columns that the row has. */
function addUnused(fields: Fields, columns: Map<string, JSON.Raw>, passed: Map<string, JSON.Raw>): void {
  for (let i = 0; i < fields.list.length; i++) {
    const field = fields.list[i];
    if (!field.used && !columns.has(field.name)) passed.set(field.name, new JSON.Raw(field.value));
  }
}
