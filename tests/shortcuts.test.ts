import { beforeEach, describe, expect, test } from "vitest";
import { Coverage } from "./fuzz/coverage.js";
import { filterModule } from "./support/modules.js";

// What records repeat is compared, and not read again (assembly/flow/recall.ts, run.ts, frame.ts). The rows are the same
// either way; what tells is how many blocks of the module a record takes.

const filter = new Coverage(filterModule());
beforeEach(() => filter.restart());

const pairs = (count: number, of = "x") => Array.from({ length: count }, (_, i) => `k8s:label-${of}-${i}=value-${i}`);
const endpoint = (name: string, labels = 3) => ({
  ID: 17,
  identity: 40_001,
  cluster_name: "aks-prod-weu",
  namespace: `${name}-namespace`,
  labels: pairs(labels, name),
  pod_name: `${name}-6d5f7c9b8-x2x4z`,
});
const policies = (name: string, labels = 3) => [
  { name, namespace: "shop", labels: pairs(labels, name), revision: "14", kind: "CiliumNetworkPolicy" },
];
const plain = {
  time: "2025-01-23T07:59:23.501253423Z",
  verdict: "DROPPED",
  IP: { source: "10.244.1.7", destination: "203.0.113.92", ipVersion: "IPv4" },
  source: endpoint("cart"),
  Type: "L3_L4",
  node_name: "aks-prod-weu/aks-nodepool1-25275757-vmss000003",
  node_labels: ["kubernetes.io/arch=amd64", "kubernetes.io/os=linux"],
  event_type: { type: 5, sub_type: 1 },
  traffic_direction: "EGRESS",
  policy_match_type: 2,
  is_reply: false,
};
const ownKeys = (count: number) => Object.fromEntries(pairs(count).map((value, i) => [`own_${i}`, value]));

const shapes: Record<string, (flow: typeof plain, own?: object) => string> = {
  text: (flow, own) =>
    JSON.stringify({
      time: flow.time,
      stream: "stdout",
      ...own,
      log: JSON.stringify({ flow, node_name: flow.node_name, time: flow.time }),
    }),
  merged: (flow, own) => JSON.stringify({ flow, node_name: flow.node_name, time: flow.time, ...own }),
};

describe.each(Object.entries(shapes))("%s", (_, record) => {
  const steps = (flow: object, own?: object) =>
    filter.stepsOf("hubble_flows", Buffer.from(record({ ...plain, ...flow }, own)));
  /** What a record takes when it comes first, and when it has come often. */
  const firstAndLast = (flow: object, own?: object) => {
    filter.restart();
    const first = steps(flow, own);
    for (let time = 0; time < 10; time++) steps(flow, own);
    return [first, steps(flow, own)] as const;
  };
  /** What each of the things that the second has more than the first takes, when it comes first and when it has come often. */
  const growth = (few: readonly [number, number], many: readonly [number, number]) => ({
    first: many[0] - few[0],
    last: many[1] - few[1],
  });

  test.each([
    // 30 keys more, which are read one by one, and copied as one.
    ["own keys", () => growth(firstAndLast({}, ownKeys(10)), firstAndLast({}, ownKeys(40))), 10],
    // 30 labels more, of some 22 bytes, which are compared 32 bytes at a time.
    [
      "labels",
      () => growth(firstAndLast({ source: endpoint("a", 3) }), firstAndLast({ source: endpoint("a", 33) })),
      3,
    ],
    [
      "policies",
      () =>
        growth(
          firstAndLast({ egress_denied_by: policies("a", 3) }),
          firstAndLast({ egress_denied_by: policies("a", 33) }),
        ),
      3,
    ],
  ])("%s that repeat take a fraction of what they take at first", (_, grown, times) => {
    const { first, last } = grown();
    expect(first).toBeGreaterThan(100);
    expect(last * times).toBeLessThan(first);
  });

  test.each([
    ["an endpoint", { source: endpoint("other") }],
    ["the node's labels", { node_labels: ["kubernetes.io/arch=arm64", "kubernetes.io/os=linux"] }],
    ["the direction", { event_type: { type: 5, sub_type: 2 }, traffic_direction: "INGRESS" }],
  ])("%s that is another is read, and taken from then on where it stays", (_, change) => {
    const [, known] = firstAndLast({});
    const other = steps(change);
    expect(other).toBeGreaterThan(known + 20);
    // Nothing has had to go for it.
    for (let time = 0; time < 40; time++) steps(change);
    expect(Math.abs(steps(change) - known)).toBeLessThan(20);
    // Two that come in turns both stay.
    expect(Math.abs(steps({}) - known)).toBeLessThan(20);
  });

  test("what stands around the flow may change for some records, and for good", () => {
    const own = ownKeys(20);
    const [, known] = firstAndLast({}, own);
    const changed = { ...own, own_3: "another" };
    for (let time = 0; time < 7; time++) expect(steps({}, changed)).toBeGreaterThan(known + 100);
    expect(steps({}, own)).toBe(known);
    for (let time = 0; time < 8; time++) expect(steps({}, changed)).toBeGreaterThan(known + 100);
    expect(Math.abs(steps({}, changed) - known)).toBeLessThan(20);
  });

  test("the minute of the flow before is not checked again", () => {
    const [, known] = firstAndLast({});
    const next = { time: "2025-01-23T08:00:00Z" };
    expect(steps(next)).toBeGreaterThan(steps(next));
    expect(steps(next)).toBeLessThan(known + 10);
  });
});

describe("a text is read as it lies in the record, escaped", () => {
  const event = JSON.stringify({ flow: plain });
  const steps = (text: string) => {
    filter.restart();
    return filter.stepsOf("hubble_flows", Buffer.from(JSON.stringify({ log: text })));
  };
  /** With a tab between two of its bytes it is unescaped first. */
  const unescapedFirst = (text: string) => steps(text.replace("{", "{\t"));
  const inStrings = (escapes: string) => (text: string) => text.replaceAll("cart", escapes);

  test.each<[string, (text: string) => string]>([
    ["nothing else", (text) => text],
    ["blanks", (text) => text.replaceAll('":', '" : ').replaceAll(',"', ' , "').replaceAll("}", " }")],
    ["a line's end behind it", (text) => `${text}\n`],
    ["the runtime's prefix", (text) => `2026-01-02T03:04:05.123456789Z stdout F ${text}`],
    ["text outside ASCII", inStrings("cärt€😀")],
    ["quotes", inStrings('\\"')],
    ["backslashes", inStrings("\\\\")],
    ["slashes", inStrings("\\/")],
    ["other characters by a letter", inStrings("\\n\\r\\t\\b\\f")],
    ["characters by their number", inStrings("\\u0000\\u0026\\u00e4\\uD7fF\\ue000")],
  ])("with %s in it", (_, change) => {
    const text = change(event);
    expect(() => JSON.parse(text.slice(text.indexOf("{"))) as unknown).not.toThrow();
    expect(1.2 * steps(text)).toBeLessThan(unescapedFirst(text));
  });
});
