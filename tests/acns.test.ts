import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { explainAcns } from "../tools/acns/explain.js";
import { instead } from "../tools/acns/instead.js";
import { renderAcns } from "../tools/acns/resource.js";
import { endpointWords, type Condition, type FlowLogWords } from "../tools/exporter/build.js";
import { explain } from "../tools/exporter/explain.js";
import { ciliumFiles } from "../tools/generate/cilium.js";
import { packageFile } from "../tools/package-file.js";
import { findFluentBit, runPipeline } from "./support/fluent-bit.js";
import { CheckedDatabase, splitCommands } from "./adx/kusto.js";

const resource = `apiVersion: acn.azure.com/v1alpha1
kind: ContainerNetworkLog
metadata: { name: drops }
spec:
  includefilters:
    - from:
        namespacedPod: [shop/]
        labelSelector: { matchLabels: { app: web }, matchExpressions: [{ key: tier, operator: Exists }] }
      to: { ip: ["10.0.0.0/8"] }
      protocol: [tcp]
      verdict: [dropped]
`;
const messages = (text: string) =>
  explainAcns(text, "f.yaml")!.findings.map(({ line, severity, message }) => `${line} ${severity}: ${message}`);

describe("a ContainerNetworkLog", () => {
  test("becomes the exporter's filter", () => {
    const { text, findings } = explainAcns(resource, "f.yaml")!;
    expect(findings).toEqual([]);
    expect(text).toContain(
      'exports  flows where the source is any pod of the namespace shop, the source has the label "app=web,tier", ' +
        "the destination address is 10.0.0.0/8, the protocol is tcp and the verdict is DROPPED",
    );
    // SourcePodName is one of those that aggregation empties, DestinationPort is none.
    expect(text).toMatch(/stay empty: .*SourcePodName/s);
    expect(text).not.toMatch(/DestinationPort/);
    const filter = text.split("\n").find((line) => line.startsWith("  {"))!;
    expect(JSON.parse(filter)).toEqual({
      source_pod: ["shop/"],
      source_label: ["app=web,tier"],
      destination_ip: ["10.0.0.0/8"],
      protocol: ["tcp"],
      verdict: ["DROPPED"],
    });
  });

  test.each([
    ["verdict: [dropped]", "verdict: [audit]", /^11 error: verdict does not take "audit"/],
    ["protocol: [tcp]", "protocol: [sctp]", /^10 error: protocol does not take "sctp"/],
    ["[shop/]", "[shop]", /^7 warning: the pod "shop" has no namespace/],
    ["operator: Exists", "operator: Is", /^8 error: there is no operator "Is"/],
    ["verdict: [dropped]", "drop_reason: [1]", /^11 error: there is no field "drop_reason"/],
    ["kind: ContainerNetworkLog", "kind: RetinaNetworkFlowLog", /warning: RetinaNetworkFlowLog was renamed/],
    ["spec:", "status: { state: FAILED }\nspec:", /^4 error: its state is FAILED/],
  ])("%s as %s", (from, to, expected) => {
    expect(messages(resource.replace(from, to))).toEqual([expect.stringMatching(expected)]);
  });

  test.each([
    ["[shop/]", "shop/", /^7 error: namespacedPod is not a list/],
    ["verdict: [dropped]", "verdict: dropped", /^11 error: verdict is not a list/],
    ["protocol: [tcp]", "protocol: {}", /^10 error: protocol is not a list/],
    ['to: { ip: ["10.0.0.0/8"] }', "to: 10.0.0.0/8", /^9 error: to is no object/],
    ["labelSelector: {", "labelSelector: [a]\n        x: {", /^8 error: labelSelector is no object/],
  ])("%s of another shape, %s, is refused by Kubernetes", (from, to, expected) => {
    expect(messages(resource.replace(from, to))).toContainEqual(expect.stringMatching(expected));
  });

  test("a filter whose parts are all empty takes every flow", () => {
    const text = `kind: ContainerNetworkLog\nspec:\n  includefilters:\n    - { from: {}, protocol: [] }\n`;
    expect(messages(text)).toEqual([expect.stringMatching(/^4 warning: a filter that is empty takes every flow/)]);
  });

  test("in a list, and without filters", () => {
    expect(messages(`kind: List\nitems:\n  - { kind: ContainerNetworkLog, spec: {} }\n`)).toEqual([
      expect.stringMatching(/^3 error: there is no filter/),
    ]);
  });

  test("is not seen in anything else", () => {
    expect(explainAcns("kind: ConfigMap\n", "f.yaml")).toBeUndefined();
  });
});

const acnsLines = readFileSync(new URL("fixtures/acns-lines.ndjson", import.meta.url), "utf8");
const fluentBit = findFluentBit();
if (!fluentBit) console.warn("No Fluent Bit: the grep rules that are advised are not run.");

const words = (...include: Condition[]): FlowLogWords => ({ name: "a", include: [include], exclude: [] });
const filtersOf = (flowLog: FlowLogWords) =>
  (parse(renderAcns([flowLog])) as { spec: { includefilters: unknown[] } }).spec.includefilters;

describe("exporter --format acns", () => {
  test("a namespace is at either end", () => {
    expect(filtersOf(words({ word: "namespace", value: "shop", side: "either" }))).toEqual([
      { from: { namespacedPod: ["shop/"] } },
      { to: { namespacedPod: ["shop/"] } },
    ]);
  });

  test("all that it can say", () => {
    const filters = filtersOf(
      words(
        { word: "pod", value: "shop/web", side: "source" },
        { word: "label", value: "k8s:app=web,tier in (a,b),!old,x!=y", side: "source" },
        { word: "ip", value: "10.0.0.0/8", side: "destination" },
        { word: "protocol", value: "dns" },
        { word: "verdict", value: "forwarded" },
        { word: "verdict", value: "dropped" },
      ),
    );
    expect(filters).toEqual([
      {
        from: {
          namespacedPod: ["shop/web"],
          labelSelector: {
            matchLabels: { app: "web" },
            matchExpressions: [
              { key: "tier", operator: "In", values: ["a", "b"] },
              { key: "old", operator: "DoesNotExist" },
              { key: "x", operator: "NotIn", values: ["y"] },
            ],
          },
        },
        to: { ip: ["10.0.0.0/8"] },
        protocol: ["dns"],
        verdict: ["forwarded", "dropped"],
      },
    ]);
  });

  test("labels are alternatives, of which each is a filter", () => {
    const label = (value: string): Condition => ({ word: "label", value, side: "destination" });
    expect(filtersOf(words(label("a=b"), label("c")))).toEqual([
      { to: { labelSelector: { matchLabels: { a: "b" } } } },
      { to: { labelSelector: { matchExpressions: [{ key: "c", operator: "Exists" }] } } },
    ]);
  });

  test("without a condition it still has a filter", () => {
    expect(filtersOf(words())).toEqual([{ verdict: ["forwarded", "dropped"] }]);
  });

  test.each<[Condition, RegExp]>([
    [
      { word: "drop-reason", value: "POLICY_DENY" },
      /has no such condition.*`regex log "drop_reason_desc":\\s\*"POLICY_DENY"`/,
    ],
    [{ word: "direction", value: "egress" }, /"traffic_direction":\\s\*"EGRESS"/],
    [{ word: "event-type", value: "drop" }, /has no such condition/],
    [{ word: "verdict", value: "audit" }, /takes forwarded, dropped only/],
    [{ word: "protocol", value: "sctp" }, /takes tcp, udp, dns only.*"SCTP":/],
    [{ word: "http-status", value: "5+" }, /export more, and ask in KQL `where HTTPCode between \(500 \.\. 599\)`/],
    [{ word: "drop-reason", value: "nonsense" }, /there is no such drop reason/],
    [{ word: "pod", value: "web", side: "source" }, /wants a namespace with it; write NAMESPACE\/web/],
    [{ word: "label", value: "reserved:host", side: "source" }, /selects by Kubernetes labels/],
    [{ word: "label", value: "a in (", side: "source" }, /--label a in \(: found its end/],
  ])("refuses %j", (condition, expected) => {
    expect(() => renderAcns([words(condition)])).toThrow(expected);
  });

  test.each<[Partial<FlowLogWords>, RegExp]>([
    [{ fieldMask: "lean" }, /^--field-mask: .*project-away/],
    [{ aggregate: "workloads" }, /^--aggregate: .*AKS aggregates by itself/],
    [{ end: "2h" }, /^--end: /],
    [
      { exclude: [[{ word: "namespace", value: "kube-system", side: "either" }]] },
      /excludes nothing.*`exclude log "namespace":\\s\*"kube-system"`/,
    ],
  ])("refuses %j", (more, expected) => {
    expect(() => renderAcns([{ ...words(), ...more }])).toThrow(expected);
  });

  test("several values of a word are alternatives in the advice too", () => {
    const reasons = words({ word: "drop-reason", value: "POLICY_DENY" }, { word: "drop-reason", value: "181x" });
    expect(() => renderAcns([reasons])).toThrow(/there is no such drop reason/);
    const both = words({ word: "drop-reason", value: "POLICY_DENY" }, { word: "drop-reason", value: "133" });
    expect(() => renderAcns([both])).toThrow(
      /`regex log "drop_reason_desc":\\s\*"POLICY_DENY"\|"drop_reason_desc":\\s\*"POLICY_DENIED"`.*`where DropReason == "POLICY_DENY" or DropReason == "POLICY_DENIED"`/,
    );
  });

  test("an alternative beside it would lose its flows to the grep filter, so there is only KQL", () => {
    const or = {
      ...words({ word: "direction", value: "egress" }),
      include: [[{ word: "direction", value: "egress" }], []],
    };
    expect(() => renderAcns([or])).toThrow(/^(?!.*grep).*`where TrafficDirection == "EGRESS"`/);
  });

  const advised: [string, string, string][] = [
    ["verdict", "audit", 'Verdict == "AUDIT"'],
    ["event-type", "drop:POLICY_DENY", "EventType == 1 and EventSubType == 181"],
    ["protocol", "sctp", 'L4Protocol == "SCTP"'],
    ["protocol", "icmp", 'L4Protocol startswith "ICMP"'],
    ["protocol", "http", "isnotempty(HTTPMethod)"],
    ["http-status", "404", "HTTPCode == 404"],
    ["http-status", "40+", "HTTPCode between (400 .. 409)"],
    ["http-method", "GET", 'HTTPMethod == "GET"'],
    ["http-path", '^/a"', 'HTTPURL matches regex "^/a\\""'],
    ["dns-query", "example", 'DNSQuery matches regex "example"'],
    ["node-name", "aks-*", 'NodeName matches regex "^aks-.*$"'],
    ["node-name", "shop/aks-0", 'ClusterName matches regex "^shop$" and NodeName matches regex "^aks-0$"'],
    ["ip-version", "ipv4", 'IPVersion == "IPv4"'],
  ];

  test.each(advised)("--%s %s in KQL", (word, value, expected) => {
    expect(instead([{ word, value }], "regex")).toContain(`\`where ${expected}\``);
    expect(instead([{ word, value }], "exclude")).toContain(`\`where not(${expected})\``);
  });

  test("what it advises is KQL on the table, for every word and end", () => {
    const database = new CheckedDatabase();
    database.create(splitCommands(readFileSync(packageFile("adx/setup.kql"), "utf8")));
    const ofEnds = Object.keys(endpointWords).flatMap((word) =>
      (["source", "destination", "either"] as const).map((side): Condition => {
        const value = { identity: "2", port: "443", ip: "10.0.0.0/8", label: 'k8s:app="x' }[word] ?? "a/b";
        return { word, value, side };
      }),
    );
    for (const condition of [...ofEnds, ...advised.map(([word, value]): Condition => ({ word, value }))]) {
      const kql = /`(where [^`]*)`/.exec(instead([condition], "exclude"))![1]!;
      expect([kql, database.check(`HubbleFlows | ${kql}`)]).toEqual([kql, []]);
    }
  });

  test("gives no pattern that would exclude the other end too", () => {
    expect(instead([{ word: "namespace", value: "shop", side: "source" }], "exclude")).not.toContain("grep");
    expect(instead([{ word: "namespace", value: "shop", side: "either" }], "exclude")).toContain("exclude log");
  });

  test.skipIf(!fluentBit)(
    "on a real Fluent Bit, behind the shipped grep filter, they keep and leave out these lines",
    async () => {
      const passes = async (condition: Condition, rule: "regex" | "exclude") => {
        const [, value] = new RegExp(`\`${rule} (log .*?)\``).exec(instead([condition], rule))!;
        const filters = [{ regex: "log ^\\s*\\{" }, { [rule]: value }].map((one) => ({
          name: "grep",
          match: "*",
          ...one,
        }));
        const { records } = await runPipeline(fluentBit!, { input: acnsLines, filters });
        return records.map(({ log }) => acnsLines.split("\n").indexOf(String(log)));
      };
      expect(await passes({ word: "drop-reason", value: "POLICY_DENY" }, "regex")).toEqual([1]);
      expect(await passes({ word: "namespace", value: "shop", side: "either" }, "exclude")).toEqual([1]);
      expect(await passes({ word: "event-type", value: "trace:to-endpoint" }, "regex")).toEqual([2]);
      expect(await passes({ word: "event-type", value: "drop" }, "exclude")).toEqual([1, 2]);
    },
  );

  test("the patterns that it gives for Fluent Bit's grep take the exporter's lines", () => {
    const lines = readFileSync(new URL("fixtures/acns-lines.ndjson", import.meta.url), "utf8")
      .trim()
      .split("\n");
    const takes = (word: string, value: string) => {
      const pattern = /`regex log (.*?)`/.exec(instead([{ word, value }], "regex"))![1]!;
      return lines.map((line) => new RegExp(pattern).test(line));
    };
    expect(takes("drop-reason", "POLICY_DENIED")).toEqual([true, false, false]);
    expect(takes("direction", "egress")).toEqual([true, true, false]);
    expect(takes("event-type", "drop")).toEqual([true, false, false]);
    expect(takes("event-type", "trace:to-endpoint")).toEqual([false, false, true]);
    expect(takes("namespace", "shop")).toEqual([true, false, true]);
    expect(takes("protocol", "sctp")).toEqual([false, true, false]);
    expect(takes("node-name", "aks-0")).toEqual([true, true, false]);
  });
});

describe("what is shipped for AKS", () => {
  const files = readdirSync(packageFile("cilium/acns")).map((name) => `cilium/acns/${name}`);

  test("all drops, a namespace, DNS", () => {
    expect(files.sort()).toEqual(["cilium/acns/dns.yaml", "cilium/acns/drops.yaml", "cilium/acns/namespace.yaml"]);
  });

  test.each(files)("%s is what the generator writes, and explain has nothing to say of it", (file) => {
    const text = readFileSync(packageFile(file), "utf8");
    expect(text).toBe(ciliumFiles().get(file));
    expect(explainAcns(text, file)!.findings).toEqual([]);
  });
});

test("the ConfigMap that AKS's operator writes is explained, and who writes it", () => {
  const text = `kind: ConfigMap
metadata: { name: acns-flowlog-config, namespace: kube-system }
data:
  flowlogs.yaml: |
    flowLogs:
      - name: all
        filePath: /var/log/acns/hubble/events.log
        includeFilters:
          - verdict: [DROPPED]
`;
  const { text: said, findings } = explain(text, "f.yaml");
  expect(said).toMatch(/exports {2}flows where the verdict is DROPPED/);
  expect(findings).toContainEqual(
    expect.objectContaining({ severity: "note", message: expect.stringContaining("ContainerNetworkLog") as string }),
  );
});
