import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../tools/package-file.js";
import { run } from "../support/cli.js";
import { command } from "../support/command.js";

const sample = new URL(packageFile("fluent-bit/sample/cilium-agent.log")).pathname;
const folder = mkdtempSync(join(tmpdir(), "hubble-adx-"));
const fileOf = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const flow =
  '{"flow":{"time":"2025-01-23T07:59:23.5Z","verdict":"DROPPED","uuid":"1"},"time":"2025-01-23T07:59:23.5Z"}';

describe("hubble-adx query", () => {
  it("answers over a log, and says what now() was", async () => {
    const { code, stdout, stderr } = await run([
      "query",
      "HubbleDeniedEgress(ago(1d), now()) | project Attempts, Source",
      sample,
    ]);
    expect(code).toBe(0);
    expect(stdout.split("\n")).toHaveLength(10);
    expect(stdout).toMatch(/^Attempts {2}Source\n─+.*\n6 +shop\/checkout-859b6d4f7c-2nv8j\n/);
    expect(stderr).toBe(
      "179 lines: 119 flows, 10 other export events, 1 unreadable, 49 other lines dropped\n" +
        "Answer: 7 rows; now() is 2026-03-04T09:14:50.9617791Z, the newest flow's time\n",
    );
  });

  it("reads standard input without a log and for -", async () => {
    for (const args of [[], ["-"]]) {
      const { stdout } = await command(
        ["query", "-q", "-f", "json", "HubbleFlows | project UUID, TimeGenerated", ...args],
        { input: `${flow}\n` },
      );
      expect(stdout).toBe('{"UUID":"1","TimeGenerated":"2025-01-23T07:59:23.5Z"}\n');
    }
  });

  it("writes JSON with every type, digit for digit", async () => {
    const kql = `print big = 9223372036854775807, span = 90m, flag = true, none = int(null), bag = dynamic({"a":[1.50]}), nan = real(nan), text = 'a"b'`;
    const { stdout } = await command(["query", "-q", "-f", "json", kql], { input: flow });
    expect(stdout).toBe(
      '{"big":9223372036854775807,"span":"01:30:00","flag":true,"none":null,"bag":{"a":[1.50]},"nan":"NaN","text":"a\\"b"}\n',
    );
  });

  it("writes CSV, with formulas kept from spreadsheets", async () => {
    const kql = "print a = '=1+1', b = -2, c = dynamic([1])";
    expect((await command(["query", "-q", "-f", "csv", kql], { input: flow })).stdout).toBe("a,b,c\n'=1+1,-2,[1]\n");
    expect((await command(["query", "-q", "-f", "csv", "--no-escape-formulas", kql], { input: flow })).stdout).toBe(
      "a,b,c\n=1+1,-2,[1]\n",
    );
  });

  it("shows what is in a flow as text, whatever it does to a terminal", async () => {
    const input = JSON.stringify({ flow: { time: "2025-01-23T07:59:23Z", verdict: "\u001b[2J\u202etxt" } });
    const { stdout } = await command(["query", "-q", "HubbleFlows | project Verdict"], { input });
    expect(stdout).toContain("\\x1b[2J\\u202etxt");
  });

  it("takes several statements, and a file of them between empty lines", async () => {
    const two = await command(["query", "-f", "csv", "print a = 1; print b = 2"], { input: flow });
    expect(two.stdout).toBe("a\n1\n\nb\n2\n");
    expect(two.stderr).toMatch(/Answer: 1 row, 1 row; /);
    const file = fileOf("two.kql", "// One.\nlet x = 1;\nprint a = x\n\n// Two.\nHubbleFlows\n| count\n");
    expect((await command(["query", "-q", "-f", "csv", "--file", file, sample])).stdout).toBe("a\n1\n\nCount\n130\n");
  });

  // Each alert and detection is in it: seconds of the parser's work, more on a machine that is busy.
  it("runs every query of adx/queries.kql", { timeout: 180_000 }, async () => {
    const queries = new URL(packageFile("adx/queries.kql")).pathname;
    const { code, stderr } = await command(["query", "-f", "json", "--file", queries, sample]);
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/Answer: (\w+ rows?, )+/) as string,
    });
  });

  it("fixes now() to a time", async () => {
    const { stdout, stderr } = await command(["query", "--now", "2026-01-02T03:04:05Z", "-f", "csv", "print ago(1h)"], {
      input: flow,
    });
    expect(stdout).toBe("print_0\n2026-01-02T02:04:05Z\n");
    expect(stderr).toContain("now() is 2026-01-02T03:04:05Z\n");
    expect(await command(["query", "--now", "yesterday", "print 1"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("it is no time such as") as string,
    });
  });

  it("says so when there is no row", async () => {
    const { stdout, stderr } = await command(["query", "HubbleFlows | where false", sample]);
    expect(stdout).toBe("");
    expect(stderr).toContain("Answer: no rows; ");
    expect((await command(["query", "HubbleFlows | where false"], { input: "level=info\n" })).stderr).toContain(
      "There is no Hubble flow in it",
    );
  });
});

describe("rows as the input", () => {
  it("reads what flatten writes", async () => {
    const rows = fileOf("rows.ndjson", (await command(["flatten", "-q", "-f", "json", sample])).stdout);
    const { stdout, stderr } = await command([
      "query",
      "--rows",
      "-f",
      "csv",
      "HubbleDeniedFlows(ago(1h), now()) | summarize sum(Packets)",
      rows,
    ]);
    expect(stdout).toBe("sum_Packets\n17\n");
    expect(stderr).toContain("120 rows\n");
  });

  it("reads an export, where dynamics are texts and bools numbers", async () => {
    const row = {
      TimeGenerated: "2026-03-04T09:14:05.19Z",
      Reply: 1,
      SourceLabels: '["a","b"]',
      DestinationLabels: "",
      SourcePort: null,
      UUID: "[1]",
    };
    const { stdout } = await command(
      [
        "query",
        "-q",
        "--rows",
        "-f",
        "json",
        "HubbleFlows | project Reply, SourceLabels[1], DestinationLabels, SourcePort, UUID",
      ],
      { input: JSON.stringify(row) },
    );
    expect(stdout).toBe(
      '{"Reply":true,"SourceLabels_1":"b","DestinationLabels":null,"SourcePort":null,"UUID":"[1]"}\n',
    );
  });

  it.each([
    ["{oops\n", /rows\.bad:2: not valid JSON \(.*\); --rows takes one JSON object a line$/],
    ["[1]\n", /rows\.bad:2: not a JSON object/],
    [`${flow}\n`, /rows\.bad:2: no column of HubbleFlows; it is a line of Hubble's exporter: leave --rows out$/],
  ])("names the line that is no row: %s", async (line, message) => {
    const { code, stdout, stderr } = await command([
      "query",
      "--rows",
      "HubbleFlows",
      fileOf("rows.bad", `{"UUID":"1"}\n${line}`),
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.trim()).toMatch(message);
  });
});

describe("mistakes", () => {
  it.each([
    [
      "HubbleFlows\n| where Vredict == 1",
      "Did you mean Verdict?",
      "line 2, column 9: | where Vredict == 1\n                          ^",
    ],
    ["HubbleDenied(ago(1h), now())", "does not refer to any known function.", "line 1, column 1: "],
    ["HubbleFlows | where (Reply", "Expected: )", "line 1, column 27: "],
    ["HubbleFlows | where DestinationPort == '443'", "comparison of int and string", "line 1, column 21: "],
    [
      "HubbleFlows | make-series count() on TimeGenerated step 1h",
      'the operator "make-series" is not covered by the embedded engine',
      "line 1, column 15: ",
    ],
    ["print extract('(', 1, 'x')", "missing", "line 1"],
  ])("%s", async (kql, message, place) => {
    const { code, stdout, stderr } = await command(["query", kql, sample]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).toContain(place);
    expect(stderr).not.toContain("    at ");
  });

  it("tells a mistake before it reads a log", async () => {
    expect((await command(["query", "HubbleFlowz", "/no/such/log"])).stderr).toContain("Did you mean HubbleFlows?");
  });

  it("a query, a log or a file that is not there", async () => {
    expect(await command(["query"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no query: hubble-adx query") as string,
    });
    expect((await command(["query", "print 1", "/no/such/log"])).stderr).toBe(
      "hubble-adx: /no/such/log: no such file\n",
    );
    expect((await command(["query", "--file", "/no/such.kql", sample])).stderr).toMatch(
      /^hubble-adx: .*\/no\/such\.kql/,
    );
  });
});

it("neither the parser nor DuckDB is loaded by commands that don't need them", () => {
  for (const file of ["cli.ts", "command-line.ts", "commands/query.ts", "index.ts"]) {
    const text = readFileSync(packageFile(`tools/${file}`), "utf8");
    for (const [, imported] of text.matchAll(/^import (?!type ).*from "(.*)";/gm)) {
      expect(imported).not.toMatch(/kusto\/(engine|language|database|split|load|check)|duckdb/);
    }
  }
});
