import { expandPath, loadSchema, type AdxType } from "../../tools/schema.js";
import { knownFields, type KnownFields } from "./arbitraries/flow.js";
import { JsonNumber, JsonObject, type Json } from "./json.js";

/**
 * The fields of a flow by dotted path, each with the value that it must have in the row. Fields that are known to hold
 * other fields are entered, except the second and further keys of `l4`.
 */
export type FlowFields = Map<string, Json>;

const typeOfPath = new Map<string, AdxType>();
const columnOfPath = new Map<string, string>();
for (const { name, path, type, rule } of loadSchema().columns) {
  if (path === undefined || rule !== undefined || path.includes("[0]")) continue;
  for (const expanded of expandPath(path)) {
    columnOfPath.set(expanded, name);
    typeOfPath.set(expanded, type);
  }
}

/**
 * What a row must say of a flow: all of its fields, apart from null ones, empty objects, flags that are false, digits of
 * the time past the seventh, and `reply` where `is_reply` says the same. Integers in quotes lose them.
 * @returns null for a flow of which two fields have the same dotted path.
 */
export function fieldsOfFlow(flow: JsonObject): FlowFields | null {
  const fields: FlowFields = new Map();
  let clash = false;
  const set = (path: string, value: Json): void => {
    clash ||= fields.has(path);
    fields.set(path, value);
  };
  const enter = (object: JsonObject, known: KnownFields, path: string): void => {
    for (const [name, value] of object.members) {
      if (value === null) continue;
      const at = path + name;
      const field = Object.hasOwn(known, name) ? known[name] : undefined;
      if (at === "l4" && value instanceof JsonObject) enterLayer4(value);
      else if (at === "l4.TCP.flags" && value instanceof JsonObject) enterFlags(value);
      else if (field === undefined || typeof field === "string" || !(value instanceof JsonObject)) set(at, value);
      else enter(value, field, `${at}.`);
    }
  };
  const enterLayer4 = (layer4: JsonObject): void => {
    const [first, ...others] = layer4.members.filter(([, value]) => value !== null);
    if (first === undefined) return;
    set("the key of l4", first[0]);
    const known = knownFields["l4"] as KnownFields;
    enter(new JsonObject([first]), Object.hasOwn(known, first[0]) ? known : {}, "l4.");
    for (const [name, value] of others) set(`l4.${name}`, value);
  };
  const enterFlags = (flags: JsonObject): void => {
    const names = flags.members.filter(([, value]) => value === true).map(([name]) => name);
    if (names.length > 0) set("the flags that are true", names.join(","));
    for (const [name, value] of flags.members) {
      if (value !== null && typeof value !== "boolean") set(`l4.TCP.flags.${name}`, value);
    }
  };
  enter(flow, knownFields, "");
  if (clash) return null;

  if (typeof fields.get("is_reply") === "boolean" && fields.get("reply") === fields.get("is_reply")) {
    fields.delete("reply");
  } else if (typeof fields.get("is_reply") !== "boolean" && typeof fields.get("reply") === "boolean") {
    set("is_reply", fields.get("reply")!);
    fields.delete("reply");
  }
  for (const [path, value] of fields) {
    if (isNumberPath(path) && isIntegerText(value)) fields.set(path, new JsonNumber(value));
  }
  const time = fields.get("time");
  if (isTime(time)) fields.set("time", cutFraction(time));
  return clash ? null : fields;
}

/**
 * Rebuilds the fields of a flow from its row: each column is put back to the path that it is from, and AdditionalFields
 * beside them. What a row may have from elsewhere is left out where the flow does not have it: the time and the node
 * name of the event or the record, the counts of `extensions`.
 */
export function fieldsOfRow(row: JsonObject, flow: JsonObject): FlowFields {
  const fields: FlowFields = new Map();
  const column = (name: string): Json | undefined => row.get(name);
  const protocol = column("L4Protocol");
  for (const [path, name] of columnOfPath) {
    const value = column(name);
    if (value === undefined || (path.startsWith("l4.") && path.split(".")[1] !== protocol)) continue;
    if (path.startsWith("aggregate.") && !fits(objectUnder(flow, "aggregate")?.get(path.slice(10)))) continue;
    fields.set(path, value);
  }
  if (protocol !== undefined) fields.set("the key of l4", protocol);
  const flags = column("TCPFlags");
  if (flags !== undefined) fields.set("the flags that are true", flags);
  if (isTime(flow.get("time"))) fields.set("time", column("TimeGenerated")!);
  const nodeName = flow.get("node_name");
  if (isScalar(nodeName)) fields.set("node_name", joinNodeName(column("ClusterName"), column("NodeName")));

  const additional = column("AdditionalFields");
  if (!(additional instanceof JsonObject)) return fields;
  for (const [path, value] of additional.members) {
    const isEventsOwn = (path === "time" || path === "node_name") && (flow.get(path) ?? null) === null;
    if (!isEventsOwn) fields.set(path, value);
  }
  return fields;
}

function joinNodeName(cluster: Json | undefined, node: Json | undefined): Json {
  if (node === undefined) return "no NodeName";
  return typeof cluster === "string" && typeof node === "string" ? `${cluster}/${node}` : node;
}

function objectUnder(object: JsonObject, name: string): JsonObject | undefined {
  const value = object.get(name);
  return value instanceof JsonObject ? value : undefined;
}

function isNumberPath(path: string): boolean {
  const type = typeOfPath.get(path);
  return type === "int" || type === "long";
}

function fits(value: Json | undefined): boolean {
  return value instanceof JsonNumber || isIntegerText(value);
}

function isIntegerText(value: Json | undefined): value is string {
  return typeof value === "string" && /^-?(0|[1-9][0-9]{0,17})$/.test(value) && !value.endsWith("\n");
}

function isScalar(value: Json | undefined): boolean {
  return typeof value === "string" || typeof value === "boolean" || value instanceof JsonNumber;
}

function isTime(value: Json | undefined): value is string {
  if (typeof value !== "string") return false;
  const match = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](\d\d):(\d\d))$/.exec(value);
  if (!match || value.endsWith("\n")) return false;
  const [year, month, day, hour, minute, second, offsetHour, offsetMinute] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const daysOfMonth = new Date(Date.UTC(year! < 100 ? year! + 400 : year!, month, 0)).getUTCDate();
  return (
    month! >= 1 &&
    month! <= 12 &&
    day! >= 1 &&
    day! <= daysOfMonth &&
    hour! <= 23 &&
    minute! <= 59 &&
    second! <= 60 &&
    offsetHour! <= 23 &&
    offsetMinute! <= 59
  );
}

function cutFraction(time: string): string {
  return time.replace(/(\.\d{7})\d+/, "$1");
}
