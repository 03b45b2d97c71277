import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { scheduledQueryRules } from "../../tools/alerts/azure-monitor.js";
import { grafanaAlerts } from "../../tools/alerts/grafana.js";
import { sentinelRules } from "../../tools/alerts/sentinel.js";
import { functionName, loadAlerts, type Alert } from "../../tools/alerts/source.js";
import { loadDashboard } from "../../tools/dashboard/source.js";
import { checkKql } from "../../tools/kusto/check.js";
import type { Engine } from "../../tools/kusto/engine.js";
import { packageFile } from "../../tools/package-file.js";
import { answer } from "../kql/support.js";
import { attacks } from "./attacks.js";
import { now, ordinary, scenarios, silentCluster, type Scenario } from "./scenarios.js";
import { openEngine } from "../support/engine.js";

const all = loadAlerts();

// HubbleAlerts() is every detection at once: seconds of work, more on a machine that is busy.
const patience = 180_000;

/** The queries that the three products ask for an alert, as they run in the database itself. */
const queries = {
  Grafana(alert: Alert): string {
    const { groups } = parse(grafanaAlerts([alert], loadDashboard())) as {
      groups: [{ rules: [{ data: [{ model: { query: string } }] }] }];
    };
    return groups[0].rules[0].data[0].model.query;
  },
  "Azure Monitor"(alert: Alert): string {
    const { query } = scheduledQueryRules([alert])[0]!.properties.criteria.allOf[0];
    expect(query).toMatch(/^adx\('https:\/\/CLUSTER\.REGION\.kusto\.windows\.net\/DATABASE'\)\.HubbleAlert\w+\(\)/);
    return query.replace(/^adx\('[^']+'\)\./, "");
  },
  // The workspace's table holds what HubbleAlerts() gave, of which the rule reads its alert's, and a row that is made by a query
  // was never ingested.
  Sentinel(alert: Alert): string {
    const { query } = parse([...sentinelRules([alert]).values()][0]!) as { query: string };
    const [before, after, ...rest] = query.split("ingestion_time()");
    expect([before, rest]).toEqual([expect.stringMatching(/^HubbleAlerts_CL\n/), []]);
    return `let HubbleAlerts_CL = ${functionName(alert)}();\n${before}TimeGenerated${after}`;
  },
};

async function engineWith({ rows, without }: Pick<Scenario, "rows" | "without">): Promise<Engine> {
  const engine = await openEngine();
  const arrivals = [...ordinary().filter((arrival) => !without?.(arrival)), ...rows];
  for (const { row, ingested } of arrivals) await engine.add(JSON.stringify(row), ingested);
  return engine;
}

test("each alert has rows that make it fire", () => {
  expect(all.map(({ key }) => key).sort()).toEqual([...Object.keys(scenarios), ...Object.keys(attacks)].sort());
});

describe("ordinary traffic", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await engineWith({ rows: [] });
  });
  afterAll(() => engine.close());

  test(
    "makes no alert fire",
    async () => {
      expect(await answer(engine, "HubbleAlerts()", now)).toEqual([]);
    },
    patience,
  );

  test.each(all)("$key: every product's query is sound, and gives nothing", async (alert) => {
    for (const query of Object.values(queries).map((make) => make(alert))) {
      expect(checkKql(query, engine.database)).toEqual([]);
      expect(await answer(engine, query, now)).toEqual([]);
    }
  });

  test.each(all)("$key: Grafana gets texts and one number, Azure Monitor its dimensions", (alert) => {
    const types = Object.entries(engine.database.columns(queries.Grafana(alert)));
    expect(types.filter(([, type]) => type !== "string")).toEqual([["Flows", "long"]]);
    expect(types.map(([name]) => name)).toEqual([...alert.by, "Flows"]);
    const columns = engine.database.columns(queries["Azure Monitor"](alert));
    expect(columns).toMatchObject({ TimeGenerated: "datetime", Flows: "long" });
    for (const { name } of scheduledQueryRules([alert])[0]!.properties.criteria.allOf[0].dimensions) {
      expect(columns[name]).toBe("string");
    }
  });
});

const seen = (key: string, { expected }: Scenario) =>
  expected.map((row) => ({ Alert: key, TimeGenerated: "2026-03-04T12:00:00Z", ClusterName: "one", ...row }));

test(
  "HubbleAlerts() gives all alerts, each of its own rows alone",
  async () => {
    const list = Object.entries(scenarios);
    const engine = await engineWith({
      rows: list.flatMap(([, { rows }]) => rows),
      without: (arrival) => list.some(([, scenario]) => scenario.without?.(arrival)),
    });
    const rows = await answer(engine, "HubbleAlerts() | sort by Alert asc, Source asc", now);
    expect(rows).toMatchObject([...list].sort().flatMap(([key, scenario]) => seen(key, scenario)));
    engine.close();
  },
  patience,
);

describe.each(Object.entries(scenarios))("%s", (key, scenario) => {
  const alert = all.find((one) => one.key === key)!;
  let engine: Engine;
  beforeAll(async () => {
    engine = await engineWith(scenario);
  });
  afterAll(() => engine.close());

  test("fires, and says what was seen", async () => {
    const rows = await answer(engine, `${functionName(alert)}() | sort by Source asc`, now);
    expect(rows).toMatchObject(seen(key, scenario));
  });

  test.each(Object.keys(queries) as (keyof typeof queries)[])("fires in %s", async (product) => {
    const rows = await answer(engine, queries[product](alert), now);
    const identity = ({ Source }: Record<string, unknown>) => Source;
    expect(rows.map(identity).sort()).toEqual(scenario.expected.map(identity).sort());
    for (const { Flows } of rows) expect(Flows).toBeGreaterThan(0);
    // Grafana needs labels that tell instances apart.
    const labels = rows.map((row) => JSON.stringify(alert.by.map((name) => row[name])));
    expect(new Set(labels).size).toBe(rows.length);
  });
});

test("a cluster of which no node sends is called for beyond the hour of a node that was taken away", async () => {
  const engine = await engineWith(silentCluster);
  const rows = await answer(engine, "HubbleAlertSilentNodes() | sort by Source asc", now);
  expect(rows).toMatchObject(silentCluster.expected);
  expect(rows).toHaveLength(silentCluster.expected.length);
  engine.close();
});

test("a link of Sentinel's has the range and the filters, and what is in a name stays a name", async () => {
  const engine = await engineWith({
    rows: scenarios["egress-blocked"]!.rows.map(({ row, ingested }) => ({
      row: { ...row, ClusterName: "one & two#", SourceNamespace: "shop" },
      ingested,
    })),
  });
  const alert = all.find(({ key }) => key === "egress-blocked")!;
  const rows = await answer(engine, queries.Sentinel(alert), now);
  const [{ Dashboard }] = rows.filter(({ Source }) => Source === "shop/web") as [{ Dashboard: string }];
  const { searchParams, hash } = new URL(Dashboard);
  expect(Object.fromEntries(searchParams)).toEqual({
    "p-_startTime": "2026-03-04T11:53:00.0000000Z",
    "p-_endTime": "2026-03-04T12:03:00.0000000Z",
    "p-_cluster": "v-one & two#",
    "p-_namespace": "v-shop",
  });
  const { pages } = JSON.parse(readFileSync(packageFile("adx/dashboard.json"), "utf8")) as {
    pages: { name: string; id: string }[];
  };
  expect(pages.find(({ id }) => `#${id}` === hash)?.name).toBe("Blocked egress");
  engine.close();
});

test("a name that somebody made up is no link, no markup and no template in a notification", async () => {
  const name = `[here](http://evil.example) <img src=x>{{ .Labels }}\n\u202e*|\\"'\`~!é-_.:/,;%=@+&# ${"x".repeat(500)}`;
  const { row, ingested } = scenarios["egress-blocked"]!.rows.at(-1)!;
  const engine = await engineWith({
    rows: [{ row: { ...row, SourceWorkloadName: name, DestinationNames: [name] }, ingested }],
  });
  const [alert] = await answer(engine, "HubbleAlertEgressBlocked()", now);
  const kept = "?here??http://evil.example? ?img src=x??? .Labels ????????????é-_.:/,;%=@+&# xxx";
  expect(alert).toMatchObject({
    Source: expect.stringContaining(`shop/${kept}`) as string,
    Target: expect.stringContaining(kept) as string,
  });
  expect(alert!.Target).toHaveLength(400);
  engine.close();
});

describe("the detections", () => {
  test.each(Object.entries(attacks))("%s fires in every product", async (key, rows) => {
    const alert = all.find((one) => one.key === key)!;
    const engine = await engineWith({ rows });
    expect(await answer(engine, `${functionName(alert)}()`, now)).not.toEqual([]);
    for (const [product, make] of Object.entries(queries)) {
      const found = (await answer(engine, make(alert), now)).map(({ Source }) => Source);
      expect(found, product).toContainEqual(expect.stringMatching(/intruder|^shop$/));
    }
    engine.close();
  });
});
