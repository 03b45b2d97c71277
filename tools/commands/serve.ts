import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { InvalidArgumentError, type Command } from "commander";
import { followLog } from "../logs/follow-log.js";
import { decodeLog, logName, logSize, openLog, standardInput } from "../logs/open-log.js";
import type { LiveFlows } from "../serve/live-flows.js";
import { UserError } from "../user-error.js";

interface ServeOptions {
  port: number;
  keep: number;
  follow?: true;
  rows?: true;
  quiet?: true;
}

const defaultPort = 8765;
const defaultKeep = 1_000_000;

/** Registers `hubble-adx serve`. */
export function register(program: Command): void {
  program
    .command("serve")
    .summary("the dashboard on this machine, live")
    .description(
      "Serves the dashboard over the flows of logs on 127.0.0.1, for this machine alone: time range and filters as in " +
        "Azure Data Explorer, each tile with its KQL, and a box for KQL of one's own. It begins while logs are still read, " +
        "goes on with a pipe that stays open, and writes nothing to disk.",
    )
    .argument("[log...]", `log files; "${standardInput}", or none, is standard input`)
    .option("-p, --port <number>", "the port on 127.0.0.1; 0 takes any free one", portArgument, defaultPort)
    .option("-f, --follow", "go on with what is written to the files later, through rotations")
    .option("--keep <rows>", "how many rows are held at most; the oldest go first", countArgument, defaultKeep)
    .option("--rows", "the input is rows as JSON lines: flatten's, or an export out of Azure Data Explorer")
    .option("-q, --quiet", "nothing on standard error but errors")
    .addHelpText("after", moreHelp)
    .action(serve);
}

const moreHelp = `
Examples:
  $ hubble-adx serve cilium-agent.log
  $ kubectl logs -f -n kube-system ds/cilium -c cilium-agent | npx hubble-adx serve -

Ctrl-C ends it.

Exit codes:
  0  it was ended
  1  a log could not be read, or the port is taken
  2  the command line is wrong`;

function portArgument(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError("it is no port from 0 to 65535");
  return port;
}

function countArgument(text: string): number {
  const count = Number(text.replaceAll(/[_,]/g, ""));
  if (!Number.isInteger(count) || count < 100) throw new InvalidArgumentError("it is no whole number from 100 on");
  return count;
}

async function serve(logs: string[], options: ServeOptions): Promise<void> {
  const paths = logs.length > 0 ? logs : [standardInput];
  for (const path of paths) await logSize(path);
  if (options.follow && options.rows) throw new UserError("--follow is for logs: leave --rows out, or --follow");
  // Not before they are needed: the parser takes half a second, DuckDB 70 MB.
  const { Engine } = await import("../kusto/engine.js");
  const live = await import("../serve/live-flows.js");
  const { requestListener } = await import("../serve/server.js");
  const engine = await Engine.open();
  const flows = new live.LiveFlows(engine, options.keep);
  const server = createServer(requestListener(flows, paths.map(logName)));
  const stop = new AbortController();
  try {
    server.listen(options.port, "127.0.0.1");
    await once(server, "listening").catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") throw error;
      throw new UserError(`port ${options.port} is taken: choose another with --port`, { cause: error });
    });
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`http://127.0.0.1:${port}/\n`);
    if (!options.quiet) process.stderr.write("Open it in a browser; Ctrl-C ends it.\n");
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
    const ended = once(stop.signal, "abort");
    const reading = read(flows, paths, options, stop.signal);
    // A log that cannot be read ends the command; one that ends does not.
    await Promise.race([ended, reading.then(() => ended)]);
  } finally {
    stop.abort();
    server.closeAllConnections();
    server.close();
    await flows.close();
  }
  // Standard input may still be open.
  process.exit();
}

async function read(
  flows: LiveFlows,
  paths: string[],
  { rows, follow, quiet }: ServeOptions,
  signal: AbortSignal,
): Promise<void> {
  const { readRowBatches } = await import("../kusto/load.js");
  const readOne = async (path: string) => {
    if (rows) return flows.read(readRowBatches({ path }));
    const bytes = follow && path !== standardInput ? decodeLog(followLog(path, signal)) : openLog(path);
    await flows.readLog({ name: logName(path), bytes });
  };
  if (follow) await Promise.all(paths.map(readOne));
  else for (const path of paths) await readOne(path);
  if (!quiet) process.stderr.write(`${flows.state.rows.toLocaleString("en-US")} rows; all has been read\n`);
}
