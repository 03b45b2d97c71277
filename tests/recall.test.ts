import { beforeAll, describe, expect, it } from "vitest";
import { FilterHost } from "../tools/host.js";
import { filterModule, reference, scanner, type Filter } from "./support/modules.js";
import { rowText } from "./support/rows.js";
import { count } from "./support/thorough.js";

const labels = [
  "k8s:app.kubernetes.io/component=cart",
  "k8s:io.cilium.k8s.policy.cluster=aks-prod-weu",
  "k8s:io.kubernetes.pod.namespace=shop",
];
const policy = (name: string) => ({ name, namespace: "shop", labels, revision: "56", kind: "CiliumNetworkPolicy" });
const flow = {
  time: "2025-01-23T07:59:23.501253423Z",
  emitter: { name: "Hubble", version: "1.18.2+g12ab34cd" },
  verdict: "DROPPED",
  ethernet: { source: "5e:a0:3e:10:9e:71", destination: "5e:a0:3e:10:9e:72" },
  IP: { source: "10.244.1.7", destination: "203.0.113.92", ipVersion: "IPv4" },
  source: { identity: 40_001, labels, pod_name: "cart-0", workloads: [{ name: "cart", kind: "Deployment" }] },
  destination: { identity: 2, labels },
  Type: "L3_L4",
  node_name: "aks-prod-weu/aks-nodepool1-25275757-vmss000003",
  node_labels: ["kubernetes.io/arch=amd64", "kubernetes.io/os=linux"],
  event_type: { type: 5, sub_type: 1 },
  traffic_direction: "EGRESS",
  policy_match_type: 2,
  is_reply: false,
  egress_denied_by: [policy("deny-world"), policy("baseline")],
};
const event = { flow, node_name: flow.node_name, time: flow.time };
const plain = JSON.stringify(event);
const merged = JSON.stringify({ ...event, stream: "stdout" });
const text = JSON.stringify({ time: flow.time, stream: "stdout", message: plain });

/** More often than a value has to come before it is kept. */
const TIMES = 12;

let module: WebAssembly.Module;
let readable: Filter;
beforeAll(() => {
  readable = reference();
  module = new WebAssembly.Module(new Uint8Array(filterModule()));
});

/** A filter that has met the records often enough to have kept what they repeat. */
function warmedBy(...records: string[]): FilterHost {
  const host = new FilterHost(module);
  for (let time = 0; time < TIMES; time++) for (const record of records) host.filter(record);
  return host;
}

function rowOf(host: FilterHost, record: string | Uint8Array): string {
  const row = host.filter(record);
  return row === null ? "dropped" : Buffer.from(row).toString("latin1");
}

function expectAsFresh(host: FilterHost, record: string | Uint8Array): void {
  expect(rowOf(host, record)).toBe(rowOf(new FilterHost(module), record));
}

describe.each([
  ["text", text],
  ["merged", merged],
])("values that flows repeat, %s", (_, record) => {
  it("give the same row as when they were read", () => {
    expectAsFresh(warmedBy(record), record);
  });

  it("are told apart by every byte", () => {
    const host = warmedBy(record);
    const bytes = Buffer.from(record);
    for (let at = 0; at < bytes.length; at++) {
      const changes = [1, 0x20, 0x80];
      for (const change of changes.slice(0, count(1, 3)).map((_, index) => changes[(at + index) % 3]!)) {
        const changed = Buffer.from(bytes);
        changed[at]! ^= change;
        expectAsFresh(host, changed);
      }
      expectAsFresh(host, bytes.subarray(0, at));
    }
    expectAsFresh(host, record);
  });

  it("may come and go", () => {
    const host = new FilterHost(module);
    const fresh = new Map<string, string>();
    // More of them than there is room for, some far more often than others.
    for (let index = 0; index < 8_000; index++) {
      const which = index % 3 ? index % 7 : index % 1_000;
      const other = record.replaceAll("cart", `workload-${which}`).replaceAll("baseline", `policy-${which % 11}`);
      if (!fresh.has(other)) fresh.set(other, rowOf(new FilterHost(module), other));
      expect(rowOf(host, other)).toBe(fresh.get(other));
    }
  });

  it("stay where the row being made points to them", () => {
    const host = warmedBy(record);
    const quote = record === text ? '\\"' : '"';
    const key = `${quote}destination${quote}:`;
    // Some of these want the place of the source's labels, and come often enough to get it.
    let others = "";
    for (let index = 0; index < 1_000; index++) {
      const labels = `{"labels":["k8s:app.kubernetes.io/component=${index}","k8s:io.kubernetes.pod.namespace=shop"]}`;
      others += `${key}${labels.replaceAll('"', quote)},`.repeat(TIMES);
    }
    expectAsFresh(host, record.replace(key, others + key));
  });
});

describe("a flow that differs from those before gives the row that the reference gives", () => {
  const node = '"node_name":"aks-prod-weu/aks-nodepool1-25275757-vmss000003"';
  const changes: Record<string, (event: string) => string> = {
    "in a number that goes on where a kept one ends": (event) =>
      event.replace('"policy_match_type":2', '"policy_match_type":21'),
    "in a member more where a kept run ends": (event) =>
      event.replace('"policy_match_type":2', '"policy_match_type":2,"trace_reason":"NEW"'),
    "in a key that comes again": (event) => event.replace('"is_reply"', '"Type":"L7","is_reply"'),
    "in a key that comes again and does not fit": (event) =>
      event.replace('"is_reply"', '"event_type":{"type":"x"},"is_reply"'),
    "in an object that comes again with fewer members": (event) =>
      event.replace('"is_reply"', '"source":{"pod_name":"other"},"is_reply"'),
    "in a field that has no column, inside what is kept": (event) =>
      event.replace('"identity"', '"vm_name":"x","identity"'),
    "in a field that has no column, between what is kept": (event) =>
      event.replace('"traffic_direction"', '"is_l7_lb":true,"traffic_direction"'),
    "in the order of its keys": (event) =>
      event.replace(/"Type":"L3_L4",(.*),"is_reply"/, '$1,"Type":"L3_L4","is_reply"'),
    "in lacking the node name": (event) => event.replace(`"Type":"L3_L4",${node}`, '"Type":"L3_L4"'),
    "in lacking the time": (event) => event.replace(`"time":"${flow.time}",`, ""),
    "in the event's node name": (event) => event.replace(`]},${node}`, ']},"node_name":"ü"'),
    "in the event's order": (event) => event.replace(/^{(.*),("node_name":[^,]*,"time":[^,]*)}$/, "{$2,$1}"),
    "in a key beside the flow": (event) => event.replace(`,${node},"time"`, `,"kind":"x",${node},"time"`),
    "in white space behind the event": (event) => `${event}\n`,
  };
  const shapes: Record<string, (event: string) => string> = {
    text: (event) => JSON.stringify({ time: flow.time, stream: "stdout", message: event }),
    "text before its time": (event) => JSON.stringify({ message: event, time: flow.time, stream: "stdout" }),
    "text beside a key that is a column": (event) =>
      JSON.stringify({ SourcePodName: "x", NodeName: "y", message: event }),
    merged: (event) => event.trimEnd().replace(/}$/, ',"stream":"stdout"}'),
  };
  const cases = Object.keys(shapes).flatMap((shape) => Object.keys(changes).map((change) => [shape, change] as const));

  it.each(cases)("%s, %s", (shape, change) => {
    const changed = changes[change]!(plain);
    expect(changed).not.toBe(plain);
    const filter = scanner();
    const record = shapes[shape]!(plain);
    for (let time = 0; time < TIMES; time++) filter("hubble_flows", record);
    for (const next of [shapes[shape]!(changed), record]) {
      expect(rowText(filter("hubble_flows", next))).toBe(rowText(readable("hubble_flows", next)));
    }
  });
});

it("keeps apart what only looks the same in another kind of text", () => {
  const host = warmedBy(text, merged);
  // No JSON, but the bytes that the escaped text has.
  expectAsFresh(host, merged.replace(JSON.stringify(labels), JSON.stringify(JSON.stringify(labels)).slice(1, -1)));
  const deep = `${"[".repeat(70)}${"]".repeat(70)}`;
  const deepRecord = JSON.stringify({ flow: { node_labels: [] } }).replace("[]", deep);
  const warmed = warmedBy(deepRecord);
  expectAsFresh(warmed, deepRecord);
  // A text may nest 64 deep, a record as deep as it likes. The control character has the text unescaped first.
  expectAsFresh(warmed, JSON.stringify({ message: deepRecord.replace("{", "{\t") }));
});

it("keeps a value that another row has for itself", () => {
  const asDestination = text.replace("source", "destination").replace('destination\\":{\\"identity\\":2', "source");
  expectAsFresh(warmedBy(text), asDestination);
});

it("keeps no value that is too long for the table", () => {
  const long = JSON.stringify({ message: plain.replaceAll("cart", "cart".repeat(400)) });
  expectAsFresh(warmedBy(long), long);
});

it.each([6_000, 7_000, 7_500, 8_000, 8_192, 9_000, 20_000])(
  "keeps what stands around a flow only where its %i bytes have room",
  (size) => {
    for (const own of [{ kubernetes: "x".repeat(size) }, { x: "y", Cluster: "z".repeat(size) }]) {
      const record = JSON.stringify({ time: flow.time, ...own, message: plain });
      const host = warmedBy(record);
      expectAsFresh(host, record);
      expectAsFresh(host, record.replace("time", "Time"));
      expectAsFresh(host, text);
    }
  },
);
