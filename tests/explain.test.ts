import { describe, expect, test } from "vitest";
import { explain } from "../tools/exporter/explain.js";
import type { ExplainOptions } from "../tools/exporter/explain.js";

const now = new Date("2026-01-01T00:00:00Z");

/** A flow log with these lines; the first of them is line 4. */
function flowLog(...lines: string[]): string {
  return ["flowLogs:", "  - name: test", "    filePath: stdout", ...lines.map((line) => `    ${line}`)].join("\n");
}

function findings(text: string, options: ExplainOptions = {}): string[] {
  return explain(text, "f.yaml", { now, ...options }).findings.map(
    ({ line, severity, message, remedy }) => `${line} ${severity}: ${message} | ${remedy}`,
  );
}

describe("words that Cilium understands in its own way", () => {
  const exported = (filter: string) =>
    explain(flowLog("includeFilters:", `  - ${filter}`), "f.yaml").text.match(/exports +(.*)/)![1];

  test.each([
    ["verdict: []", "all flows"],
    ["tcp_flags: [{ SYN: false }]", "flows where the TCP flags include whatever there are"],
    ["reply: [false]", "flows where the flow is no reply, or of unknown direction"],
  ])("%s", (filter, expected) => {
    expect(exported(filter)).toBe(expected);
  });

  test("a second document is not read", () => {
    const { flowLogs, findings } = explain("flowLogs: []\n---\nflowLogs: [{ name: a, filePath: stdout }]\n", "f.yaml");
    expect(flowLogs).toEqual([]);
    expect(findings).toContainEqual(expect.objectContaining({ severity: "warning", line: 3 }));
  });

  test.each([
    ["a doubled key", "flowLogs:\n- name: a\n  name: b\n  filePath: stdout\n", 3],
    ["an empty file", "", 1],
    ["a misspelt key", "flowLog:\n- name: a\n", 1],
  ])("%s is taken, and worth a warning", (_, text, line) => {
    expect(explain(text, "f.yaml").findings).toEqual([expect.objectContaining({ severity: "warning", line })]);
  });

  test("aggregation for a Cilium that passes over it exports every flow: an error", () => {
    const text = flowLog("fieldAggregate: [verdict, node_name]", "aggregationInterval: 30s");
    expect(explain(text, "f.yaml", { version: "1.17" }).findings).toContainEqual(
      expect.objectContaining({
        severity: "error",
        message: expect.stringMatching(/exports every single flow/) as string,
      }),
    );
  });
});

describe("what Cilium refuses is an error that names the line and the remedy", () => {
  test.each<[string, string[], RegExp]>([
    [
      "unknown filter field",
      ["includeFilters:", "  - verdicts: [DROPPED]"],
      /^5 error: .*no field "verdicts".*did you mean "verdict"\?/,
    ],
    [
      "unknown verdict",
      ["includeFilters:", "  - verdict: [DROPED]"],
      /^5 error: verdict: there is no "DROPED".*did you mean "DROPPED"\?/,
    ],
    [
      "lower case verdict",
      ["includeFilters:", "  - verdict:", "      - dropped"],
      /^6 error: .*did you mean "DROPPED"\?/,
    ],
    [
      "unknown drop reason",
      ["includeFilters:", "  - drop_reason_desc: [POLICY_DENIE]"],
      /^5 error: .*did you mean "POLICY_DEN/,
    ],
    [
      "event type by name",
      ["includeFilters:", "  - event_type: [{ type: drop }]"],
      /^5 error: .*takes a number, not "drop".*write 1$/,
    ],
    [
      "unknown key of an event type",
      ["includeFilters:", "  - event_type: [{ type: 1, subtype: 181 }]"],
      /^5 error: .*no field "subtype".*"sub_type"/,
    ],
    [
      "a number as port",
      ["includeFilters:", "  - destination_port: [443]"],
      /^5 error: .*443 is not a string.*in quotes: "443"/,
    ],
    ["port out of range", ["includeFilters:", '  - source_port: ["70000"]'], /^5 error: .*"70000" is no port/],
    ["no list", ["includeFilters:", "  - verdict: DROPPED"], /^5 error: verdict is not a list.*verdict: \["DROPPED"\]/],
    ["bad CIDR", ["includeFilters:", "  - source_ip: [10.0.0.0/33]"], /^5 error: .*no valid prefix length/],
    ["bad address", ["includeFilters:", "  - source_ip: [10.0.0]"], /^5 error: .*no IP address/],
    ["bad status", ["includeFilters:", '  - http_status_code: ["5xx"]'], /^5 error: .*"5\+"/],
    [
      "HTTP without L7",
      ["includeFilters:", '  - http_status_code: ["5+"]', "    event_type: [{ type: 1 }]"],
      /^5 error: http_status_code with an event_type other than 129/,
    ],
    ["unknown protocol", ["includeFilters:", "  - protocol: [htttp]"], /^5 error: .*did you mean "http"\?/],
    ["bad regular expression", ["includeFilters:", '  - dns_query: ["("]'], /^5 error: .*no regular expression/],
    ["bad reply", ["includeFilters:", '  - reply: ["yes"]'], /^5 error: .*not a boolean/],
    ["empty pod", ["includeFilters:", '  - source_pod: [""]'], /^5 error: .*must not be empty/],
    [
      "unknown mask field",
      ["fieldMask:", "  - time", "  - node_name", "  - ip"],
      /^7 error: .*no field "ip".*did you mean "IP"\?/,
    ],
    [
      "mask into a list",
      ["fieldMask: [time, node_name, source.labels.x]"],
      /^4 error: .*source\.labels is a list.*write source\.labels$/,
    ],
    ["mask below a value", ["fieldMask: [time, node_name, verdict.x]"], /^4 error: .*verdict is a single value/],
    [
      "end without a time zone",
      ["end: 2030-01-01T00:00:00"],
      /^4 error: .*is no time.*with the time of day and the time zone/,
    ],
    [
      "a protocol that Cilium has given up",
      ["includeFilters:", "  - protocol: [tcp, kafka]"],
      /^5 error: Cilium 1\.20 no longer knows the protocol kafka\. Cilium does not start this flow log/,
    ],
    ["bad interval", ["aggregationInterval: 30", "fieldAggregate: [node_name]"], /^4 error: .*30 is no duration/],
    [
      "filters that are no list",
      ["includeFilters: {}", "excludeFilters: { verdict: [DROPPED] }"],
      /^5 error: excludeFilters is not a list/,
    ],
  ])("%s", (_, lines, expected) => {
    expect(findings(flowLog(...lines)).find((line) => line.includes(" error: "))).toMatch(expected);
  });

  test("two flow logs of one name or path", () => {
    const text = flowLog("fieldMask: []").concat("\n  - { name: test, filePath: stdout }\n");
    expect(findings(text)).toEqual([
      expect.stringMatching(/^5 error: the name "test" is already that of the flow log at line 2/),
      expect.stringMatching(/^5 error: the filePath "stdout" is already that of the flow log at line 3.*\| merge/),
    ]);
  });

  test("missing name and path", () => {
    expect(findings("flowLogs:\n  - fieldMask: []\n")).toEqual([
      expect.stringMatching(/^2 error: a flow log needs a name/),
      expect.stringMatching(/^2 error: a flow log needs a filePath/),
    ]);
  });

  test("a field that the given Cilium does not know yet", () => {
    const text = flowLog(
      "includeFilters:",
      "  - drop_reason_desc: [POLICY_DENIED]",
      "fieldMask: [time, node_name, drop_reason_desc, policy_log]",
    );
    expect(findings(text, { version: "1.16" })).toEqual([
      expect.stringMatching(
        /^6 error: the field policy_log is known from Cilium 1\.18 on; Cilium 1\.16 does not start this flow log/,
      ),
      expect.stringMatching(/^5 note/),
      expect.stringMatching(
        /^6 note: a flow log that is not started leaves the old one of its name running after a reload/,
      ),
    ]);
    expect(explain(text, "f.yaml").needs).toBe("1.18");
  });

  test("YAML that is none", () => {
    expect(findings("flowLogs:\n  - name: [\n")).toEqual([expect.stringMatching(/^\d error: this is not valid YAML/)]);
  });

  test("a file without a configuration", () => {
    expect(findings("kind: Pod\n")).toEqual([
      expect.stringMatching(/^1 error: there is no Hubble exporter configuration/),
    ]);
  });
});

describe("what Cilium accepts but will not work is a warning", () => {
  test.each<[string, string[], RegExp]>([
    [
      "sub type that is not matched",
      ["includeFilters:", "  - event_type: [{ type: 1, sub_type: 181 }]"],
      /^5 warning: .*sub_type 181 is not looked at.*match_sub_type: true/,
    ],
    ["unknown event type", ["includeFilters:", "  - event_type: [{ type: 8 }]"], /^5 warning: .*no event type 8/],
    [
      "unknown sub type",
      ["includeFilters:", "  - event_type: [{ type: 1, match_sub_type: true, sub_type: 18 }]"],
      /^5 warning: .*no sub type 18/,
    ],
    [
      "pod without a namespace",
      ["includeFilters:", "  - source_pod: [kube-system]"],
      /^5 warning: .*namespace "default".*"kube-system\/"/,
    ],
    [
      "wildcard in a pod",
      ["includeFilters:", "  - source_pod: [shop/*]"],
      /^5 warning: .*no wildcard here.*write "shop\/"/,
    ],
    ["empty include filter", ["includeFilters: [{}]"], /^4 warning: an empty filter matches every flow/],
    ["empty exclude filter", ["excludeFilters: [{}]"], /^4 warning: an empty filter excludes every flow/],
    [
      "contradiction",
      ["includeFilters:", "  - verdict: [FORWARDED]", "    event_type: [{ type: 1 }]"],
      /^5 warning: .*matches nothing/,
    ],
    ["mask without time", ["fieldMask: [node_name, verdict]"], /^4 warning: .*"time" away: .*TimeGenerated/],
    ["mask without node", ["fieldMask: [time, verdict]"], /^4 warning: .*"node_name" away: .*NodeName/],
    [
      "mask that hides what is asked for",
      ["fieldMask: [time, node_name]", "includeFilters:", "  - verdict: [DROPPED]"],
      /^4 warning: flows are chosen by verdict, but the field mask takes it away/,
    ],
    ["end in the past", ["end: 2025-12-31T23:59:59Z"], /^4 warning: the end, 2025-12-31T23:59:59Z, is in the past/],
    ["unknown key", ["includeFilter: []"], /^4 warning: .*no key "includeFilter".*did you mean "includeFilters"\?/],
    [
      "aggregation without an interval",
      ["fieldAggregate: [verdict, node_name]"],
      /^4 warning: without an aggregationInterval/,
    ],
    [
      "interval without fields",
      ["aggregationInterval: 30s"],
      /^4 warning: without fieldAggregate nothing is aggregated/,
    ],
    [
      "aggregation without node",
      ["fieldAggregate: [verdict]", "aggregationInterval: 30s"],
      /^4 warning: .*add node_name to fieldAggregate/,
    ],
  ])("%s", (_, lines, expected) => {
    expect(findings(flowLog(...lines)).find((line) => line.includes(" warning: "))).toMatch(expected);
  });

  test.each([
    [
      "DROP_PUNT_PROXY",
      "1.17",
      [/^5 error: the drop reason DROP_PUNT_PROXY is known from Cilium 1\.18 on.*the whole file/],
    ],
    ["DROP_PUNT_PROXY", "1.18", []],
    ["205", "1.17", []],
    ["DROP_NO_DEVICE", "1.20", [/^5 error: .*no name for the drop reason 206.*write 206/]],
    ["206", "1.20", []],
  ] as const)("the drop reason %s in Cilium %s", (reason, version, expected) => {
    const found = findings(flowLog("includeFilters:", `  - drop_reason_desc: [${reason}]`), { version });
    expect(found).toEqual(expected.map((pattern) => expect.stringMatching(pattern) as string));
  });

  test("Kafka is well in a Cilium that has it", () => {
    expect(findings(flowLog("includeFilters:", "  - protocol: [kafka]"), { version: "1.19" })).toEqual([]);
  });

  test("TimeGenerated stays empty under no mask: the record's timestamp fills it", () => {
    expect(explain(flowLog("fieldMask: [verdict]"), "f.yaml", { now }).text).toMatch(/stay empty: DropReason, /);
  });

  test.each(["experimental", "verdict", "source_pod", "http_status_code"])(
    "a %s that is null is not there",
    (field) => {
      const lines = flowLog("includeFilters:", `  - ${field}: null`, "    protocol: [tcp]");
      expect(findings(lines)).toEqual([]);
    },
  );

  test("experimental that is no object is refused", () => {
    expect(findings(flowLog("includeFilters:", "  - experimental: [1]"))).toEqual([
      expect.stringMatching(/^5 error: experimental is not an object\. Cilium refuses the whole file/),
    ]);
  });

  test.each([
    ["drop_reason_desc: [POLICY_DENIED]", /add POLICY_DENY to drop_reason_desc$/],
    ["drop_reason_desc: [POLICY_DENY]", /add POLICY_DENIED to drop_reason_desc$/],
    ["event_type: [{ type: 1, match_sub_type: true, sub_type: 181 }]", /sub_type: 133 } to event_type$/],
  ])("advice for both reasons speaks of the field in use: %s", (filter, advice) => {
    expect(findings(flowLog("includeFilters:", `  - ${filter}`))).toEqual([expect.stringMatching(advice)]);
  });

  // In 1.20.2: the mask [uuid, l4.TCP.destination_port], a TCP flow to 443, then a UDP flow: its line says 443 too.
  test.each([
    ["1.19", /^4 error: .*empty l7\.http into flows that have none.*\| write l7$/],
    ["1.20", /^4 error: .*leave the l7\.http\.code of an earlier flow in flows that have none.*\| write l7$/],
  ] as const)("a mask below a choice is wrong data in Cilium %s", (version, expected) => {
    const lines = flowLog("fieldMask: [time, node_name, l7.http.code]");
    expect(findings(lines, { version })).toEqual([expect.stringMatching(expected)]);
  });

  test.each([
    ["", 1],
    ["    fileMaxSizeMb: 100\n", 1],
    ["    fileMaxSizeMb: 2147483647\n", 0],
  ])("/dev/stdout is rotated away unless the size forbids it (%j)", (size, warnings) => {
    const found = findings(`flowLogs:\n  - name: a\n    filePath: /dev/stdout\n${size}`);
    expect(found.filter((line) => line.startsWith("3 warning: Cilium takes /dev/stdout for a file"))).toHaveLength(
      warnings,
    );
  });

  test("before Cilium 1.18 the flow log's own size does not count", () => {
    const text = "flowLogs:\n  - name: a\n    filePath: /dev/stdout\n    fileMaxSizeMb: 2147483647\n";
    expect(findings(text, { version: "1.17" })).toEqual([
      expect.stringMatching(/^3 warning: .*rotates it after 10 MB/),
      expect.stringMatching(/^4 warning: the key fileMaxSizeMb is known from Cilium 1\.18 on/),
    ]);
  });
});

test("one of the two reasons for which policies drop is a note", () => {
  const text = (subType: number) =>
    flowLog("includeFilters:", `  - event_type: [{ type: 1, match_sub_type: true, sub_type: ${subType} }]`);
  expect(findings(text(181))).toEqual([
    expect.stringMatching(/^5 note: .*not what no rule allows \(POLICY_DENIED, 133\)/),
  ]);
  expect(findings(text(133))).toEqual([
    expect.stringMatching(/^5 note: .*not what a deny rule forbids \(POLICY_DENY, 181\)/),
  ]);
});

describe("every form in which the configuration comes", () => {
  const filter = { verdict: ["DROPPED"] };

  test("a ConfigMap with a block, its lines being those of the file", () => {
    const text = `apiVersion: v1
kind: ConfigMap
metadata:
  name: cilium-flowlog-config
  namespace: kube-system
data:
  flowlogs.yaml: |
    flowLogs:
    - name: drops
      filePath: stdout
      includeFilters:
      - verdict: [DROPED]
`;
    const { text: words, findings: found } = explain(text, "f.yaml");
    expect(words).toContain("ConfigMap kube-system/cilium-flowlog-config");
    expect(found).toMatchObject([{ severity: "error", line: 12 }]);
  });

  test("a ConfigMap as kubectl prints it, in a list", () => {
    const text = JSON.stringify({
      kind: "List",
      items: [
        {
          kind: "ConfigMap",
          metadata: { name: "c" },
          data: { "flowlogs.yaml": "flowLogs:\n- name: a\n  filePath: stdout\n" },
        },
      ],
    });
    expect(explain(text, "f.json")).toMatchObject({ findings: [], flowLogs: [{ name: "a", filePath: "stdout" }] });
  });

  test("a ConfigMap with another key", () => {
    const text = "kind: ConfigMap\ndata:\n  flows.yaml: |\n    flowLogs: []\n";
    expect(findings(text)[0]).toMatch(/^3 error: Cilium reads the key flowlogs\.yaml/);
  });

  test.each([
    ["Cilium 1.15 joins with commas", `{"verdict":["DROPPED"]},{"source_pod":["a/"]}`],
    ["Cilium 1.17 with spaces", `{"verdict":["DROPPED"]} {"source_pod":["a/"]}`],
  ])("the agent's ConfigMap: %s", (_, list) => {
    const text = `kind: ConfigMap
metadata: { name: cilium-config }
data:
  hubble-export-file-path: stdout
  hubble-export-fieldmask: time node_name verdict source
  hubble-export-allowlist: '${list}'
  hubble-export-denylist: ""
`;
    expect(explain(text, "f.yaml")).toMatchObject({
      findings: [],
      flowLogs: [
        {
          filePath: "stdout",
          fieldMask: ["time", "node_name", "verdict", "source"],
          includeFilters: [filter, { source_pod: ["a/"] }],
        },
      ],
    });
  });

  test("two filters with a comma in one string of the Helm values: the agent's decoder stops at it", () => {
    const text = `hubble:
  export:
    static:
      enabled: true
      filePath: stdout
      allowList:
        - '{"verdict":["DROPPED"]},{"source_pod":["a/"]}'
`;
    expect(findings(text)).toEqual([expect.stringMatching(/^7 error: two filters in one string, with a comma/)]);
    const blank = text.replace("},{", "} {");
    expect(explain(blank, "f.yaml").flowLogs[0]!.includeFilters).toEqual([filter, { source_pod: ["a/"] }]);
  });

  test("Helm values of both modes", () => {
    const text = `hubble:
  export:
    static:
      enabled: true
      filePath: stdout
      allowList:
        - '{"verdict":["DROPPED"]}'
    dynamic:
      enabled: true
      config:
        content:
          - name: drops
            filePath: stdout
            includeFilters: [{ verdict: [DROPPED] }]
`;
    const { flowLogs, findings: found } = explain(text, "f.yaml");
    expect(found).toEqual([]);
    expect(flowLogs.map(({ includeFilters }) => includeFilters)).toEqual([[filter], [filter]]);
  });

  test("Helm values that are switched off, or whose ConfigMap someone else keeps", () => {
    const text = `hubble:
  export:
    dynamic:
      config:
        createConfigMap: false
        content: [{ name: a, filePath: stdout }]
`;
    expect(findings(text)).toEqual([
      expect.stringMatching(/^4 warning: the dynamic exporter is off/),
      expect.stringMatching(/^6 warning: createConfigMap is false/),
    ]);
  });

  test("a static filter that is no JSON", () => {
    const text =
      "hubble:\n  export:\n    static:\n      enabled: true\n      filePath: stdout\n      allowList:\n        - verdict=DROPPED\n";
    expect(findings(text)).toEqual([
      expect.stringMatching(/^7 error: the filter verdict=DROPPED is not a JSON object/),
    ]);
  });

  test("lowerCamelCase names and numbers, which Cilium takes too", () => {
    const { flowLogs, findings: found } = explain(
      flowLog("includeFilters:", "  - eventType: [{ type: 1, matchSubType: true, subType: 134 }]", "    verdict: [2]"),
      "f.yaml",
    );
    expect(found).toEqual([]);
    expect(flowLogs[0]!.includeFilters).toEqual([
      { event_type: [{ type: 1, match_sub_type: true, sub_type: 134 }], verdict: ["DROPPED"] },
    ]);
  });
});

test("the plain words", () => {
  const text = flowLog(
    "fieldMask: [time, node_name, verdict, event_type, source, destination, l4, l7, IP]",
    "includeFilters:",
    "  - event_type: [{ type: 1, match_sub_type: true, sub_type: 181 }, { type: 1, match_sub_type: true, sub_type: 133 }]",
    "    source_pod: [shop/]",
    "  - protocol: [dns]",
    '    destination_port: ["53"]',
    "excludeFilters:",
    "  - destination_pod: [/coredns-]",
    "end: 2030-01-31T18:00:00Z",
  );
  const words = explain(text, "f.yaml", { now }).text;
  // The first and the last of them are enough, lest every new column be one more here.
  const shortened = words.replace(/(stay empty: \w+, )[^]*?(\w+\n {2}until)/, "$1… $2");
  expect(shortened).toMatchInlineSnapshot(`
    "flow logs: 1 flow log

    test
      goes to  the log of the Cilium agent (standard output)
      exports  flows where the event is drop (1) with POLICY_DENY (181) or drop (1) with POLICY_DENIED (133) and
               the source is any pod of the namespace shop
               or flows where the protocol is dns and the destination port is 53
      except   flows where the destination is a pod whose name begins with coredns-
      carries  time, node_name, verdict, event_type, source, destination, l4, l7, IP
      columns  these stay empty: DropReason, … NodeLabels
      until    2030-01-31T18:00:00Z"
  `);
});

describe("conditions that exclude each other", () => {
  const warned = (filter: string) =>
    findings(flowLog("includeFilters:", `  - { ${filter} }`)).filter((one) => one.includes("exclude each other"));

  test.each([
    ["verdict: [FORWARDED], event_type: [{ type: 1 }]", "verdict"],
    ["verdict: [FORWARDED], drop_reason_desc: [POLICY_DENY]", "verdict"],
    ["drop_reason_desc: [POLICY_DENY], event_type: [{ type: 1, match_sub_type: true, sub_type: 133 }]", "reason"],
    ["verdict: [DROPPED], event_type: [{ type: 4 }]", "verdict"],
    ["protocol: [udp], tcp_flags: [{ SYN: true }]", "L4 protocol"],
    ['protocol: [icmp], destination_port: ["443"]', "L4 protocol"],
    ["protocol: [http], dns_query: [a]", "L7 protocol"],
    ["dns_query: [a], event_type: [{ type: 1 }]", "event"],
    ["protocol: [dns], event_type: [{ type: 4 }]", "event"],
    ["ip_version: [IPv6], source_ip: [10.0.0.0/8]", "IP version"],
    ['source_ip: [10.0.0.1], destination_ip: ["::1"]', "IP version"],
  ])("%s", (filter, property) => {
    expect(warned(filter)).toEqual([expect.stringContaining(`a flow of another ${property} `)]);
  });

  test.each([
    "verdict: [DROPPED], event_type: [{ type: 1 }], drop_reason_desc: [POLICY_DENY]",
    "drop_reason_desc: [POLICY_DENY], event_type: [{ type: 1, match_sub_type: true, sub_type: 181 }]",
    "drop_reason_desc: [206], event_type: [{ type: 1, match_sub_type: true, sub_type: 206 }]",
    "verdict: [DROPPED], event_type: [{ type: 4 }, { type: 129 }]",
    "verdict: [FORWARDED], event_type: [{}]",
    "protocol: [udp, dns], event_type: [{ type: 1 }]",
    "protocol: [udp], dns_query: [a], event_type: [{ type: 129 }]",
    'protocol: [tcp, icmp], destination_port: ["443"], tcp_flags: [{ SYN: true }]',
    "protocol: [], tcp_flags: [{ SYN: true }]",
    'ip_version: [IPv4], source_ip: ["::1", 10.0.0.1]',
  ])("%s do not", (filter) => {
    expect(warned(filter)).toEqual([]);
  });
});
