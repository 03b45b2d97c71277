import { InvalidArgumentError, Option, type Command } from "commander";
import { adxDashboard } from "../dashboard/adx.js";
import { parseClusterUri, parseDatabaseName } from "../dashboard/data-source.js";
import { grafanaDashboard } from "../dashboard/grafana.js";
import { loadDashboard } from "../dashboard/source.js";

interface Options {
  cluster: string;
  database: string;
  grafana?: string;
}

/** `hubble-adx dashboard`: prints the dashboard for one cluster and database. */
export function register(program: Command): void {
  program
    .command("dashboard")
    .description("Print the dashboard, ready to import, for a cluster and database")
    .requiredOption(
      "--cluster <uri>",
      "cluster URI, e.g. https://mycluster.westeurope.kusto.windows.net",
      valid(parseClusterUri),
    )
    .requiredOption("--database <name>", "database that holds the table HubbleFlows", valid(parseDatabaseName))
    .addOption(
      new Option("--grafana [page]", "one page for Grafana's Azure Data Explorer data source instead")
        .preset("overview")
        .argParser(valid(pageKey)),
    )
    .action(({ cluster, database, grafana }: Options) => {
      const source = loadDashboard();
      const dashboard =
        grafana !== undefined
          ? grafanaDashboard(source, grafana, database)
          : adxDashboard(source, { clusterUri: cluster, database });
      console.log(JSON.stringify(dashboard, null, 2));
    });
}

function pageKey(text: string): string {
  const keys = loadDashboard().pages.map(({ key }) => key);
  if (keys.includes(text)) return text;
  throw new Error(`the pages are ${keys.join(", ")}.`);
}

function valid(parse: (text: string) => string): (text: string) => string {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}
