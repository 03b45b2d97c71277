import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { scheduledQueryRules } from "./alerts/azure-monitor.js";
import { grafanaAlerts } from "./alerts/grafana.js";
import { alertsKql } from "./alerts/kql.js";
import { sentinelResources, sentinelRules } from "./alerts/sentinel.js";
import { installable, loadAlerts } from "./alerts/source.js";
import { adxDashboard } from "./dashboard/adx.js";
import { grafanaDashboard } from "./dashboard/grafana.js";
import { loadDashboard, type DashboardSource } from "./dashboard/source.js";
import { assemblyTables } from "./generate/assembly.js";
import { ciliumFiles } from "./generate/cilium.js";
import { ciliumVersionsTable } from "./generate/cilium-versions-markdown.js";
import { compatibilityTable, type Compatibility } from "./generate/compatibility-markdown.js";
import { columnsMarkdown } from "./generate/columns-markdown.js";
import { containerLogsBridgeKql } from "./generate/container-logs-bridge-kql.js";
import { fluentBitFiles } from "./generate/fluent-bit.js";
import { alertsTable, detectionsTable, functionsMarkdown, storedFunctions } from "./generate/functions-markdown.js";
import { withTable } from "./generate/markdown-table.js";
import { namesKql } from "./generate/names-kql.js";
import { questionsTable } from "./generate/questions-markdown.js";
import { referenceRow } from "./generate/reference-row.js";
import { schemaKql } from "./generate/schema-kql.js";
import { databaseScript } from "./generate/setup-kql.js";
import { sourcesTable } from "./generate/sources-markdown.js";
import { packageFile } from "./package-file.js";
import { loadProtocol, type Protocol } from "./protocol.js";
import { loadSchema, type Schema } from "./schema.js";

/** What the generated files are made from. */
interface Sources {
  schema: Schema;
  protocol: Protocol;
  dashboard: DashboardSource;
  /** What the Fluent Bits do that were tried last, each version's. */
  compatibility: Compatibility[];
  /** The text of a hand-written file, by its path from the package's root. */
  file: (path: string) => string;
}

/** A generated file: its path from the package's root and its whole text. */
interface Output {
  path: string;
  text: (sources: Sources) => string;
}

const read = (path: string) => readFileSync(packageFile(path), "utf8");

const dashboard = loadDashboard();
const alerts = installable(loadAlerts(), read("adx/functions.kql") + read("adx/detections.kql"));

const outputs: Output[] = [
  { path: "assembly/flow/tables.ts", text: ({ schema }) => assemblyTables(schema) },
  { path: "reference/assembly/flow/row.ts", text: ({ schema }) => referenceRow(schema) },
  { path: "docs/columns.md", text: ({ schema }) => columnsMarkdown(schema) },
  {
    path: "docs/functions.md",
    text: ({ protocol, file }) =>
      functionsMarkdown(
        {
          functions: storedFunctions(file("adx/functions.kql")),
          detections: storedFunctions(file("adx/detections.kql")),
          names: storedFunctions(namesKql(protocol)),
          alerts: storedFunctions(alertsKql(alerts)),
        },
        alerts,
      ),
  },
  pageWithTable("docs/aks.md", "fluent-bit/sources.yaml", ({ file }) =>
    sourcesTable(file("fluent-bit/fluent-bit.yaml"), file("fluent-bit/sources.yaml")),
  ),
  pageWithTable("docs/queries.md", "adx/queries.kql", ({ file }) => questionsTable(file("adx/queries.kql"))),
  pageWithTable("docs/filter.md", "tests/compatibility/results.json", ({ compatibility }) =>
    compatibilityTable(compatibility),
  ),
  pageWithTable("docs/exporter.md", "schema/flow-filter.yaml", () => ciliumVersionsTable()),
  pageWithTable("docs/detections.md", "adx/detections.kql and adx/alerts.yaml", ({ file }) =>
    detectionsTable(storedFunctions(file("adx/detections.kql")), alerts),
  ),
  pageWithTable("docs/alerts.md", "adx/alerts.yaml", () => alertsTable(alerts)),
  { path: "adx/schema.kql", text: ({ schema }) => schemaKql(schema) },
  { path: "adx/names.kql", text: ({ protocol }) => namesKql(protocol) },
  { path: "adx/alerts.kql", text: () => alertsKql(alerts) },
  { path: "adx/container-logs-bridge.kql", text: ({ schema }) => containerLogsBridgeKql(schema) },
  {
    path: "adx/setup.kql",
    text: (sources) =>
      databaseScript(["Everything an empty database needs, as one command."], {
        "adx/schema.kql": schemaKql(sources.schema),
        "adx/views.kql": sources.file("adx/views.kql"),
        "adx/policies.kql": sources.file("adx/policies.kql"),
        ...functions(sources),
      }),
  },
  {
    path: "adx/upgrade.kql",
    text: (sources) =>
      databaseScript(["Brings a database to this version; retention, caching and batching stay as they are."], {
        "adx/schema.kql": schemaKql(sources.schema),
        ...functions(sources),
        // Last: a view that changes what it groups by stops the script, and then only itself is left out.
        "adx/views.kql": sources.file("adx/views.kql"),
      }),
  },
  {
    // Beside the module: Terraform copies no more than the folder of a module that is named by an absolute path.
    path: "adx/deploy/terraform/database.kql",
    text: (sources) =>
      [schemaKql(sources.schema), sources.file("adx/views.kql"), ...Object.values(functions(sources))].join("\n"),
  },
  { path: "adx/dashboard.json", text: ({ dashboard }) => json(adxDashboard(dashboard)) },
  ...dashboard.pages.map(({ key }) => ({
    path: `adx/grafana/${key}.json`,
    text: ({ dashboard }: Sources) => json(grafanaDashboard(dashboard, key)),
  })),
  { path: "adx/alerts/grafana.yaml", text: ({ dashboard }) => grafanaAlerts(alerts, dashboard) },
  ...["bicep", "terraform/alerts"].map((folder) => ({
    path: `adx/deploy/${folder}/alerts.json`,
    text: () => json(scheduledQueryRules(alerts)),
  })),
  { path: "adx/deploy/bicep/sentinel.json", text: () => json(sentinelResources(alerts)) },
  ...[...sentinelRules(alerts)].map(([path, text]) => ({ path, text: () => text })),
  ...[...ciliumFiles()].map(([path, text]) => ({ path, text: () => text })),
  ...[...fluentBitFiles(read)].map(([path, text]) => ({ path, text: () => text })),
];

/** A page written by hand with one table that is generated. */
function pageWithTable(path: string, source: string, table: (sources: Sources) => string): Output {
  return { path, text: (sources) => withTable(sources.file(path), path, source, table(sources)) };
}

function json(value: object): string {
  return JSON.stringify(value, null, 2) + "\n";
}

function functions({ protocol, file }: Sources): Record<string, string> {
  const written = ["adx/functions.kql", "adx/detections.kql"];
  return {
    "adx/names.kql": namesKql(protocol),
    ...Object.fromEntries(written.map((path) => [path, file(path)])),
    "adx/alerts.kql": alertsKql(alerts),
  };
}

const sources: Sources = {
  schema: loadSchema(),
  protocol: loadProtocol(),
  dashboard,
  compatibility: (JSON.parse(read("tests/compatibility/results.json")) as { versions: Compatibility[] }).versions,
  file: read,
};

const stale = outputs.filter(({ path, text }) => readIfThere(path) !== text(sources));
if (!process.argv.includes("--check")) {
  for (const { path, text } of stale) {
    const target = packageFile(path);
    mkdirSync(new URL(".", target), { recursive: true });
    writeFileSync(target, text(sources));
    console.log(`wrote ${path}`);
  }
} else if (stale.length > 0) {
  const paths = stale.map(({ path }) => path).join(", ");
  console.error(`Stale generated files: ${paths}. Run \`npm run generate\` and commit the result.`);
  process.exitCode = 1;
}

function readIfThere(path: string): string | undefined {
  try {
    return read(path);
  } catch {
    return undefined;
  }
}
