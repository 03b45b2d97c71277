import fc from "fast-check";
import { expandPath, loadSchema, type AdxType } from "../../../tools/schema.js";
import { JsonObject, type Json } from "../json.js";
import { json, nearlyTime, number, objectOf, scalar, text, time } from "./values.js";

/** The fields that have a column, as they nest in the flow: the ADX type of a value, or the fields of an object. */
export interface KnownFields {
  [name: string]: AdxType | KnownFields;
}

type Members = [name: string, value: Json][];

const schema = loadSchema();

/** Of the flow, from the columns' paths, in the order in which Cilium writes them. */
export const knownFields: KnownFields = readKnownFields();

/** A field whose value is missing, of the wrong type, or of a kind that Cilium would not write. */
const oddValue: fc.Arbitrary<Json> = fc.oneof(
  fc.constant(null),
  json,
  scalar,
  objectOf(text, json, 2),
  fc.constant(new JsonObject()),
);

const integerText = fc.oneof(
  fc.nat().map(String),
  fc.constantFrom(
    "0",
    "-0",
    "-5",
    "123456789012345678",
    "-123456789012345678",
    "1234567890123456789",
    "01",
    "",
    "-",
    "+1",
    "1.0",
    " 1",
    "1e3",
  ),
);

const named: fc.Arbitrary<Json> = fc
  .record(
    { name: text, namespace: text, labels: fc.array(text, { maxLength: 2 }), revision: text, kind: text, key: text },
    { requiredKeys: [] },
  )
  .map((members) => new JsonObject(Object.entries(members)));

const valueOfType: Record<AdxType, fc.Arbitrary<Json>> = {
  string: mostly(text, scalar),
  bool: fc.boolean(),
  int: mostly(number, integerText),
  long: mostly(number, integerText),
  datetime: mostly(time, nearlyTime),
  dynamic: fc.oneof(
    { weight: 3, arbitrary: fc.array(text, { maxLength: 4 }) },
    { weight: 3, arbitrary: fc.array(mostly(named, json), { maxLength: 3 }) },
    { weight: 1, arbitrary: json },
  ),
};

/** Values of fields whose column depends on more than their type. */
const valueAtPath: Record<string, fc.Arbitrary<Json>> = {
  node_name: fc.oneof(
    fc.tuple(text, text).map(([cluster, node]) => `${cluster}/${node}`),
    scalar,
  ),
  reply: fc.boolean(),
  extensions: objectOf(
    fc.constantFrom("@type", "ingress_flow_count", "egress_flow_count", "unknown_direction_flow_count"),
    fc.oneof(number, integerText, json),
    4,
  ),
  "l4.TCP.flags": objectOf(
    fc.constantFrom("FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "NS", 'n"w'),
    mostly(fc.boolean(), json),
    6,
  ),
};

const unknownName = fc.oneof(
  fc.constantFrom(
    "is_l7_lb",
    "vm_name",
    "tracestate",
    "name",
    "Verdict",
    "verdicts",
    "verdic",
    "a.b",
    "l4.VRRP",
    "source.vm_name",
    "",
    "flow",
  ),
  text,
);

const protocol: fc.Arbitrary<[string, Json]> = fc.oneof(
  ...Object.entries(knownFields["l4"] as KnownFields).map(([name, known]) => {
    return member(name, fields(known as KnownFields, `l4.${name}`));
  }),
  member("VRRP", objectOf(fc.constantFrom("type", "vrid", "priority"), number, 3)),
  member("IGMP", objectOf(fc.constantFrom("type", "group_address"), scalar, 2)),
  fc.tuple(text, json),
);

/** A flow from the protocol's fields, each of them or none there, odd and unknown ones among them, in any order. */
export const flow: fc.Arbitrary<JsonObject> = fields(knownFields, "");

function fields(known: KnownFields, path: string): fc.Arbitrary<JsonObject> {
  const members = fc.record(
    Object.fromEntries(
      Object.entries(known).map(([name, field]) => [name, mostly(value(field, join(path, name)), oddValue)]),
    ),
    { requiredKeys: [] },
  );
  const unknown = fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.tuple(unknownName, json), { maxLength: 3 }) },
  );
  const order = fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.nat(50), { maxLength: 50 }) },
  );
  return fc.tuple(members, unknown, order).map(([some, others, sortKeys]) => {
    const all = [...(Object.entries(some) as Members), ...others].filter(
      ([name], index, list) => list.findIndex(([other]) => other === name) === index,
    );
    return new JsonObject(reorder(all, sortKeys));
  });
}

function value(field: AdxType | KnownFields, path: string): fc.Arbitrary<Json> {
  if (path === "l4")
    return fc.oneof(
      { weight: 4, arbitrary: protocol.map((one) => new JsonObject([one])) },
      { weight: 1, arbitrary: protocols() },
    );
  return valueAtPath[path] ?? (typeof field === "string" ? valueOfType[field] : fields(field, path));
}

function protocols(): fc.Arbitrary<JsonObject> {
  return fc
    .uniqueArray(protocol, { maxLength: 3, selector: ([name]) => name })
    .map((members) => new JsonObject(members));
}

function member(name: string, valueArbitrary: fc.Arbitrary<Json>): fc.Arbitrary<[string, Json]> {
  return fc.tuple(fc.constant(name), mostly(valueArbitrary, oddValue));
}

function mostly(usual: fc.Arbitrary<Json>, odd: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

/** Sorts members by the numbers given to them in turn; leaves them as they are where there are none. */
export function reorder<T>(members: readonly T[], sortKeys: readonly number[]): T[] {
  if (sortKeys.length === 0) return [...members];
  return members
    .map((item, index) => ({ item, key: sortKeys[index % sortKeys.length]! }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

function readKnownFields(): KnownFields {
  const root: KnownFields = {};
  for (const [path, names] of Object.entries(schema.keyOrder)) {
    if (path === "policy" || path === "workload") continue;
    const parent = path === "flow" ? root : objectAt(root, path);
    for (const name of names) parent[name] ??= {};
  }
  for (const { path, type, rule } of schema.columns) {
    if (path === undefined || rule === "presentKey" || path.includes("[0]")) continue;
    for (const expanded of expandPath(path)) {
      const parent = objectAt(root, expanded.split(".").slice(0, -1).join("."));
      parent[expanded.split(".").at(-1)!] = type;
    }
  }
  root["reply"] = "bool";
  return root;
}

function objectAt(root: KnownFields, path: string): KnownFields {
  let at = root;
  for (const name of path === "" ? [] : path.split(".")) {
    const next = (at[name] ??= {});
    if (typeof next === "string") throw new Error(`${path}: ${name} has a column of its own`);
    at = next;
  }
  return at;
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
