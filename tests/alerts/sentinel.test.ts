import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { sentinelRules, TABLE } from "../../tools/alerts/sentinel.js";
import { isoDuration, loadAlerts, seconds } from "../../tools/alerts/source.js";
import { checkKql } from "../../tools/kusto/check.js";
import { Database } from "../../tools/kusto/database.js";
import { packageFile } from "../../tools/package-file.js";
import { answer } from "../kql/support.js";
import { now, scenarios } from "./scenarios.js";
import { hubbleDatabase, openEngine } from "../support/engine.js";

interface Rule {
  id: string;
  name: string;
  description: string;
  severity: string;
  queryFrequency: string;
  queryPeriod: string;
  triggerOperator: string;
  triggerThreshold: number;
  tactics: string[];
  relevantTechniques: string[];
  query: string;
  entityMappings?: { entityType: string; fieldMappings: { identifier: string; columnName: string }[] }[];
  customDetails: Record<string, string>;
  alertDetailsOverride: { alertDisplayNameFormat: string; alertDescriptionFormat: string };
  version: string;
  kind: string;
}

const alerts = loadAlerts();
const rules = [...sentinelRules(alerts).values()].map((text) => parse(text) as Rule);
const placeholders = (text: string) => [...text.matchAll(/\{\{([^}]*)\}\}/g)].map(([, column]) => column!);

// The bounds are those of .script/tests/detectionTemplateSchemaValidation in Azure/Azure-Sentinel.

/** The members of ScheduledTemplateInternalModel and of what it inherits that are required. */
const required =
  "id kind name description requiredDataConnectors severity query version queryFrequency queryPeriod triggerOperator triggerThreshold";

/** Which tactics KillChainTechniquesHelper.cs knows of the techniques in use; a rule has to name all of them. */
const tacticsOf: Record<string, string[]> = {
  T1018: ["Discovery"],
  T1040: ["CredentialAccess", "Discovery"],
  T1041: ["Exfiltration"],
  T1046: ["Discovery"],
  T1048: ["Exfiltration"],
  T1071: ["CommandAndControl"],
  T1552: ["CredentialAccess"],
  T1562: ["DefenseEvasion"],
  T1572: ["CommandAndControl"],
};

/** An identifier of each entity that is enough by itself (EntityMappingIdentifiers.cs). */
const identifiers: Record<string, string[]> = {
  Host: ["FullName", "HostName", "NetBiosName", "AzureID", "OMSAgentID"],
  IP: ["Address"],
  DNS: ["DomainName"],
};

describe("Microsoft Sentinel's rules", () => {
  // The workspace's table holds what HubbleAlerts() gave.
  const database = Database.hubble().create([
    { text: '.create-or-alter function with (docstring = "")\nHubbleAlerts_CL()\n{\n    HubbleAlerts()\n}', line: 1 },
  ]);

  test.each(rules)("$name passes the repository's validation", (rule) => {
    for (const name of required.split(" ")) expect(rule).toHaveProperty(name);
    expect(rule.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(rule.kind).toBe("Scheduled");
    expect(rule.name.length).toBeLessThanOrEqual(256);
    expect(rule.description.length).toBeLessThanOrEqual(5000);
    expect(["Informational", "Low", "Medium", "High"]).toContain(rule.severity);
    expect(rule.query.length).toBeLessThanOrEqual(10_000);
    expect(rule.version).toMatch(/^\d+\.\d+\.\d+$/);
    // Five minutes to fourteen days, and the period no shorter than the frequency.
    for (const duration of [rule.queryFrequency, rule.queryPeriod]) {
      expect(duration).toMatch(/^\d+[mhd]$/);
      expect(seconds(duration)).toBeGreaterThanOrEqual(300);
      expect(seconds(duration)).toBeLessThanOrEqual(14 * 86_400);
    }
    expect(seconds(rule.queryPeriod)).toBeGreaterThanOrEqual(seconds(rule.queryFrequency));
    // Each row is seen by one run, however late it arrives.
    expect(rule.query).toContain(`\n| where ingestion_time() > ago(${rule.queryFrequency})\n`);
    expect(["gt", "lt", "eq", "ne"]).toContain(rule.triggerOperator);
    expect(rule.triggerThreshold).toBe(0);
  });

  test.each(rules)("$name names the tactics of its techniques", ({ tactics, relevantTechniques }) => {
    for (const technique of relevantTechniques) {
      expect(tacticsOf[technique], `${technique} has no line in tacticsOf of this file`).toBeDefined();
      expect(tactics).toEqual(expect.arrayContaining(tacticsOf[technique]!));
    }
    expect(tactics.length > 0).toBe(relevantTechniques.length > 0);
  });

  test.each(rules)("$name maps columns that its query has", (rule) => {
    const columns = Object.keys(database.columns(rule.query));
    expect(columns).toContain("Dashboard");
    const { alertDisplayNameFormat, alertDescriptionFormat } = rule.alertDetailsOverride;
    const mapped = (rule.entityMappings ?? []).flatMap(({ entityType, fieldMappings }) => {
      expect(fieldMappings.length).toBeLessThanOrEqual(3);
      expect(fieldMappings.some(({ identifier }) => identifiers[entityType]!.includes(identifier))).toBe(true);
      return fieldMappings.map(({ columnName }) => columnName);
    });
    expect(rule.entityMappings?.length ?? 1).toBeGreaterThan(0);
    expect(rule.entityMappings?.length ?? 1).toBeLessThanOrEqual(5);
    for (const text of [alertDisplayNameFormat, alertDescriptionFormat]) {
      expect(placeholders(text).length).toBeLessThanOrEqual(3);
      mapped.push(...placeholders(text));
    }
    expect(alertDisplayNameFormat.length).toBeLessThanOrEqual(256);
    expect(alertDescriptionFormat.length).toBeLessThanOrEqual(5000);
    const details = Object.entries(rule.customDetails);
    expect(details.length).toBeLessThanOrEqual(20);
    for (const [key] of details) expect(key).toMatch(/^[a-zA-Z]\w{0,19}$/);
    expect(columns).toEqual(expect.arrayContaining([...mapped, ...details.map(([, column]) => column)]));
  });

  test("no query asks for what analytics rules do not take", () => {
    for (const { query } of rules) {
      expect(query).toMatch(new RegExp(`^${TABLE}\n`));
      expect(query).not.toMatch(/\badx\s*\(|\bcluster\s*\(|\bsearch \*|\bunion \*|\bbag_unpack\b/i);
      expect(query).not.toMatch(/\bHubble(?!Alerts_CL)\w+\(/);
    }
  });

  test("no two have the same id, and the ids stay", () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const [path, text] of sentinelRules(alerts)) expect(readFileSync(packageFile(path), "utf8")).toBe(text);
  });
});

describe("what brings alerts into the workspace", () => {
  const bicep = readFileSync(packageFile("adx/deploy/bicep/sentinel.bicep"), "utf8");
  const query = /var query = '''\n([^]*?)'''/.exec(bicep)![1]!;
  const declared = [...bicep.matchAll(/\{ name: '(\w+)', type: '(\w+)' \}/g)].map(([, name, type]) => [name, type]);

  test("the table and the stream have the columns of HubbleAlerts()", () => {
    expect(declared).toEqual(Object.entries(hubbleDatabase().columns("HubbleAlerts()")));
    expect(bicep.match(/columns: columns/g)).toHaveLength(2);
  });

  test("the query gives one text, a list of rows of those columns, and [] where there are none", async () => {
    const { rows } = scenarios["egress-blocked"]!;
    for (const [arrivals, expected] of [
      [[], []],
      [rows, ["shop/cart", "shop/web"]],
    ] as const) {
      const engine = await openEngine();
      for (const { row, ingested } of arrivals) await engine.add(JSON.stringify(row), ingested);
      expect(checkKql(query, engine.database)).toEqual([]);
      const [{ Rows }] = (await answer(engine, query, now)) as [{ Rows: string }];
      const list = JSON.parse(Rows) as Record<string, unknown>[];
      expect(list.map(({ Source }) => Source).sort()).toEqual(expected);
      for (const row of list) expect(Object.keys(row).sort()).toEqual(declared.map(([name]) => name!).sort());
      if (expected.length === 0) expect(Rows).toBe("[]");
      engine.close();
    }
  }, 180_000);

  test("the resources are the rules of the files", () => {
    const resources = JSON.parse(readFileSync(packageFile("adx/deploy/bicep/sentinel.json"), "utf8")) as {
      name: string;
      properties: Record<string, unknown>;
    }[];
    for (const { name, properties } of resources) {
      const rule = rules.find(({ id }) => id === name)!;
      for (const member of [
        "description",
        "severity",
        "query",
        "tactics",
        "entityMappings",
        "customDetails",
      ] as const) {
        expect(properties[member], member).toEqual(rule[member]);
      }
      expect(properties).toMatchObject({
        displayName: rule.name,
        techniques: rule.relevantTechniques,
        queryFrequency: isoDuration(rule.queryFrequency),
        queryPeriod: isoDuration(rule.queryPeriod),
        triggerOperator: "GreaterThan",
        incidentConfiguration: { groupingConfiguration: { lookbackDuration: "PT5H" } },
      });
    }
    expect(resources.length).toBeGreaterThan(4);
  });
});
