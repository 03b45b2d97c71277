import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { logName, standardInput } from "../logs/open-log.js";
import { load } from "./query.js";

interface ReportOptions {
  output: string;
  rows?: true;
  quiet?: true;
}

/** Registers `hubble-adx report`. */
export function register(program: Command): void {
  program
    .command("report")
    .summary("make one HTML page of logs: the dashboard, without Azure")
    .description(
      "Runs the dashboard's queries over the flows of logs and writes their answers as one HTML file with charts and " +
        "tables. The file opens without a network and asks for nothing. An embedded engine executes the queries.",
    )
    .argument("[log...]", `log files; "${standardInput}", or none, is standard input`)
    .option("-o, --output <file>", "the file to write", "hubble-report.html")
    .option("--rows", "the input is rows as JSON lines: flatten's, or an export out of Azure Data Explorer")
    .option("-q, --quiet", "no summary and no progress bar on standard error")
    .addHelpText("after", moreHelp)
    .action(report);
}

const moreHelp = `
Examples:
  $ hubble-adx report cilium-agent.log
  $ kubectl logs -n kube-system ds/cilium -c cilium-agent | npx hubble-adx report - -o flows.html

Exit codes:
  0  the page was written
  1  a log could not be read, or the page not written
  2  the command line is wrong`;

async function report(logs: string[], options: ReportOptions): Promise<void> {
  const paths = logs.length > 0 ? logs : [standardInput];
  // Not before they are needed: the parser takes half a second, DuckDB 70 MB.
  const { Engine } = await import("../kusto/engine.js");
  const { reportOf } = await import("../report/results.js");
  const { reportHtml } = await import("../report/html.js");
  const engine = await Engine.open();
  try {
    await load(engine, paths, options);
    const showsTiles = !options.quiet && process.stderr.isTTY;
    const made = await reportOf(engine, paths.map(logName), (done, of) => {
      if (showsTiles) process.stderr.write(`\r${done} of ${of} tiles${done === of ? "\n" : ""}`);
    });
    const html = reportHtml(made);
    writeFileSync(options.output, html);
    if (options.quiet) return;
    const megabytes = (Buffer.byteLength(html) / 1e6).toFixed(1);
    process.stdout.write(`Wrote ${options.output} (${megabytes} MB): open it in a browser\n`);
  } finally {
    engine.close();
  }
}
