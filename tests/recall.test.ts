import { beforeAll, describe, expect, it } from "vitest";
import { FilterHost } from "../tools/host.js";
import { filterModule } from "./support/modules.js";

const labels = [
  "k8s:app.kubernetes.io/component=cart",
  "k8s:io.cilium.k8s.policy.cluster=aks-prod-weu",
  "k8s:io.kubernetes.pod.namespace=shop",
];
const policy = (name: string) => ({ name, namespace: "shop", labels, revision: "56", kind: "CiliumNetworkPolicy" });
const flow = {
  verdict: "DROPPED",
  source: { identity: 40_001, labels, pod_name: "cart-0", workloads: [{ name: "cart", kind: "Deployment" }] },
  destination: { identity: 2, labels },
  node_labels: ["kubernetes.io/arch=amd64", "kubernetes.io/os=linux"],
  egress_denied_by: [policy("deny-world"), policy("baseline")],
};
const plain = JSON.stringify({ flow });
const merged = plain;
const text = JSON.stringify({ message: plain });

/** More often than a value has to come before it is kept. */
const TIMES = 12;

let module: WebAssembly.Module;
beforeAll(() => {
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
      for (const change of [1, 0x20, 0x80]) {
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
