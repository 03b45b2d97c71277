import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { grafanaAlerts } from "../../tools/alerts/grafana.js";
import { loadAlerts } from "../../tools/alerts/source.js";
import { loadDashboard } from "../../tools/dashboard/source.js";
import { packageFile } from "../../tools/package-file.js";

interface Rule {
  uid: string;
  title: string;
  condition: string;
  data: { refId: string; datasourceUid: string; model: Record<string, unknown> }[];
  dashboardUid?: string;
  panelId?: number;
  noDataState: string;
  execErrState: string;
  for: string;
  annotations: Record<string, string>;
  labels: Record<string, string>;
}
interface File {
  apiVersion: number;
  groups: { orgId: number; name: string; folder: string; interval: string; rules: Rule[] }[];
}

const read = (path: string) => readFileSync(packageFile(path), "utf8");
const dashboard = loadDashboard();
const { apiVersion, groups } = parse(grafanaAlerts(loadAlerts(), dashboard)) as File;
const rules = groups.flatMap((group) => group.rules);

// The members are those of AlertRuleGroupV1, AlertRuleV1 and QueryV1 in grafana/grafana,
// pkg/services/provisioning/alerting/rules_types.go; it passes over others without a word.
const members = {
  group: ["orgId", "name", "folder", "interval", "rules"],
  rule: [
    "uid title condition data dashboardUid panelId noDataState execErrState for keepFiringFor",
    "missing_series_evals_to_resolve annotations labels isPaused notification_settings record",
  ].flatMap((line) => line.split(" ")),
  query: ["refId", "queryType", "relativeTimeRange", "datasourceUid", "model"],
};
const unknown = (value: object, known: string[]) => Object.keys(value).filter((name) => !known.includes(name));

describe("Grafana's provisioning", () => {
  test("has the members that Grafana reads, and no others", () => {
    expect(apiVersion).toBe(1);
    expect(groups.flatMap((group) => unknown(group, members.group))).toEqual([]);
    expect(rules.flatMap((rule) => unknown(rule, members.rule))).toEqual([]);
    expect(rules.flatMap(({ data }) => data.flatMap((query) => unknown(query, members.query)))).toEqual([]);
  });

  test("every alert is a rule, in the group of its interval", () => {
    for (const { key, every } of loadAlerts()) {
      const group = groups.find((one) => one.rules.some(({ uid }) => uid === `hubble-adx-${key}`));
      expect(group?.interval).toBe(every);
    }
    expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
  });

  test.each(rules)("$uid is what Grafana takes", (rule) => {
    // util.IsValidShortUID, and at most 40 characters.
    expect(rule.uid).toMatch(/^[a-zA-Z0-9_-]{1,40}$/);
    expect(rule.for).toMatch(/^\d+[smhd]$/);
    expect(["Alerting", "NoData", "OK", "KeepLast"]).toContain(rule.noDataState);
    expect(["Alerting", "Error", "OK", "KeepLast"]).toContain(rule.execErrState);
    const [query, condition] = rule.data;
    expect(rule.condition).toBe(condition!.refId);
    expect(condition).toMatchObject({
      datasourceUid: "__expr__",
      model: { type: "threshold", expression: query!.refId },
    });
    for (const text of [...Object.values(rule.annotations), ...Object.values(rule.labels)])
      expect(typeof text).toBe("string");
  });

  test("the environment gives the data source, and nothing else is taken for a variable", () => {
    for (const { data, title, labels, annotations } of rules) {
      expect(data[0]!.datasourceUid).toBe("$HUBBLE_ADX_DATASOURCE");
      for (const text of [title, ...Object.values(labels)]) expect(text).not.toContain("$");
      // Annotations are expanded only where there are braces.
      for (const text of Object.values(annotations)) expect(text).not.toMatch(/\$\{|\$__/);
    }
  });

  test.each(rules.filter(({ panelId }) => panelId !== undefined))("$uid stands on its panel", (rule) => {
    const page = rule.dashboardUid!.replace("hubble-adx-", "");
    const { uid, panels } = JSON.parse(read(`adx/grafana/${page}.json`)) as {
      uid: string;
      panels: { id: number; title: string }[];
    };
    expect(rule.dashboardUid).toBe(uid);
    const { tile } = loadAlerts().find(({ key }) => rule.uid === `hubble-adx-${key}`)!;
    expect(panels.find(({ id }) => id === rule.panelId)?.title).toBe(tile);
  });
});

describe.skipIf(spawnSync("go", ["version"]).status !== 0)("annotations, expanded by Go's templates", () => {
  const labels = {
    ClusterName: "one & two",
    Namespace: "shop",
    Source: "{{ shop }}/cart",
    Target: "203.0.113.9 TCP 443",
  };
  const values = { A: { Value: 12_345_678 } };

  function expand(templates: { Template: string; Labels: Record<string, string> }[]): string[] {
    const { stdout, stderr } = spawnSync("go", ["run", fileURLToPath(packageFile("tests/alerts/template/main.go"))], {
      input: JSON.stringify(templates.map((one) => ({ ...one, Values: values }))),
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    return JSON.parse(stdout) as string[];
  }

  test("say what happened, and a name is no template", () => {
    const texts = expand(rules.map(({ annotations }) => ({ Template: annotations.summary!, Labels: labels })));
    const byUid = Object.fromEntries(rules.map(({ uid }, index) => [uid, texts[index]]));
    expect(byUid["hubble-adx-egress-blocked"]).toBe("{{ shop }}/cart was denied 12345678 times on its way out");
    expect(byUid["hubble-adx-port-scan"]).toBe("{{ shop }}/cart scans ports of 203.0.113.9 TCP 443");
    for (const text of texts) expect(text).not.toMatch(/no value|\$/);
  });

  test("lead to the page with range and filters, in variables that the page has", () => {
    const links = expand(rules.map(({ annotations }) => ({ Template: annotations.dashboard!, Labels: labels })));
    for (const [index, link] of links.entries()) {
      const { origin, pathname, searchParams } = new URL(link);
      expect(origin + pathname).toMatch(/^https:\/\/grafana\.example\/root\/d\/hubble-adx-[a-z-]+$/);
      expect(searchParams.get("to")).toBe("now");
      expect(searchParams.get("from")).toMatch(/^now-(1h|6h|1d)$/);
      expect(searchParams.get("var-cluster")).toBe("one & two");
      const { by } = loadAlerts().find(({ key }) => rules[index]!.uid === `hubble-adx-${key}`)!;
      expect(searchParams.get("var-namespace")).toBe(by.includes("Namespace") ? "shop" : null);
    }
    const variables = (
      JSON.parse(read("adx/grafana/pipeline.json")) as { templating: { list: { name: string }[] } }
    ).templating.list.map(({ name }) => name);
    expect(variables).toEqual(expect.arrayContaining(["cluster", "namespace"]));
  });

  test("without a namespace no namespace is chosen", () => {
    const { annotations } = rules.find(({ uid }) => uid === "hubble-adx-egress-blocked")!;
    const [link] = expand([{ Template: annotations.dashboard!, Labels: { ...labels, Namespace: "" } }]);
    expect([...new URL(link!).searchParams.keys()]).toEqual(["from", "to", "var-cluster"]);
  });
});
