import { request } from "node:http";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ResultTile } from "../../tools/report/model.js";
import { LiveFlows } from "../../tools/serve/live-flows.js";
import { batchesOf, readSample, served } from "../support/served.js";
import { openEngine } from "../support/engine.js";

let sample: Awaited<ReturnType<typeof served>>;
let port: number;

beforeAll(async () => {
  sample = await served(readSample);
  ({ port } = sample);
});
afterAll(() => sample.close());

interface Reply {
  status: number;
  headers: Record<string, unknown>;
  text: string;
}

function send(path: string, { method = "GET", headers = {}, body = "" } = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode!, headers: response.headers, text: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const post = (path: string, value: unknown, headers = {}) =>
  send(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(value),
  });

async function tile(path: string): Promise<ResultTile> {
  const { status, text } = await send(path);
  expect(status, text).toBe(200);
  return JSON.parse(text) as ResultTile;
}

const stat = ({ rows }: ResultTile, label: string) => rows.find(([name]) => name === label)?.[1];

test("tiles answer for all flows, for a range and for the filters of the address", async () => {
  // Counted in the log by hand: see the cases of the KQL tests.
  expect(stat(await tile("/api/tile/overview/0"), "Denied by policy")).toBe(17);
  expect(stat(await tile("/api/tile/blocked-egress/1"), "Attempts")).toBe(13);
  expect(stat(await tile("/api/tile/blocked-egress/1?namespace=sandbox"), "Attempts")).toBe(4);
  expect(stat(await tile("/api/tile/blocked-egress/1?namespace=sandbox&namespace=messaging"), "Attempts")).toBe(5);
  expect(stat(await tile("/api/tile/blocked-egress/1?pod=checkout"), "Attempts")).toBe(8);
  expect(stat(await tile("/api/tile/blocked-egress/1?from=2026-03-04T10:00:00Z"), "Attempts")).toBe(0);
  expect(stat(await tile("/api/tile/blocked-egress/1?range=1h"), "Attempts")).toBe(13);
  expect((await send("/api/tile/overview/0?range=1d)%20|%20take%201")).status).toBe(400);
  expect((await send("/api/tile/overview/99")).status).toBe(404);
});

test("the query of a tile is shown as it runs, with what was chosen", async () => {
  const { kql, rows } = await tile(`/api/tile/blocked-egress/4?namespace=${encodeURIComponent('a"] | take 0 //')}`);
  expect(rows).toEqual([]);
  expect(kql).toContain('let _namespace = dynamic(["a\\"] | take 0 //"]);');
});

test("the lists offer what occurs in the range", async () => {
  const { text } = await send("/api/values/namespace");
  expect(JSON.parse(text)).toEqual(expect.arrayContaining(["kube-system", "messaging", "sandbox", "shop"]));
  expect(JSON.parse((await send("/api/values/namespace?to=2020-01-01T00:00:00Z")).text)).toEqual([]);
});

test("a query of one's own is answered, completed, and shown its mistakes", async () => {
  const answered = await post("/api/query", { kql: "HubbleFlows | count; print a = 1.5, b = datetime(2026-03-04)" });
  expect(JSON.parse(answered.text)).toEqual([
    { columns: [{ name: "Count", type: "long" }], rows: [[130]] },
    {
      columns: [
        { name: "a", type: "real" },
        { name: "b", type: "datetime" },
      ],
      rows: [[1.5, "2026-03-04T00:00:00Z"]],
    },
  ]);
  const kql = "HubbleFlows\n| where Verdit == 1";
  const wrong = await post("/api/query", { kql });
  expect(wrong.status).toBe(400);
  expect((JSON.parse(wrong.text) as { error: string }).error).toMatch(
    /Verdit.*Did you mean Verdict\?\nline 2, column 9/s,
  );
  const found = JSON.parse((await post("/api/check", { kql })).text) as { from: number; to: number }[];
  expect(kql.slice(found[0]!.from, found[0]!.to)).toBe("Verdit");
  const offered = await post("/api/complete", { kql: "HubbleFlows | where Verd", position: 24 });
  const { from, items } = JSON.parse(offered.text) as { from: number; items: { label: string }[] };
  expect(from).toBe(20);
  expect(items[0]).toMatchObject({ label: "Verdict", kind: "column" });
});

test("downloads have all rows, and no formula", async () => {
  const { text, headers } = await post("/api/query", {
    kql: 'range a from 1 to 3000 step 1 | extend b = "=1+1"',
    format: "csv",
  });
  const rows: string[][] = parse(text);
  expect(rows.length).toBe(3001);
  expect(rows[1]).toEqual(["1", "'=1+1"]);
  expect(headers["content-disposition"]).toBe('attachment; filename="flows.csv"');
  const json = await send("/api/download/overview/3?format=json");
  expect(json.text.trim().split("\n").length).toBe(6);
});

test.each([
  ["a name that only resolves to this machine", { Host: "flows.example.org" }],
  ["a name that begins as ours does", { Host: "localhost.example.org" }],
  ["another origin", { Origin: "https://example.org" }],
  ["another port of this machine", { Origin: "http://127.0.0.1:1" }],
  ["a page's origin that is none", { Origin: "null" }],
  ["another site", { "Sec-Fetch-Site": "cross-site" }],
])("%s is refused", async (_, headers) => {
  expect((await send("/api/state", { headers })).status).toBe(403);
  expect((await post("/api/query", { kql: "print 1" }, headers)).status).toBe(403);
});

test("requests that a form could make, and other methods, are refused", async () => {
  const form = { method: "POST", headers: { "Content-Type": "text/plain" }, body: '{"kql":"print 1"}' };
  expect((await send("/api/query", form)).status).toBe(415);
  expect((await send("/api/state", { method: "DELETE" })).status).toBe(405);
  expect((await post("/api/query", { kql: "x".repeat(2 << 20) })).status).toBe(413);
  for (const path of ["/../package.json", "/web/live.js", "/api", "/%2e%2e/package.json"]) {
    expect((await send(path)).status, path).toBe(404);
  }
});

test.each([
  'externaldata (a: string) [@"/etc/passwd"]',
  'print read_text("/etc/passwd")',
  "database('memory').incoming",
  "evaluate python(typeof(*), 'x')",
  "union withsource=T *",
  ".show tables",
  "HubbleFlows | where Verdict == \"'); COPY HubbleFlows TO '/tmp/stolen.csv'; --\" | count; attach database 'x'",
])("a query reads the flows and nothing else: %s", async (kql) => {
  const { status, text } = await post("/api/query", { kql });
  expect(status, text).toBe(400);
});

test("the page's policy lets no other script and no other address in", async () => {
  const { headers } = await send("/");
  const policy = String(headers["content-security-policy"]);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toContain("unsafe");
});

test("the oldest rows go first when there are more than are kept", async () => {
  const small = await openEngine();
  try {
    const flows = new LiveFlows(small, 1000);
    const times = Array.from({ length: 2500 }, (_, second) =>
      new Date(Date.UTC(2026, 0, 1) + ((second * 7919) % 2500) * 1000).toISOString(),
    );
    await flows.read(batchesOf(times.map((time) => JSON.stringify({ TimeGenerated: time }))));
    const { rows, removed, newest, oldest } = flows.state;
    expect(rows + removed).toBe(2500);
    expect(rows).toBe(950);
    expect(await small.count()).toBe(950);
    expect(newest).toBe("2026-01-01T00:41:39Z");
    const [result] = await small.query("HubbleFlows | summarize min(TimeGenerated), max(TimeGenerated)");
    expect(result!.rows[0]).toEqual([oldest, newest]);
    expect(oldest).toBe("2026-01-01T00:25:50Z");
  } finally {
    small.close();
  }
});
