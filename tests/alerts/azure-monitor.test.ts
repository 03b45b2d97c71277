import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scheduledQueryRules, type ScheduledQueryRule } from "../../tools/alerts/azure-monitor.js";
import { loadAlerts } from "../../tools/alerts/source.js";
import { packageFile } from "../../tools/package-file.js";

const read = (path: string) => readFileSync(packageFile(path), "utf8");
const rules = scheduledQueryRules(loadAlerts());

// By the types of Microsoft.Insights/scheduledQueryRules@2023-12-01 in Azure/bicep-types-az. The service refuses others.
const members = {
  properties:
    "actions autoMitigate checkWorkspaceAlertsStorageConfigured criteria description displayName enabled evaluationFrequency muteActionsDuration overrideQueryTimeRange ruleResolveConfiguration scopes severity skipQueryValidation targetResourceTypes windowSize",
  condition:
    "dimensions failingPeriods metricMeasureColumn metricName operator query resourceIdColumn threshold timeAggregation",
  dimension: "name operator values",
  failingPeriods: "minFailingPeriodsToAlert numberOfEvaluationPeriods",
  actions: "actionGroups actionProperties customProperties",
};
const unknown = (value: object, of: keyof typeof members) =>
  Object.keys(value).filter((name) => !members[of].split(" ").includes(name));

const frequencies = "PT5M PT10M PT15M PT30M PT45M PT1H PT2H PT3H PT4H PT5H PT6H P1D".split(" ");

describe("Azure Monitor's rules", () => {
  test.each(rules)("$name is what the service takes", ({ name, properties }) => {
    const [condition] = properties.criteria.allOf;
    expect([
      ...unknown(properties, "properties"),
      ...unknown(condition, "condition"),
      ...condition.dimensions.flatMap((dimension) => unknown(dimension, "dimension")),
      ...unknown(condition.failingPeriods, "failingPeriods"),
      ...unknown(properties.actions, "actions"),
    ]).toEqual([]);
    // A rule with an identity has no semicolon in its name.
    expect(name).toMatch(/^[a-z-]{1,260}$/);
    expect([0, 1, 2, 3, 4]).toContain(properties.severity);
    expect(frequencies).toContain(properties.evaluationFrequency);
    expect(frequencies).toContain(properties.windowSize);
    expect(condition.dimensions.length).toBeLessThanOrEqual(6);
    expect(JSON.stringify(properties).length).toBeLessThan(64 << 10);
    // What log search alerts do not take, and ago() takes a literal alone.
    expect(condition.query).not.toMatch(/bag_unpack|pivot|narrow|AggregatedValue/);
    for (const [, argument] of condition.query.matchAll(/ago\(([^)]*)\)/g)) expect(argument).toMatch(/^\d+[mhd]$/);
    // adx() takes no function that has parameters.
    expect(condition.query).toMatch(/\)\.HubbleAlert\w+\(\)\n/);
  });

  test("the link has the fired window, and the dimension that each filter stands for", () => {
    for (const { properties } of rules) {
      const link = new URL(properties.actions.customProperties.Dashboard!);
      const { dimensions } = properties.criteria.allOf[0];
      expect(link.searchParams.get("p-_startTime")).toBe("${data.alertContext.condition.windowStartTime}");
      expect(link.searchParams.get("p-_endTime")).toBe("${data.alertContext.condition.windowEndTime}");
      for (const [parameter, column] of [
        ["p-_cluster", "ClusterName"],
        ["p-_namespace", "Namespace"],
      ] as const) {
        const value = link.searchParams.get(parameter);
        const index = dimensions.findIndex(({ name }) => name === column);
        expect(value).toBe(index < 0 ? null : `v-\${data.alertContext.condition.allOf[0].dimensions[${index}].value}`);
      }
      // In a mail there are no custom properties.
      expect(properties.description).toContain(`https://dataexplorer.azure.com/dashboards/DASHBOARD_ID?`);
      expect(properties.description.split("#").at(-1)).toBe(link.hash.slice(1));
    }
  });

  test("what happened is told by the dimensions and the number of what fired", () => {
    const told = Object.fromEntries(
      rules.map(({ name, properties }) => [name, properties.actions.customProperties.What]),
    );
    const fired = "data.alertContext.condition.allOf[0]";
    expect(told["hubble-adx-egress-blocked"]).toBe(
      `\${${fired}.dimensions[2].value} was denied \${${fired}.metricValue} times on its way out`,
    );
    expect(told["hubble-adx-port-scan"]).toBe(
      `\${${fired}.dimensions[2].value} scans ports of \${${fired}.dimensions[3].value}`,
    );
    for (const text of Object.values(told)) expect(text).not.toMatch(/\[-1\]|\{\w+\}/);
  });

  test("the parameters of a link are the dashboard's own", () => {
    const { parameters } = JSON.parse(read("adx/dashboard.json")) as {
      parameters: { variableName?: string; beginVariableName?: string; endVariableName?: string }[];
    };
    const names = parameters.flatMap((one) => [one.variableName, one.beginVariableName, one.endVariableName]);
    expect(names).toEqual(expect.arrayContaining(["_startTime", "_endTime", "_cluster", "_namespace"]));
  });

  test("Bicep and Terraform deploy the same rules", () => {
    const [bicep, terraform] = ["bicep", "terraform/alerts"].map((folder) => read(`adx/deploy/${folder}/alerts.json`));
    expect(bicep).toBe(terraform);
    const names = (JSON.parse(bicep!) as ScheduledQueryRule[]).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["hubble-adx-egress-blocked", "hubble-adx-silent-nodes"]));
  });
});

describe("Bicep", () => {
  const bicep = read("adx/deploy/bicep/alerts.bicep");

  test("hands on every member that a rule has", () => {
    for (const name of Object.keys(rules[0]!.properties)) expect(bicep).toMatch(new RegExp(`\\b${name}: `));
  });

  test("gives the rules' identity what adx() asks for", () => {
    expect(bicep).toMatch(/type: 'UserAssigned'/);
    expect(bicep).toMatch(/principalAssignments[^}]*principalId: identity\.properties\.clientId[^}]*role: 'Viewer'/);
    expect(bicep.match(/principalId: identity\.properties\.principalId/g)).toHaveLength(2);
  });

  test("replaces each placeholder", () => {
    const replaced = [...bicep.matchAll(/'(https:\/\/CLUSTER[^']*|DASHBOARD_ID)'/g)].map(([, text]) => text);
    expect(replaced.sort()).toEqual([
      "DASHBOARD_ID",
      "DASHBOARD_ID",
      "https://CLUSTER.REGION.kusto.windows.net/DATABASE",
    ]);
    let text = read("adx/deploy/bicep/alerts.json");
    for (const placeholder of replaced) text = text.replaceAll(placeholder!, "");
    expect(text).not.toMatch(/CLUSTER|REGION|DATABASE|DASHBOARD_ID/);
  });
});

describe("the Terraform module", () => {
  const main = read("adx/deploy/terraform/alerts/main.tf");

  test("asks for the first azurerm whose rules have an identity, 3.98.0", () => {
    expect(main).toMatch(/^\s*identity \{/m);
    expect(main).toMatch(/source\s*=\s*"hashicorp\/azurerm"\s*version\s*=\s*">= 3\.98\.0"/);
  });

  // Rules and variables need no provider.
  describe.skipIf(spawnSync("terraform", ["version"]).status !== 0)("under Terraform itself", () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "hubble-adx-terraform-"));
      for (const file of ["variables.tf", "rules.tf", "alerts.json"]) {
        copyFileSync(fileURLToPath(packageFile(`adx/deploy/terraform/alerts/${file}`)), join(folder, file));
      }
    });
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    const variables = {
      database_id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Kusto/clusters/c/databases/Kube flows",
      cluster_uri: "https://c.westeurope.kusto.windows.net",
      workspace_id: "w",
      resource_group_name: "g",
      location: "westeurope",
      dashboard_id: "4b1d",
    };
    const evaluate = (changed: Partial<typeof variables> = {}) =>
      spawnSync(
        "terraform",
        ["console", ...Object.entries({ ...variables, ...changed }).map(([name, value]) => `-var=${name}=${value}`)],
        { cwd: folder, encoding: "utf8", input: "jsonencode(local.rules)" },
      );

    test("the rules have the database and the dashboard in place of the placeholders", () => {
      const { stdout, stderr } = evaluate();
      const found = JSON.parse(JSON.parse(stdout.trim().split("\n").at(-1)!) as string) as Record<
        string,
        ScheduledQueryRule["properties"]
      >;
      const expected = read("adx/deploy/terraform/alerts/alerts.json")
        .replaceAll(
          "https://CLUSTER.REGION.kusto.windows.net/DATABASE",
          "https://c.westeurope.kusto.windows.net/Kube flows",
        )
        .replaceAll("DASHBOARD_ID", "4b1d");
      const list = JSON.parse(expected) as ScheduledQueryRule[];
      expect(found, stderr).toEqual(Object.fromEntries(list.map(({ name, properties }) => [name, properties])));
      expect(stdout).not.toMatch(/CLUSTER|DASHBOARD_ID/);
    });

    test.each([
      [{ cluster_uri: "http://c.kusto.windows.net" }, "cluster_uri must be https:// and a host, without a path."],
      [{ cluster_uri: "https://c.kusto.windows.net/x" }, "cluster_uri must be https:// and a host, without a path."],
      [{ dashboard_id: "https://x/dashboards/4b1d" }, "dashboard_id must be letters, digits and hyphens"],
    ])("%j is refused", (changed, refusal) => {
      const { status, stdout, stderr } = evaluate(changed);
      const said = (stdout + stderr).replaceAll(/[\s│]+/g, " ");
      expect(said).toContain(refusal);
      expect(status).not.toBe(0);
    });
  });
});
