import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { functionName, installable, isoDuration, loadAlerts, parseAlerts, seconds } from "../../tools/alerts/source.js";
import { isQueryTile } from "../../tools/dashboard/adx.js";
import { loadDashboard } from "../../tools/dashboard/source.js";
import { storedFunctions } from "../../tools/generate/functions-markdown.js";
import { packageFile } from "../../tools/package-file.js";

const good = `port-scan:
  title: Port scan
  severity: high
  window: 15m
  every: 5m
  page: security
  by: [ClusterName, Source]
  says: "{Source} scans"
  about: a
  wrong: b
  silence: c
  query: HubblePortScans(startTime, endTime)
`;

test("each detection is in HubbleDetections, with a technique of its own and a color on the page Security", () => {
  const kql = readFileSync(packageFile("adx/detections.kql"), "utf8");
  const detections = storedFunctions(kql).filter(({ techniques }) => techniques.length > 0);
  const branches = [
    ...kql.matchAll(/\((\w+)\(startTime, endTime\) \| extend Detection = "(.+)", Technique = "(.+)"\)/g),
  ];
  expect(branches.map(([, name]) => name).sort()).toEqual(detections.map(({ name }) => name).sort());
  for (const [, name, , technique] of branches)
    expect(detections.find((one) => one.name === name)!.techniques).toContain(technique);
  const tiles = loadDashboard().pages.flatMap((page) => page.tiles.filter(isQueryTile));
  const colors = tiles.find(({ title }) => title === "Findings, newest first")!.colors!.Detection!;
  expect(Object.keys(colors).sort()).toEqual(branches.map(([, , detection]) => detection).sort());
});

describe("adx/alerts.yaml", () => {
  const pages = loadDashboard().pages;
  const alerts = loadAlerts();

  test.each(alerts)("$key shows a page that there is, and a tile on it", ({ page, tile }) => {
    const found = pages.find(({ key }) => key === page);
    expect(found).toBeDefined();
    expect(found!.tiles.map(({ title }) => title)).toContain(tile);
  });

  test("all alerts can be installed", () => {
    const files = ["functions", "detections"].map((name) => readFileSync(packageFile(`adx/${name}.kql`), "utf8"));
    expect(installable(alerts, files.join("\n"))).toEqual(alerts);
  });

  test("each alert has a title of its own, as Grafana's folder wants", () => {
    expect(new Set(alerts.map(({ title }) => title)).size).toBe(alerts.length);
  });

  test("the folder of Sentinel's rules holds each alert's, and no others", () => {
    const files = readdirSync(packageFile("adx/alerts/sentinel")).sort();
    expect(files).toEqual(alerts.map(({ key }) => `${key}.yaml`).sort());
  });

  test("a member that is left out has its default", () => {
    expect(parseAlerts(good)[0]).toMatchObject({ key: "port-scan", for: "0s", tactics: [], entities: {} });
    expect(parseAlerts(good.replace(/ {2}by: .*\n/, ""))[0]!.by).toEqual([
      "ClusterName",
      "Namespace",
      "Source",
      "Target",
    ]);
  });

  test.each([
    ["severity: high", "severity: critical", "severity has to be one of informational, low, medium, high"],
    ["window: 15m", "window: 20m", "window and every have to be of 5m, 10m, 15m"],
    ["every: 5m", "every: 30m", "every has to be as long as window or shorter"],
    ["  about: a\n", "", "about has to be a text"],
    ["about: a", "about: [a]", "about has to be a text"],
    ["  about: a", "  abuot: b\n  about: a", "abuot is unknown"],
    ["Source]", "Pod]", "by has to be of ClusterName, Namespace, Source, Target, not Pod"],
    ["{Source}", "{Target}", "says uses Target, which is not in by"],
    ["{Source}", "{Source} {ClusterName} {Flows}", "says uses more than two columns"],
    ["port-scan", "PortScan", "its name has to be lower-case words with hyphens"],
  ])("%j → %j is refused with the file, the alert and the reason", (from, to, reason) => {
    const read = () => parseAlerts(good.replace(from, to));
    expect(read).toThrow(/^adx\/alerts\.yaml: (port-scan|PortScan): /);
    expect(read).toThrow(reason);
  });

  test("an alert can be installed where every function that it calls is", () => {
    const alerts = parseAlerts(good);
    expect(installable(alerts, "HubblePortScansOther()\n")).toEqual([]);
    expect(installable(alerts, "\nHubblePortScans(startTime: datetime)\n")).toEqual(alerts);
    expect(functionName(alerts[0]!)).toBe("HubbleAlertPortScan");
  });

  test.each([
    ["5m", 300, "PT5M"],
    ["6h", 21_600, "PT6H"],
    ["1d", 86_400, "P1D"],
  ])("%s is %i seconds and %s", (duration, count, iso) => {
    expect(seconds(duration)).toBe(count);
    expect(isoDuration(duration)).toBe(iso);
  });
});
