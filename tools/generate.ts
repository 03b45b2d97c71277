import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { adxDashboard } from "./dashboard/adx.js";
import { grafanaDashboard } from "./dashboard/grafana.js";
import { layoutSvg } from "./dashboard/layout-svg.js";
import { loadDashboard, type DashboardSource } from "./dashboard/source.js";
import { containerLogsBridgeKql } from "./generate/container-logs-bridge-kql.js";
import { namesKql } from "./generate/names-kql.js";
import { schemaKql } from "./generate/schema-kql.js";
import { databaseScript } from "./generate/setup-kql.js";
import { packageFile } from "./package-file.js";
import { loadProtocol, type Protocol } from "./protocol.js";
import { loadSchema, type Schema } from "./schema.js";

/** What the generated files are made from. */
interface Sources {
  schema: Schema;
  protocol: Protocol;
  dashboard: DashboardSource;
  /** The text of a hand-written file, by its path from the package's root. */
  file: (path: string) => string;
}

/** A generated file: its path from the package's root and its whole text. */
interface Output {
  path: string;
  text: (sources: Sources) => string;
}

const outputs: Output[] = [
  { path: "adx/schema.kql", text: ({ schema }) => schemaKql(schema) },
  { path: "adx/names.kql", text: ({ protocol }) => namesKql(protocol) },
  { path: "adx/container-logs-bridge.kql", text: ({ schema }) => containerLogsBridgeKql(schema) },
  {
    path: "adx/setup.kql",
    text: (sources) =>
      databaseScript(["Everything an empty database needs, as one command."], {
        "adx/schema.kql": schemaKql(sources.schema),
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
      }),
  },
  { path: "adx/dashboard.json", text: ({ dashboard }) => json(adxDashboard(dashboard)) },
  { path: "adx/grafana-dashboard.json", text: ({ dashboard }) => json(grafanaDashboard(dashboard, "overview")) },
  { path: "docs/dashboard.svg", text: ({ dashboard }) => layoutSvg(adxDashboard(dashboard)) },
];

function json(value: object): string {
  return JSON.stringify(value, null, 2) + "\n";
}

function functions({ protocol, file }: Sources): Record<string, string> {
  return { "adx/names.kql": namesKql(protocol), "adx/functions.kql": file("adx/functions.kql") };
}

const read = (path: string) => readFileSync(packageFile(path), "utf8");
const sources: Sources = { schema: loadSchema(), protocol: loadProtocol(), dashboard: loadDashboard(), file: read };

if (process.argv.includes("--check")) check();
else write();

function write() {
  for (const { path, text } of outputs) {
    const target = packageFile(path);
    mkdirSync(new URL(".", target), { recursive: true });
    writeFileSync(target, text(sources));
  }
}

/** Fails, naming them, when files on disk differ from what their sources give. */
function check() {
  const stale = outputs.filter(({ path, text }) => readIfThere(path) !== text(sources)).map(({ path }) => path);
  if (stale.length === 0) return;
  console.error(
    `Stale generated files; run "npm run generate" and commit them:\n${stale.map((path) => `  ${path}\n`).join("")}`,
  );
  process.exitCode = 1;
}

function readIfThere(path: string): string | undefined {
  try {
    return read(path);
  } catch {
    return undefined;
  }
}
