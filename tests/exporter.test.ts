import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { accepted } from "../tools/flow-filter/accepted.js";
import { endpointWords } from "../tools/exporter/build.js";
import type { Condition, FlowLogWords } from "../tools/exporter/build.js";
import { compose } from "../tools/exporter/compose.js";
import { explain } from "../tools/exporter/explain.js";
import { protocol } from "../tools/flow-filter/protocol.js";
import type { Format } from "../tools/exporter/render.js";
import { run } from "./support/cli.js";
import { command } from "./support/command.js";

const now = new Date("2026-01-01T00:00:00Z");

function words(include: Condition[], rest: Partial<FlowLogWords> = {}): FlowLogWords {
  return { name: "test", include: [include], exclude: [], ...rest };
}

function filters(...include: Condition[]): unknown {
  return compose([words(include)], { format: "flowlogs", now }).flowLogs[0]!.includeFilters;
}

describe("words become Cilium's filters", () => {
  test("numbers come from the protocol", () => {
    expect(
      filters(
        { word: "drop-reason", value: "policy-deny" },
        { word: "direction", value: "egress" },
        { word: "verdict", value: "Dropped" },
      ),
    ).toEqual([
      {
        event_type: [{ type: 1, match_sub_type: true, sub_type: 181 }],
        traffic_direction: ["EGRESS"],
        verdict: ["DROPPED"],
      },
    ]);
  });

  test("one word twice means either", () => {
    expect(filters({ word: "drop-reason", value: "133" }, { word: "drop-reason", value: "POLICY_DENY" })).toEqual([
      {
        event_type: [
          { type: 1, match_sub_type: true, sub_type: 133 },
          { type: 1, match_sub_type: true, sub_type: 181 },
        ],
      },
    ]);
  });

  test("an end that is not named is either end", () => {
    expect(filters({ word: "namespace", value: "shop", side: "either" }, { word: "protocol", value: "DNS" })).toEqual([
      { source_pod: ["shop/"], protocol: ["dns"] },
      { destination_pod: ["shop/"], protocol: ["dns"] },
    ]);
  });

  test("a namespace and a pod make one name", () => {
    const namespaces = ["a", "b"].map((value): Condition => ({ word: "namespace", value, side: "source" }));
    expect(filters(...namespaces, { word: "pod", value: "cart", side: "source" })).toEqual([
      { source_pod: ["a/cart", "b/cart"] },
    ]);
  });

  test.each([
    ["trace:to-stack", { type: 4, match_sub_type: true, sub_type: 3 }],
    ["drop:invalid_source_ip", { type: 1, match_sub_type: true, sub_type: 132 }],
    ["policy-verdict", { type: 5 }],
    ["129", { type: 129 }],
  ])("event type %s", (value, expected) => {
    expect(filters({ word: "event-type", value })).toEqual([{ event_type: [expected] }]);
  });

  test.each([
    [
      "drop-reason",
      "POLICY_DENID",
      /--drop-reason POLICY_DENID: there is no such drop reason; did you mean "POLICY_DEN/,
    ],
    ["verdict", "droped", /did you mean "DROPPED"\?/],
    ["direction", "out", /choose one of .*EGRESS/],
    ["event-type", "drop:nonsense", /--event-type nonsense/],
    ["event-type", "policy-verdict:allow", /has no named sub types/],
    ["protocol", "htp", /did you mean "http"\?/],
  ])("--%s %s is refused with a suggestion", (word, value, message) => {
    expect(() => filters({ word, value })).toThrow(message);
  });
});

describe("a flow log's settings", () => {
  const one = (rest: Partial<FlowLogWords>) => compose([words([], rest)], { format: "flowlogs", now });

  test("end from now", () => {
    expect(one({ end: "2h" }).flowLogs[0]!.end).toBe("2026-01-01T02:00:00Z");
    expect(one({ end: "2025-01-01T00:00:00Z" }).findings).toMatchObject([{ severity: "warning" }]);
    expect(one({ end: "tomorrow" }).findings).toMatchObject([{ severity: "error" }]);
  });

  test("field masks by name and by hand", () => {
    expect(one({ fieldMask: "lean" }).flowLogs[0]!.fieldMask).toEqual(accepted.fieldMasks["lean"]);
    expect(one({ fieldMask: "time, verdict,node_name" }).flowLogs[0]!.fieldMask).toEqual([
      "time",
      "verdict",
      "node_name",
    ]);
    expect(() => one({ fieldMask: "leen" })).toThrow(/--field-mask leen: .* did you mean "lean"\?/);
    expect(() => one({ aggregate: "workload" })).toThrow(/--aggregate workload: .* did you mean "workloads"\?/);
    expect(one({ fieldMask: "time,verdit,node_name" }).findings).toMatchObject([
      { severity: "error", remedy: 'did you mean "verdict"?' },
      { severity: "note" },
    ]);
  });

  test("aggregation raises the version, or is an error below it", () => {
    expect(one({ aggregate: "workloads" })).toMatchObject({ needs: "1.19", findings: [] });
    const old = compose([words([], { aggregate: "workloads" })], { format: "flowlogs", version: "1.18", now });
    expect(old.findings[0]!.message).toMatch(/fieldAggregate is known from Cilium 1\.19 on/);
    expect(() => one({ aggregationInterval: "30s" })).toThrow(/--aggregate/);
  });

  test("standard output goes to the first flow log, a file to every other", () => {
    const { flowLogs, findings } = compose(
      ["a", "b", "c"].map((name) => ({ ...words([]), name })),
      { format: "configmap", now },
    );
    expect(flowLogs.map(({ filePath }) => filePath)).toEqual([
      "stdout",
      "/var/run/cilium/hubble/b.log",
      "/var/run/cilium/hubble/c.log",
    ]);
    expect(findings.every(({ severity }) => severity === "note")).toBe(true);
  });

  test("Cilium 1.15 knows no stdout, and its device must not be rotated", () => {
    const { yaml, findings } = compose([words([])], { format: "helm", version: "1.15", now });
    expect(parse(yaml)).toMatchObject({
      hubble: {
        export: { fileMaxSizeMb: 2147483647, dynamic: { config: { content: [{ filePath: "/dev/stdout" }] } } },
      },
    });
    expect(findings).toEqual([]);
    expect(compose([words([])], { format: "configmap", version: "1.15", now }).findings).toMatchObject([
      { severity: "warning" },
    ]);
  });

  test("the static exporter has one flow log and no end", () => {
    expect(() => compose([words([]), words([])], { format: "helm-static", now })).toThrow(/one flow log/);
    expect(() => compose([words([], { end: "2h" })], { format: "helm-static", now })).toThrow(/no end/);
  });
});

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/);
const nameOf = (names: { name: string }[]) => fc.constantFrom(...names.map((named) => named.name));
const values: Record<string, fc.Arbitrary<string>> = {
  verdict: nameOf(protocol.verdicts),
  direction: nameOf(protocol.trafficDirections),
  "drop-reason": nameOf(protocol.dropReasons),
  protocol: fc.constantFrom("tcp", "udp", "sctp", "icmp", "dns", "http"),
  namespace: name,
  pod: name,
  label: name.map((text) => `k8s:app=${text}`),
  ip: fc.ipV4(),
  port: fc.nat({ max: 65535 }).map(String),
  identity: fc.nat().map(String),
};
const condition = fc.constantFrom(...Object.keys(values)).chain((word) =>
  fc.record({
    word: fc.constant(word),
    value: values[word]!,
    ...(word in endpointWords
      ? { side: fc.constantFrom("source" as const, "destination" as const, "either" as const) }
      : {}),
  }),
) as fc.Arbitrary<Condition>;
const flowLogWords: fc.Arbitrary<FlowLogWords> = fc.record({
  name,
  include: fc.array(fc.array(condition, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
  exclude: fc.array(fc.array(condition, { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
  fieldMask: fc.constantFrom(undefined, "full", "lean"),
});

test("what the exporter writes, explain reads back: the same flow logs, in words that name every value", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(flowLogWords, { minLength: 1, maxLength: 3, selector: (one) => one.name }),
      fc.constantFrom<Format>("configmap", "helm", "flowlogs"),
      (all, format) => {
        const { yaml, flowLogs, findings } = compose(all, { format, now });
        expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
        const explained = explain(yaml, "output", { now });
        expect(explained.flowLogs).toEqual(flowLogs);
        const said = explained.text.replace(/\s+/g, " ");
        for (const { word, value } of all.flatMap(({ include, exclude }) => [...include, ...exclude].flat())) {
          expect(said).toContain(word === "drop-reason" ? `${value} (` : value);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("the static exporter's values read back too", () => {
  fc.assert(
    fc.property(flowLogWords, (one) => {
      const { yaml, flowLogs } = compose([one], { format: "helm-static", now });
      expect(explain(yaml, "output", { now }).flowLogs).toEqual([{ ...flowLogs[0], name: "" }]);
    }),
    { numRuns: 100 },
  );
});

describe("the commands", () => {
  test("exporter and explain, piped", async () => {
    const written = await command([
      ...["exporter", "--name", "a", "--drop-reason", "POLICY_DENY", "--direction", "egress", "--namespace", "shop"],
      ...["--not", "--to-port", "53", "--exclude-namespace", "kube-system", "--or", "--verdict", "audit"],
      ...["--field-mask", "lean", "--name", "b", "--protocol", "http", "--end", "7d"],
    ]);
    expect(written.code).toBe(0);
    expect(written.stderr).toMatch(/note: these flows go to the file \/var\/run\/cilium\/hubble\/b\.log/);
    expect(written.stdout).toMatch(/^# Written by: hubble-adx exporter --name a /);
    const explained = await run(["explain", "-"], { input: written.stdout });
    expect(explained.code).toBe(0);
    const said = explained.stdout.replace(/\s+/g, " ");
    expect(said).toContain(
      "flows where the event is drop (1) with POLICY_DENY (181), the direction is EGRESS and the source is any pod of the namespace shop",
    );
    expect(said).toContain("or flows where the verdict is AUDIT");
    expect(said).toContain(
      "except flows where the destination port is 53 or flows where the source is any pod of the namespace kube-system",
    );
    expect(said).toContain("until 20");
  });

  test("a wrong word, a wrong file and a missing file end with exit code 1", async () => {
    expect(await command(["exporter", "--verdict", "droped"])).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining('did you mean "DROPPED"?') as string,
    });
    expect(await run(["explain", "-"], { input: "flowLogs:\n  - name: a\n" })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("standard input:2: error: a flow log needs a filePath") as string,
    });
    expect(await command(["explain", "/nowhere"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("cannot read /nowhere") as string,
    });
  });
});
