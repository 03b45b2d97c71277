import { InvalidArgumentError, type Command } from "commander";
import { adxDashboard } from "../dashboard/adx.js";
import { parseClusterUri, parseDatabaseName } from "../dashboard/data-source.js";
import { grafanaDashboard } from "../dashboard/grafana.js";
import { loadDashboard } from "../dashboard/source.js";

interface Options {
  cluster: string;
  database: string;
  grafana?: boolean;
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
    .option("--grafana", "the overview for Grafana's Azure Data Explorer data source instead")
    .action(({ cluster, database, grafana }: Options) => {
      const source = loadDashboard();
      const dashboard = grafana
        ? grafanaDashboard(source, "overview", database)
        : adxDashboard(source, { clusterUri: cluster, database });
      console.log(JSON.stringify(dashboard, null, 2));
    });
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
