import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { flattenLog, noLines } from "../../tools/flatten/flatten-log.js";
import { FilterHost, readFilterModule } from "../../tools/host.js";
import { wrapped } from "../../tools/flatten/row-batch.js";
import { isQueryTile } from "../../tools/dashboard/adx.js";
import { loadDashboard } from "../../tools/dashboard/source.js";
import { runnableQuery } from "../../tools/dashboard/tile-query.js";
import { openLog } from "../../tools/logs/open-log.js";
import { packageFile } from "../../tools/package-file.js";
import { KustoService } from "./emulator-client.js";
import type { Answer } from "./reference/flow.js";
import { canonical } from "./support.js";

// The expectations of the embedded engine, held against Kusto itself. KUSTO_EMULATOR names the address of Microsoft's
// emulator, `http://localhost:8080`; a workflow starts its container and runs this.
const address = process.env.KUSTO_EMULATOR;
if (address === undefined) console.warn("No KUSTO_EMULATOR: nothing is compared with the service itself.");

const read = (path: string) => readFileSync(packageFile(path), "utf8");
const now = "datetime(2026-03-04T09:20:30Z)";
/** The engine's now() is the newest flow's time; the service's is its own. */
const at = (kql: string) => kql.replaceAll(/\bago\(([^()]*)\)/g, `(${now} - $1)`).replaceAll("now()", now);

interface Case {
  kql: string;
  is?: unknown;
  rows?: unknown[][];
  open?: string;
}

describe.skipIf(address === undefined)("the service", () => {
  const service = new KustoService(address ?? "http://localhost");

  beforeAll(async () => {
    await service.command(".drop table HubbleFlows ifexists").catch(() => {});
    await service.command(read("adx/setup.kql"));
    const lines = await rows();
    await service.command(
      `.ingest inline into table HubbleFlows with (format = 'json', ingestionMappingReference = 'HubbleFlowsMapping') <|\n${lines.map(wrapped).join("\n")}`,
    );
  });

  test("has taken every row", async () => {
    expect(await service.query("HubbleFlows | count")).toEqual([{ Count: (await rows()).length }]);
  });

  const source = loadDashboard();
  const tiles = source.pages.flatMap((page) =>
    page.tiles
      .filter(isQueryTile)
      .map(
        (tile) =>
          [`${page.name}: ${tile.title}`, runnableQuery(source, tile.query, { from: "ago(1h)", to: "now()" })] as const,
      ),
  );
  const golden = parse(read("tests/fixtures/kql/golden.yaml")) as Record<string, Answer[]>;
  const functions = Object.keys(golden)
    .filter((name) => /^\w+(\(| \|)/.test(name))
    .map((name) => [name, name] as const);

  // What depends on when rows were ingested has no answer beforehand.
  test.each([...functions, ...tiles].filter(([name]) => !/ngestion ?delay/i.test(name)))("%s", async (name, kql) => {
    expect(canonical(await service.query(at(kql)))).toEqual(canonical(golden[name]!));
  });

  const cases = (name: string) => parse(read(`tests/fixtures/kql/${name}.yaml`)) as Case[];
  const given = /const given = `([\s\S]*?)`;/.exec(read("tests/kql/answers.test.ts"))![1]!;

  test.each(cases("scalars").map((one) => [one.kql, one] as const))("%s", async (kql, { is, open }) => {
    const [row] = await service.query(
      `print x = ${kql.replace(/\bago\(1h\)/, "(datetime(2026-03-04T09:00:00Z) - 1h)").replace("now(-1d)", "(datetime(2026-03-04T09:00:00Z) - 1d)")}`,
    );
    compare(kql, [Object.values(row!)], [[is]], open);
  });

  test.each(cases("tables").map((one) => [one.kql, one] as const))("%s", async (kql, { rows: expected, open }) => {
    const result = await service.query(/\b[TU]\b/.test(kql) ? given + kql : kql);
    compare(
      kql,
      result.map((row) => Object.values(row)),
      expected!,
      open,
    );
  });

  /** Where the documentation leaves something open, the service's answer is news, and no failure. */
  function compare(kql: string, found: unknown[][], expected: unknown[][], open?: string): void {
    const [a, b] = [found, expected].map((list) => list.map((row) => JSON.stringify(row)).sort());
    if (open === undefined) expect(a).toEqual(b);
    else if (JSON.stringify(a) !== JSON.stringify(b))
      console.warn(`${kql} (${open}): the service gives ${a!.join(" ")}`);
  }
});

describe("the client", () => {
  const requests: { url: string | undefined; body: unknown }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      requests.push({ url: request.url, body: JSON.parse(body) });
      if (body.includes("refuse")) response.writeHead(400).end('{"error":{"message":"Syntax error"}}');
      else response.end(JSON.stringify({ Tables: [answer] }));
    });
  });
  const answer = {
    TableName: "Table_0",
    Columns: [
      { ColumnName: "t", DataType: "DateTime", ColumnType: "datetime" },
      { ColumnName: "b", DataType: "SByte", ColumnType: "bool" },
      { ColumnName: "d", DataType: "Object", ColumnType: "dynamic" },
      { ColumnName: "s", DataType: "String", ColumnType: "string" },
    ],
    Rows: [
      ["2026-03-04T09:00:00.5000000Z", 1, '{"a":[1]}', null],
      ["2026-03-04T09:00:00Z", 0, null, "x"],
    ],
  };
  let service: KustoService;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    service = new KustoService(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterAll(() => server.close());

  test("reads a version 1 answer as the engine's answers are", async () => {
    expect(await service.query("T")).toEqual([
      { t: "2026-03-04T09:00:00.5Z", b: true, d: { a: [1] }, s: "" },
      { t: "2026-03-04T09:00:00Z", b: false, d: null, s: "x" },
    ]);
    expect(requests.at(-1)).toEqual({ url: "/v1/rest/query", body: { db: "NetDefaultDB", csl: "T" } });
  });

  test("says what the service refused", async () => {
    await expect(service.command(".refuse")).rejects.toThrow(/^400 for \.refuse: .*Syntax error/);
    expect(requests.at(-1)!.url).toBe("/v1/rest/mgmt");
  });
});

/** The rows of the golden logs, as the filter makes them. */
async function rows(): Promise<string[]> {
  const host = new FilterHost(readFilterModule(), { functionName: "hubble_events" });
  const lines: string[] = [];
  for (const path of ["fluent-bit/sample/cilium-agent.log", "tests/fixtures/kql/aggregated.log"]) {
    const log = { name: path, bytes: openLog(new URL(packageFile(path)).pathname) };
    for await (const row of flattenLog(log, host, noLines())) lines.push(row.json);
  }
  return lines;
}
