import { FilterHost, readFilterModule } from "../host.js";
import { readEvent, text } from "../flow-filter/event.js";
import { logName, openLog } from "../logs/open-log.js";
import { linesOf, toRecord } from "../logs/read-log.js";
import { parseTimestamp } from "../logs/timestamp.js";
import type { FlowLog } from "../flow-filter/flow-log.js";
import { Trial } from "./trial.js";
import type { LoggedEvent } from "./trial.js";

/** What a log held, and what flow logs would have exported of it. */
export interface Tried {
  trials: Trial[];
  lines: number;
  /** Flows and Hubble's other events. */
  events: number;
  nodes: number;
  /** The time between the first and the last event of each node, added up, in seconds. */
  seconds: number;
  /** The row that an event's line makes; undefined for none. */
  rowOf: (text: string) => string | undefined;
}

/**
 * Tries flow logs on logs of Hubble's events, as Cilium would apply them.
 * @param paths of logs; `-` is standard input.
 * @throws UserError naming the log that cannot be read.
 */
export async function tryLogs(flowLogs: readonly FlowLog[], paths: readonly string[]): Promise<Tried> {
  const host = new FilterHost(readFilterModule(), { functionName: "hubble_events" });
  const rowOf = (line: string) => {
    const row = host.filter(toRecord({ text: line, number: 0 }));
    return row ? Buffer.from(row.buffer, row.byteOffset, row.length).toString("utf8") : undefined;
  };
  // The default function of the filter leaves other events out.
  const rowBytes = (line: string) => (line.startsWith('{"flow"') ? Buffer.byteLength(rowOf(line) ?? "") + 1 : 0);
  const trials = flowLogs.map((flowLog) => new Trial(flowLog, rowBytes));
  const spans = new Map<string, [first: number, last: number]>();
  const tried: Tried = { trials, lines: 0, events: 0, nodes: 0, seconds: 0, rowOf };
  for (const path of paths) {
    for await (const logged of eventsOf(path, () => (tried.lines += 1))) {
      tried.events += 1;
      for (const trial of trials) trial.add(logged);
      const { node, timeMs } = logged;
      // Other events name the node without its cluster.
      if (Number.isNaN(timeMs) || !logged.event.flow) continue;
      const span = spans.get(node) ?? [timeMs, timeMs];
      spans.set(node, [Math.min(span[0], timeMs), Math.max(span[1], timeMs)]);
    }
  }
  for (const trial of trials) trial.end();
  tried.nodes = spans.size;
  for (const [first, last] of spans.values()) tried.seconds += (last - first) / 1000;
  return tried;
}

async function* eventsOf(path: string, onLine: () => void): AsyncGenerator<LoggedEvent> {
  let last = 0;
  for await (const line of linesOf({ name: logName(path), bytes: openLog(path) })) {
    onLine();
    const event = readEvent(line.text);
    if (!event) continue;
    const own = text(event.flow, "time") || text(event.line, "time");
    const time = parseTimestamp(own) ?? line.time;
    if (time) last = time.seconds * 1000 + time.nanoseconds / 1e6;
    const node = text(event.flow, "node_name") || text(event.line, "node_name");
    yield { event, text: line.text, node, timeMs: time ? last : Number.NaN };
  }
}
