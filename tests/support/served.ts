import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { rowBatch, type RowBatch } from "../../tools/flatten/row-batch.js";
import { openLog } from "../../tools/logs/open-log.js";
import { LiveFlows } from "../../tools/serve/live-flows.js";
import { requestListener } from "../../tools/serve/server.js";
import { openEngine } from "./engine.js";

export const sampleLog = "fluent-bit/sample/cilium-agent.log";

/** Reads a log, the sample as a rule. */
export function readSample(flows: LiveFlows, log = sampleLog): Promise<void> {
  return flows.readLog({ name: log, bytes: openLog(log) });
}

/** The server of `serve` on a free port of the loopback, with the flows that `fill` reads. @param log what the page names. */
export async function served(fill: (flows: LiveFlows) => Promise<void>, log = sampleLog) {
  const engine = await openEngine();
  const flows = new LiveFlows(engine, 100_000);
  await fill(flows);
  const server = createServer(requestListener(flows, [log]));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
    return flows.close();
  };
  return { flows, port, address: `http://127.0.0.1:${port}/`, close };
}

/** Rows as the server takes them. */
export async function* batchesOf(rows: Iterable<string>): AsyncGenerator<RowBatch> {
  yield await Promise.resolve(rowBatch([...rows]));
}
