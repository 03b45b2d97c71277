import fc from "fast-check";
import { loadSchema } from "../../../tools/schema.js";
import { JsonObject, type Json } from "../json.js";
import { Choices, printJson } from "../print.js";
import { flow, reorder } from "./flow.js";
import { choices, json, nearlyTime, objectOf, scalar, text, time } from "./values.js";

/** A record with a flow, as the filter gets it. */
export interface FlowRecord {
  /** The record's JSON text. */
  record: string;
  flow: JsonObject;
  /** Whether another key has the name of a column, so that the row does not say whether the flow had that field. */
  hidesColumns: boolean;
}

type Members = [name: string, value: Json][];

const textKey = fc.constantFrom("log", "message", "LogMessage", "MESSAGE", "msg");

const logLine = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    'level=info msg="Initializing daemon" subsys=daemon',
    'time=2025-11-01T11:24:13.076Z level=warn msg="CIDR in use" cidr=10.10.0.0/24',
    '{"time":"2025-11-01T11:24:13.076Z","level":"info","msg":"flow exporter started"}',
    "goroutine 1 [running]:",
    "\tmain.main()",
    "I0704 14:59:51.959400       1 request.go:655] Throttling request",
    "[2025-01-02 03:04:05.123][7][info][upstream] cds: add 1 cluster(s)",
    "2025-01-02T03:04:05.123456789Z stdout F ",
    '"flow"',
    '{"flows":{}}',
    '{ "flow" : [ {} ] }',
    '[{"flow":{}}]',
    "{}",
    "null",
    "5",
  ),
  text,
);

const otherEvents = ["lost_events", "agent_event", "debug_event", "node_status"];

const otherEvent: fc.Arbitrary<Members> = fc
  .tuple(
    fc.constantFrom(...otherEvents),
    objectOf(fc.constantFrom("source", "num_events_lost", "cpu", "type", "endpoint_update", "message", 'a"b'), json, 4),
  )
  .map((one) => [one]);

const columnNames = loadSchema().columns.map((column) => column.name);

/** Keys that a record, or an export event beside its flow, can have: none holds an event. */
const otherMembers: fc.Arbitrary<Members> = fc
  .oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    {
      weight: 3,
      arbitrary: fc.array(
        fc.oneof(
          fc.tuple(
            fc.constantFrom("stream", "logtag", "Cluster", "Region", "time", "node_name"),
            fc.oneof(text, scalar),
          ),
          fc.tuple(fc.constant("kubernetes"), objectOf(fc.constantFrom("pod_name", "labels", "host"), json, 3)),
          fc.tuple(fc.constantFrom(...columnNames), json),
          fc.tuple(textKey, fc.oneof(logLine, json)),
          fc.tuple(fc.constant("flow"), scalar),
          fc.tuple(fc.constantFrom(...otherEvents), scalar),
          fc.tuple(text, json),
        ),
        { maxLength: 6 },
      ),
    },
  )
  .map((members) => members.filter(([, value]) => !holdsEvent(value)));

const ownTime = fc.oneof(
  { weight: 6, arbitrary: time },
  { weight: 1, arbitrary: nearlyTime },
  { weight: 1, arbitrary: json },
);
const ownNodeName = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(text, text).map(([cluster, node]) => `${cluster}/${node}`) },
  { weight: 1, arbitrary: json },
);

/** The members of an export event around the given one. */
function exportEvent(event: fc.Arbitrary<Members>): fc.Arbitrary<Members> {
  return fc
    .tuple(
      event,
      fc.option(ownNodeName, { nil: undefined }),
      fc.option(ownTime, { nil: undefined }),
      fc.oneof({ weight: 3, arbitrary: fc.constant<Members>([]) }, { weight: 1, arbitrary: otherMembers }),
      sortKeys,
    )
    .map(([members, nodeName, ownTimeValue, others, keys]) => {
      const own: Members = [...members];
      if (nodeName !== undefined) own.push(["node_name", nodeName]);
      if (ownTimeValue !== undefined) own.push(["time", ownTimeValue]);
      return reorder(unique([...own, ...others]), keys);
    });
}

const sortKeys = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(fc.nat(9), { maxLength: 9 }) },
);

const criPrefix = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  { weight: 1, arbitrary: fc.constantFrom(" ", "\t\r\n ") },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom("", " "),
        time,
        fc.constantFrom("stdout", "stderr"),
        fc.constantFrom("F", "P"),
        fc.constantFrom("", "", "  \t"),
      )
      .map(([before, seen, stream, tag, after]) => `${before}${seen} ${stream} ${tag} ${after}`),
  },
);

const lineEnd = fc.constantFrom("", "", "\n", " \r\n");

/** What stands in a log line around an event's JSON, and how that is written. */
const lineOf = fc.tuple(criPrefix, choices, lineEnd).map(([prefix, style, end]) => {
  return (event: Members) => prefix + printJson(new JsonObject(event), style) + end;
});

interface PlacedEvent {
  record: string;
  event: Members;
  /** Of all keys of the record and of the event. */
  names: string[];
}

/**
 * Puts an event into a record: as text under any of the text keys, merged at the top, or one level down; the latter two
 * with or without the text that it was merged from. Other keys stand around it in any order.
 */
function recordOf(event: fc.Arbitrary<Members>): fc.Arbitrary<PlacedEvent> {
  const asText = fc
    .tuple(event, textKey, lineOf)
    .map(([members, key, line]) => ({ event: members, held: [[key, line(members)]] as Members }));
  const copy = fc.option(fc.tuple(textKey, lineOf, fc.nat()), { nil: undefined });
  const merged = fc
    .tuple(event, copy)
    .map(([members, kept]) => ({ event: members, held: withCopy(members, members, kept) }));
  const nested = fc
    .tuple(
      event,
      fc.oneof(fc.constantFrom("log_processed", "hubble", "log", "time", "node_name", "Verdict"), text),
      copy,
    )
    .map(([members, key, kept]) => ({
      event: members,
      held: withCopy([[key, new JsonObject(members)]], members, kept),
    }));
  return fc
    .tuple(fc.oneof({ weight: 3, arbitrary: asText }, merged, nested), otherMembers, sortKeys, choices)
    .map(([{ event: members, held }, others, keys, style]) => ({
      record: printRecord(reorder(unique([...held, ...others]), keys), style),
      event: members,
      names: [...held, ...others, ...members].map(([name]) => name),
    }));
}

function withCopy(members: Members, event: Members, kept?: [string, (event: Members) => string, number]): Members {
  if (!kept) return members;
  const [key, line, cut] = kept;
  const whole = line(event);
  // Of a text that is cut nobody can tell that what stands under `flow` is no object: that is `damagedRecord`'s.
  const isNoFlow = event.some(([name, value]) => name === "flow" && !(value instanceof JsonObject));
  return [...members, [key, cut % 4 === 0 && !isNoFlow ? cutText(whole, cut) : whole]];
}

/** Records with a flow in every place where it is looked for. */
export const flowRecord: fc.Arbitrary<FlowRecord> = recordOf(
  exportEvent(flow.map((value): Members => [["flow", value]])),
).map(({ record, event, names }) => ({
  record,
  flow: event.find(([name]) => name === "flow")![1] as JsonObject,
  hidesColumns: names.some((name) => columnNames.includes(name)),
}));

/** Records with an export event that is not a flow. */
export const otherEventRecord: fc.Arbitrary<string> = recordOf(exportEvent(otherEvent)).map(({ record }) => record);

/** Records without any event: log lines, JSON of other kinds, empty ones. */
export const eventlessRecord: fc.Arbitrary<string> = fc
  .tuple(otherMembers, fc.option(fc.tuple(textKey, logLine), { nil: undefined }), sortKeys, choices)
  .map(([others, line, keys, style]) => printRecord(reorder(unique(line ? [line, ...others] : others), keys), style));

/** Records whose text starts like an event, but was cut or changed somewhere. */
export const damagedRecord: fc.Arbitrary<string> = fc
  .tuple(
    exportEvent(
      fc.oneof(
        flow.map((value): Members => [["flow", value]]),
        otherEvent,
      ),
    ),
    textKey,
    lineOf,
    fc.nat(),
    fc.constantFrom(
      "",
      "",
      '"',
      "\\",
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      "0",
      "-",
      "e",
      "e308",
      "0E+307",
      " ",
      "\u0000",
      "\n",
      "\\ud800",
      "\\udc00",
      "\\u12",
      "é",
    ),
    fc.boolean(),
    otherMembers,
    choices,
  )
  .map(([event, key, line, position, change, cutOff, others, style]) => {
    const whole = line(event);
    const kept = cutText(whole, position);
    const rest = cutOff ? "" : [...whole.slice(kept.length)].slice(1).join("");
    return printRecord(unique([[key, kept + change + rest], ...others]), style);
  });

/** Any bytes: random ones, pieces of JSON in any order, and records of every kind with bytes changed. */
export const anyBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
  {
    weight: 3,
    arbitrary: fc
      .array(
        fc.constantFrom(
          ...[
            '{"flow":',
            '"flow":{',
            '{"log":"',
            '\\"flow\\":',
            '{\\"',
            '\\"',
            "\\\\",
            '"',
            ":",
            ",",
            "{",
            "}",
            "[",
            "]",
            "\\u",
            "d800",
            "\\udc00",
          ],
          ...[
            "true",
            "null",
            "1e5",
            "-",
            "0",
            " ",
            "\n",
            "\t",
            '"l4":{"TCP":{',
            '"time":"2025-01-01T00:00:00Z"',
            '"a":1',
            "\u0000",
            "ä",
            "😀",
          ],
          ...[
            '{"message":"{\\"flow\\":{',
            '}}"}',
            '"}',
            '"workloads":[{',
            '"node_name":"a/b"',
            '"log"',
            '"lost_events":{',
          ],
        ),
        { maxLength: 20 },
      )
      .map((pieces) => Buffer.from(pieces.join(""))),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.oneof(
          flowRecord.map(({ record }) => record),
          otherEventRecord,
          damagedRecord,
        ),
        fc.array(
          fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('"\\{}[],:u0 '))), fc.nat(2)),
          {
            minLength: 1,
            maxLength: 3,
          },
        ),
      )
      .map(([record, changes]) => changes.reduce(changeByte, Buffer.from(record))),
  },
);

function changeByte(bytes: Buffer, [position, byte, kind]: [number, number, number]): Buffer {
  const at = bytes.length === 0 ? 0 : position % bytes.length;
  const removed = kind === 0 ? bytes.length - at : kind === 1 ? 1 : 0;
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(kind === 0 ? [] : [byte]), bytes.subarray(at + removed)]);
}

/** The start of a text, cut between two characters. */
function cutText(whole: string, position: number): string {
  const characters = [...whole];
  return characters.slice(0, characters.length === 0 ? 0 : position % characters.length).join("");
}

function printRecord(members: Members, style: Choices): string {
  return printJson(new JsonObject(members), style);
}

/** Leaves only the first of the members with the same name. */
function unique(members: Members): Members {
  return members.filter(([name], index) => members.findIndex(([other]) => other === name) === index);
}

function holdsEvent(value: Json): boolean {
  if (!(value instanceof JsonObject)) return false;
  return value.members.some(([name, inner]) => ["flow", ...otherEvents].includes(name) && inner instanceof JsonObject);
}
