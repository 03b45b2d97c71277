import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { isQueryTile } from "../../tools/dashboard/adx.js";
import { grafanaDashboard } from "../../tools/dashboard/grafana.js";
import { loadDashboard } from "../../tools/dashboard/source.js";
import { runnableQuery } from "../../tools/dashboard/tile-query.js";
import { storedFunctions, type StoredFunction } from "../../tools/generate/functions-markdown.js";
import { noLines } from "../../tools/flatten/flatten-log.js";
import type { Engine } from "../../tools/kusto/engine.js";
import { loadLog } from "../../tools/kusto/load.js";
import { datetimeText } from "../../tools/text/ticks.js";
import { packageFile } from "../../tools/package-file.js";
import type { Answer } from "./reference/flow.js";
import { answer, objects } from "./support.js";
import { hubbleDatabase, openEngine } from "../support/engine.js";

// What the functions and the dashboards' tiles give for the sample log and a log of aggregated flows. Read what changes in
// the file before you commit it: it is what a user sees.
const file = packageFile("tests/fixtures/kql/golden.yaml");
const expected = (parse(readFileSync(file, "utf8")) ?? {}) as Record<string, Answer[]>;
const found: Record<string, Answer[]> = {};
const updates = process.env.UPDATE_GOLDEN !== undefined;

// Every function of a time range that sums up flows, as it is without more arguments. What gives the flows themselves, or is
// there for others to sum up, is seen in those; of the pairs that talk most the last of the first twenty are alike.
const others = new Set(["HubbleFlowCounts", "HubbleEdges", "HubbleTopTalkers"]);
const isAnswer = ({ name, parameters: [first, , ...more] }: StoredFunction): boolean => {
  if (first?.name !== "startTime" || others.has(name) || more.some(({ standard }) => standard === undefined))
    return false;
  const columns = hubbleDatabase().columns(`${name}(ago(1h), now())`);
  return Object.keys(columns).length > 0 && !("UUID" in columns);
};
const functions = [
  ...storedFunctions(readFileSync(packageFile("adx/functions.kql"), "utf8"))
    .filter(isAnswer)
    .map(({ name }) => `${name}(ago(1h), now())`),
  "HubbleDeniedEgress(ago(1h), now(), 'shop', 'checkout')",
  "HubbleTopTalkers(ago(1h), now(), 5)",
  "HubbleDnsLatency(ago(1h), now(), 1ms)",
  "HubbleHttpErrors(ago(1h), now(), 500, true)",
  "HubblePodConnections(ago(1h), now(), 'shop', 'cart')",
  "HubbleFirstSeenDestinations(ago(6m), now(), 1h, 'shop')",
  "ASimNetworkSessionCiliumHubble() | summarize Events = sum(EventCount) by EventResult, DvcAction, NetworkDirection, EventSubType | sort by Events desc, EventResult asc",
  "vimNetworkSessionCiliumHubble(dvcaction = dynamic(['Deny'])) | project SrcHostname, DstHostname, DstIpAddr, DstPortNumber, NetworkDirection, NetworkRuleName | distinct * | sort by DstIpAddr asc, SrcHostname asc",
  "ASimDnsCiliumHubble() | where DnsResponseCodeName == 'NXDOMAIN' | project SrcHostname, DstHostname, DnsQuery, EventResult, EventCount | sort by DnsQuery asc",
  "ContainerNetworkLogs | where Verdict == 'DROPPED' | extend Port = tolong(Layer4.TCP.destination_port) | summarize Rows = count() by TrafficDirection, SourcePodName, Destination = tostring(IP.destination), Port, Policy = tostring(Policies.egress_denied_by[0].name) | sort by Rows desc",
];

const source = loadDashboard();
const tiles = source.pages.flatMap((page) => page.tiles.filter(isQueryTile).map((tile) => ({ page, tile })));
const lists = source.parameters.filter(({ query }) => query !== undefined);

let engine: Engine;
let now: bigint;
beforeAll(async () => {
  engine = await openEngine();
  for (const log of ["fluent-bit/sample/cilium-agent.log", "tests/fixtures/kql/aggregated.log"]) {
    await loadLog(engine, { path: new URL(packageFile(log)).pathname }, noLines());
  }
  now = (await engine.newestTime())!;
});
afterAll(() => {
  engine.close();
  if (updates) writeFileSync(file, Object.entries(found).map(section).join("\n"));
});

/** A row a line. */
function section([name, rows]: [string, Answer[]]): string {
  const lines = rows.map((row) => `  - ${JSON.stringify(row).replaceAll('","', '", "').replaceAll(',"', ', "')}\n`);
  return `${JSON.stringify(name)}:${rows.length === 0 ? " []\n" : `\n${lines.join("")}`}`;
}

const answers = new Map<string, Promise<Answer[]>>();

/** The rows of a query, asked once. */
function askOnce(kql: string): Promise<Answer[]> {
  if (!answers.has(kql)) answers.set(kql, answer(engine, kql, now));
  return answers.get(kql)!;
}

async function check(name: string, kql: string): Promise<void> {
  const rows = await askOnce(kql);
  found[name] = rows;
  if (!updates) expect(rows).toEqual(expected[name]);
}

describe("functions", () => {
  test.each(functions)("%s", (kql) => check(kql, kql));
});

describe("tiles", () => {
  const choices = { from: "ago(1h)", to: "now()" };

  test.each(tiles.map(({ page, tile }) => [page.name, tile.title, tile.query] as const))(
    "%s: %s",
    (page, title, query) => check(`${page}: ${title}`, runnableQuery(source, query, choices)),
  );

  test.each(lists.map(({ name, query }) => [name, query!] as const))("the list %s", (name, query) =>
    check(`the list ${name}`, runnableQuery(source, query, choices)),
  );

  const whole = new Set(["Rows a minute by node", "Ingestion delay", "Unreadable records", "Lost events"]);
  test.each([
    { _verdict: ["NONE"] },
    { _namespace: ["none"] },
    { _direction: ["NONE"] },
    { _pod: "none" },
    { _cluster: ["none"] },
  ])("%j, which leaves nothing, leaves every tile of flows empty or at zero", async (values) => {
    const flowTiles = tiles.map(({ tile }) => tile).filter(({ title }) => !whole.has(title));
    // In one text what they start from is analyzed once.
    const queries = flowTiles.map(({ query }) => query).join(";\n");
    const results = await engine.query(runnableQuery(source, queries, { ...choices, values }), { now });
    expect(results).toHaveLength(flowTiles.length);
    for (const [index, tile] of flowTiles.entries()) {
      const rows = objects(results[index]!);
      const stats = rows.map(({ Value }) => Value);
      const isEmpty =
        rows.length === 0 ||
        (tile.visual === "multistat" && stats.every((value) => [0, "0", "0.0", ""].includes(value as string)));
      expect(isEmpty, `${tile.title}, which has to start from a query of dashboard.yaml: ${JSON.stringify(rows)}`).toBe(
        true,
      );
    }
  });

  test("a filter changes the sums that it should", async () => {
    const attempts = async (values: Record<string, string | string[]>) => {
      const { tile } = tiles.find(({ tile }) => tile.title === "Blocked egress at a glance")!;
      const rows = await answer(engine, runnableQuery(source, tile.query, { ...choices, values }), now);
      return rows.find(({ Label }) => Label === "Attempts")!.Value;
    };
    expect(await attempts({})).toBe(513);
    expect(await attempts({ _namespace: ["sandbox"] })).toBe(4);
    // Of an aggregated flow the workload is known, and no pod.
    expect(await attempts({ _pod: "checkout" })).toBe(508);
    expect(await attempts({ _pod: "checkout-859b6d4f7c" })).toBe(8);
    // What clients tried to reach: an address, a name.
    expect(await attempts({ _pod: "203.0.113.92" })).toBe(8);
    expect(await attempts({ _pod: "paste.example.net" })).toBe(2);
    expect(await attempts({ _verdict: ["FORWARDED"] })).toBe(0);
    expect(await attempts({ _verdict: ["DROPPED", "AUDIT"], _namespace: ["messaging", "sandbox"] })).toBe(5);
  });
});

describe("Grafana's panels give the same", () => {
  interface Panel {
    type: string;
    title: string;
    targets?: { query: string }[];
  }
  const panels = source.pages.flatMap(({ key, name }) =>
    (grafanaDashboard(source, key) as { panels: Panel[] }).panels.map((panel) => [name, panel.title, panel] as const),
  );
  const isGraph = ({ type }: Panel) => type === "nodeGraph";
  const sent = (query: string) => {
    const hour = 36_000_000_000n;
    return query
      .replaceAll("$__timeFrom", `datetime(${datetimeText(now - hour)})`)
      .replaceAll("$__timeTo", `datetime(${datetimeText(now)})`)
      .replaceAll(/\$\{\w+:(csv|doublequote)\}/g, '"*"')
      .replaceAll("${pod}", "");
  };

  test.each(panels.filter(([, , panel]) => panel.targets && !isGraph(panel)))("%s: %s", async (page, title, panel) => {
    const answers = await answer(engine, sent(panel.targets![0]!.query), now);
    expect(answers).toEqual(await askOnce(tileQuery(page, title)));
  });

  test.each(panels.filter(([, , panel]) => isGraph(panel)))(
    "%s: %s, as nodes and edges",
    async (page, title, panel) => {
      const rows = await askOnce(tileQuery(page, title));
      const [nodes, edges] = await Promise.all(panel.targets!.map(({ query }) => answer(engine, sent(query), now)));
      expect(
        edges!.map(({ source, target, mainstat, secondarystat }) => [source, target, mainstat, secondarystat]),
      ).toEqual(rows.map(({ Source, Destination, Flows, Denied }) => [Source, Destination, Flows, Denied]));
      expect(new Set(edges!.map(({ id }) => id)).size).toBe(rows.length);
      const ids = nodes!.map(({ id }) => id);
      expect([...ids].sort()).toEqual(
        [...new Set(rows.flatMap(({ Source, Destination }) => [Source, Destination]))].sort(),
      );
      for (const { id, mainstat, arc__denied, arc__forwarded } of nodes!) {
        const own = rows.flatMap(({ Source, Destination, Flows }) =>
          id === Source || id === Destination ? [Flows as number] : [],
        );
        expect(mainstat).toBe(own.reduce((a, b) => a + b, 0));
        expect((arc__denied as number) + (arc__forwarded as number)).toBe(1);
      }
    },
  );

  function tileQuery(page: string, title: string): string {
    const found = tiles.find((one) => one.page.name === page && one.tile.title === title)!;
    return runnableQuery(source, found.tile.query, { from: "ago(1h)", to: "now()" });
  }
});
