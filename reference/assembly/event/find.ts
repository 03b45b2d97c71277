import { JSON } from "json-as";
import { Field, Fields } from "../json/fields";
import { readString } from "../json/strings";
import { JsonError, Strictness, validateJson } from "../json/validate";
import { isObject, isString } from "../json/values";
import { eventStart, startsLikeFlow } from "./text";

/** The keys that may hold an event as text, in the order in which they are searched. */
const TEXT_KEYS = ["log", "message", "LogMessage", "MESSAGE", "msg"];

/** The keys of export events that are not flows. */
const OTHER_EVENTS = ["lost_events", "agent_event", "debug_event", "node_status"];

/** An export event that was found in a record. */
export class FoundEvent {
  constructor(
    /** The key that says which event it is: `flow`, `lost_events`, … */
    readonly kind: string,
    /** The object that holds this key; the record itself where the event is merged at its top level. */
    readonly event: Fields,
  ) {}
}

/** Text that starts like a flow but cannot be read. */
export class UnreadableFlow {
  constructor(
    readonly field: Field,
    readonly error: JsonError,
  ) {}
}

/** Looks for a flow at the record's top level, one level down, and in text. Marks what held it as used. */
export function findFlow(record: Fields): FoundEvent | null {
  return find(record, (event: Fields) => (isObjectUnder(event, "flow") ? "flow" : null));
}

/** Looks in the same places for an export event that is not a flow: the first of their keys that holds an object. */
export function findOtherEvent(record: Fields): FoundEvent | null {
  return find(record, (event: Fields) => {
    for (let i = 0; i < event.list.length; i++) {
      const field = event.list[i];
      if (isObject(field.value) && OTHER_EVENTS.includes(field.name)) return field.name;
    }
    return null;
  });
}

/** Looks for text that starts like a flow and is not valid JSON. */
export function findUnreadableFlow(record: Fields): UnreadableFlow | null {
  for (let i = 0; i < TEXT_KEYS.length; i++) {
    const field = textField(record, TEXT_KEYS[i]);
    if (field == null) continue;
    const text = readString(field.value);
    if (!startsLikeFlow(text)) continue;
    const error = validateJson(text, eventStart(text), Strictness.Strict);
    if (error != null) return new UnreadableFlow(field, error);
  }
  return null;
}

function find(record: Fields, kindOf: (event: Fields) => string | null): FoundEvent | null {
  const kind = kindOf(record);
  if (kind != null) {
    useCopies(record);
    return found(kind, record);
  }
  const nested = findNested(record, kindOf);
  return nested != null ? nested : findInText(record, kindOf);
}

function findNested(record: Fields, kindOf: (event: Fields) => string | null): FoundEvent | null {
  for (let i = 0; i < record.list.length; i++) {
    const field = record.list[i];
    if (!isObject(field.value)) continue;
    const event = JSON.parse<Fields>(field.value);
    const kind = kindOf(event);
    if (kind == null) continue;
    field.used = true;
    useCopies(record);
    useCopies(event);
    return found(kind, event);
  }
  return null;
}

function findInText(record: Fields, kindOf: (event: Fields) => string | null): FoundEvent | null {
  for (let i = 0; i < TEXT_KEYS.length; i++) {
    const field = textField(record, TEXT_KEYS[i]);
    if (field == null) continue;
    const text = readString(field.value);
    const start = eventStart(text);
    if (start < 0 || validateJson(text, start, Strictness.Strict) != null) continue;
    const event = JSON.parse<Fields>(text.substring(start));
    const kind = kindOf(event);
    if (kind == null) continue;
    record.use(TEXT_KEYS[i]);
    return found(kind, event);
  }
  return null;
}

function found(kind: string, event: Fields): FoundEvent {
  event.last(kind, isObject);
  return new FoundEvent(kind, event);
}

function isObjectUnder(event: Fields, name: string): bool {
  for (let i = 0; i < event.list.length; i++) {
    if (event.list[i].name == name && isObject(event.list[i].value)) return true;
  }
  return false;
}

/** The last field under `name` that holds a string. */
function textField(record: Fields, name: string): Field | null {
  for (let i = record.list.length - 1; i >= 0; i--) {
    if (record.list[i].name == name && isString(record.list[i].value)) return record.list[i];
  }
  return null;
}

/** Marks the log lines from which a merged event was read, and which were kept beside it, as used. */
function useCopies(fields: Fields): void {
  for (let i = 0; i < TEXT_KEYS.length; i++) {
    fields.last(TEXT_KEYS[i], (value: string) => isString(value) && startsLikeFlow(readString(value)));
  }
}
