import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { loadLog } from "../../tools/kusto/load.js";
import { noLines } from "../../tools/flatten/flatten-log.js";
import { packageFile } from "../../tools/package-file.js";
import { objects } from "../kql/support.js";
import { run } from "../support/cli.js";
import { command } from "../support/command.js";
import { openEngine } from "../support/engine.js";

const sample = packageFile("fluent-bit/sample/cilium-agent.log").pathname;
const folder = mkdtempSync(join(tmpdir(), "hubble-adx-"));
const fileOf = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const policy = (...args: string[]) => command(["policy", ...args]);
const names = (yaml: string) =>
  parseAllDocuments(yaml).map((document) => {
    const { metadata } = document.toJS() as { metadata: { name: string; namespace: string } };
    return `${metadata.namespace}/${metadata.name}`;
  });
/** Without comments: what is counted may differ by where it is counted. */
const bare = (yaml: string) => yaml.replaceAll(/^ *#.*\n/gm, "");

describe("hubble-adx policy", () => {
  it("writes a policy for each workload in scope, and says what it leaves out", async () => {
    const { code, stdout, stderr } = await run(["policy", "--namespace", "shop", sample]);
    expect(code).toBe(0);
    expect(names(stdout)).toEqual(
      ["cart", "cart-redis", "catalog", "checkout", "orders-db", "storefront"].map((name) => `shop/observed-${name}`),
    );
    expect(stderr).toMatch(
      /^179 lines: 119 flows, .*\n6 policies\. It is what these flows needed: what they do not show is denied\.\n/,
    );
    expect(stderr).toContain("shop/storefront: Denied, and left out: ingress, 1 flow, 2026-03-04T09:14:22Z");
  });

  it("takes workloads with and without their namespace, and one direction", async () => {
    const { stdout } = await policy("-q", "-w", "shop/cart", "-w", "netshoot", "--direction", "egress", sample);
    expect(names(stdout)).toEqual(["sandbox/observed-netshoot", "shop/observed-cart"]);
    expect(parse(stdout.split("---\n")[1]!)).toMatchObject({ spec: { egress: [{}] } });
    expect(stdout).not.toContain("ingress:");
  });

  it("--check finds nothing in what it wrote itself, and what an older policy would deny", async () => {
    const { stdout } = await policy("-q", sample);
    const file = fileOf("policies.yaml", stdout);
    const same = await policy("-q", "--check", file, "--", sample);
    expect([same.code, same.stdout]).toEqual([0, "0 denied, 28 allowed, 3 that no policy is about\n"]);
    const narrowed = fileOf("narrowed.yaml", stdout.replaceAll('"6379"', '"6380"'));
    const { code, stdout: told } = await policy("-q", "--check", narrowed, "--", sample);
    expect(code).toBe(1);
    expect(told).toContain("denied: egress, shop/cart-5c8d7f9b6d-tq9zx -> shop/cart-redis-0, TCP 6379 (2 flows, ");
    expect(told).toContain("CiliumNetworkPolicy shop/observed-cart\n");
    expect(told).toContain("2 denied, 26 allowed, 3 that no policy is about\n");
  });

  it("writes NetworkPolicies, and says what they cannot", async () => {
    const { stdout } = await policy("-q", "--kubernetes", "-w", "netshoot", sample);
    expect(stdout).toContain("# A NetworkPolicy cannot say: egress, TCP 443 to kube-apiserver.\n");
    expect(parse(stdout)).toMatchObject({
      kind: "NetworkPolicy",
      spec: {
        policyTypes: ["Ingress", "Egress"],
        ingress: [],
        egress: [{ ports: [{ port: 53, protocol: "UDP" }] }, {}],
      },
    });
  });

  it.each([
    [["--kubernetes", "--l7", sample], 1, "--l7 and --kubernetes: a NetworkPolicy knows ports"],
    [["--namespace", "nowhere", sample], 1, "hubble-adx: no flows of nowhere; seen were "],
    [["--check", "nowhere.yaml", "--", sample], 1, "hubble-adx: cannot read nowhere.yaml"],
    [["--check", sample], 1, "cilium-agent.log: it is a log: put -- in front of the logs"],
    [["--direction", "up", sample], 2, "error: option '--direction <direction>' argument 'up' is invalid"],
    [["--rows", fileOf("broken.json", "[1,")], 1, "broken.json: not valid JSON"],
    [["--rows", fileOf("other.json", '[{"a":1}]')], 1, "other.json, row 1: no column of HubbleFlows"],
    [["--rows", fileOf("frames.json", '[{"FrameType":"DataSetHeader"}]')], 1, "frames.json: no rows in it"],
  ])("%j is refused", async (args, code, message) => {
    const ran = await policy("-q", ...args);
    expect([ran.code, ran.stdout]).toEqual([code, ""]);
    expect(ran.stderr).toContain(message);
  });
});

describe("the same flows, from elsewhere", () => {
  let edges: Record<string, unknown>[];
  beforeAll(async () => {
    const engine = await openEngine();
    await loadLog(engine, { path: sample }, noLines(), "hubble_flows");
    const results = await engine.query("HubbleEdges(datetime(2026-03-04), datetime(2026-03-05))", {});
    edges = objects(results.at(-1)!);
    engine.close();
  });

  const columns = () => Object.keys(edges[0]!);
  // As the service answers: dynamics as texts, bools as numbers.
  const cells = (row: Record<string, unknown>) =>
    columns().map((name) => {
      const value = row[name];
      if (typeof value === "boolean") return Number(value);
      return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
    });
  const table = () => ({ Columns: columns().map((ColumnName) => ({ ColumnName })), Rows: edges.map(cells) });
  const forms: Record<string, () => string> = {
    "JSON lines": () => edges.map((edge) => JSON.stringify(edge)).join("\n"),
    "a list": () => JSON.stringify(edges),
    "REST v1": () =>
      JSON.stringify(
        {
          Tables: [
            { TableName: "Table_0", ...table() },
            { Columns: [], Rows: [] },
          ],
        },
        undefined,
        2,
      ),
    "REST v2": () =>
      JSON.stringify([
        { FrameType: "DataSetHeader", Version: "v2.0" },
        { FrameType: "DataTable", TableKind: "QueryProperties", Columns: [], Rows: [] },
        { FrameType: "DataTable", TableKind: "PrimaryResult", ...table() },
      ]),
  };

  it.each(Object.keys(forms))("HubbleEdges as %s", async (form) => {
    const file = fileOf("edges.json", forms[form]!());
    for (const options of [[], ["--l7"], ["--allow-denied"], ["--kubernetes"]]) {
      const [ofLog, ofEdges] = await Promise.all([
        policy("-q", ...options, sample),
        policy("-q", ...options, "--rows", file),
      ]);
      expect(bare(ofEdges.stdout)).toBe(bare(ofLog.stdout));
      expect(ofLog.stdout).not.toBe("");
    }
  });

  it("rows of flatten", async () => {
    const rows = fileOf("rows.json", (await command(["flatten", "-q", "--format", "json", sample])).stdout);
    const [ofLog, ofRows] = await Promise.all([policy("-q", sample), policy("-q", "--rows", rows)]);
    expect(ofRows.stdout).toBe(ofLog.stdout);
    expect(readFileSync(rows, "utf8").split("\n").length).toBeGreaterThan(100);
  });
});
