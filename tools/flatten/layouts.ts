import { fullWidth, printable, type Cell, type CellStyle } from "../text/cell-text.js";
import type { Finding } from "./findings.js";
import { flowCells, type Endpoint, type FlowCells } from "./flow-cells.js";
import { readRow } from "./row-values.js";
import type { TableColumn, TableLayout } from "./table.js";

/** The columns that a person named, each value as it stands. */
export function columnsLayout(columns: readonly string[]): TableLayout {
  return {
    columns: columns.map((title) => ({ title, minWidth: 6, maxWidth: 80 })),
    cells: (row) => {
      const values = readRow(row.json);
      return columns.map((column) => {
        const text = printable(values.get(column)?.text ?? "");
        return column === "Verdict" ? { text, ...verdictStyle(text) } : { text };
      });
    },
  };
}

/**
 * The table that tells what happened: who reached whom, over what, whether it was let through and why not. A narrower
 * terminal gets shorter times, one port instead of two, and what explains a verdict in one column.
 * @param width the terminal's; undefined where there is none.
 */
export function storyLayout(width: number | undefined): TableLayout {
  const { common, ofFlows } = partsFor(width ?? Infinity);
  const parts = [...common, ...ofFlows];
  return {
    columns: parts.map(({ column }) => column),
    cells: (row) => {
      const flow = flowCells(row);
      const cells = (row.kind === "flow" ? parts : common).map(({ cell }) => cell(flow));
      if (row.kind !== "flow") cells.push({ text: withEvent(common, flow), span: ofFlows.length });
      const style: { style?: CellStyle } = row.kind === "kept" ? { style: "gray" } : {};
      return cells.map((cell) => ({ ...cell, text: printable(cell.text), ...style }));
    },
  };
}

interface Part {
  column: TableColumn;
  cell: (flow: FlowCells) => Cell;
}

interface Parts {
  /** The columns that every row fills; one that is no flow takes the others together for its text. */
  common: Part[];
  ofFlows: Part[];
}

function partsFor(width: number): Parts {
  if (width >= 200) {
    const between = [endpoint("Source", "source", bothPorts), endpoint("Destination", "destination", bothPorts)];
    const time = width >= 220 ? longTime : shortTime;
    return { common: [time, verdict, event], ofFlows: [direction, ...between, protocol, dropReason, policy, summary] };
  }
  const between = [endpoint("Source", "source", serverPort), endpoint("Destination", "destination", serverPort)];
  if (width >= 140) {
    return { common: [shortTime, verdict], ofFlows: [direction, ...between, protocol, because, summary] };
  }
  // An IPv4 address with its port stays whole in 80 columns.
  const narrow = between.map((one, i) => (i === 0 ? one : { ...one, column: { ...one.column, minWidth: 21 } }));
  return { common: [width >= 120 ? shortTime : clockTime, verdict], ofFlows: [...narrow, details] };
}

const longTime = part("Time (UTC)", 23, 23, ({ time }) => ({ text: time, style: "gray" }));
const shortTime = part("Time (UTC)", 12, 12, ({ time }) => ({ text: time.slice("2025-01-23 ".length), style: "gray" }));
const clockTime = part("Time", 8, 8, ({ time }) => ({
  text: time.slice("2025-01-23 ".length, -".501".length),
  style: "gray",
}));
const verdict = part("Verdict", 10, 10, (flow) => ({ text: flow.verdict, ...verdictStyle(flow.verdict) }));
const event = part("Event", 12, 16, (flow) => ({ text: flow.event }));
const direction = part("Direction", 9, 9, (flow) => ({ text: flow.direction }));
const protocol = part("Protocol", 8, 8, (flow) => ({ text: flow.protocol }));
const dropReason = part("Drop reason", 11, 26, (flow) => ({ text: flow.dropReason }));
const policy = part("Policy", 10, 40, (flow) => ({ text: flow.policy }));
const because = part("Drop reason, policy", 31, 34, (flow) => ({ text: becauseOf(flow) }));
const summary = part("Summary", 16, 100, (flow) => ({ text: flow.summary }));
const details = part("Details", 16, 100, (flow) => ({
  text: nonEmpty([becauseOf(flow), flow.summary || flow.protocol]).join(" · "),
}));

function becauseOf({ dropReason, policy }: FlowCells): string {
  return nonEmpty([dropReason, policy]).join(" ");
}

function withEvent(common: Part[], flow: FlowCells): string {
  return nonEmpty([common.includes(event) ? "" : flow.event, flow.summary]).join(" ");
}

function nonEmpty(texts: string[]): string[] {
  return texts.filter((text) => text !== "");
}

function endpoint(title: string, side: "source" | "destination", portOf: (endpoint: Endpoint) => string): Part {
  return part(title, 14, 60, (flow) => {
    const port = portOf(flow[side]);
    return { text: flow[side].name, ...(port && { tail: `:${port}` }) };
  });
}

function part(title: string, minWidth: number, maxWidth: number, cell: Part["cell"]): Part {
  return { column: { title, minWidth, maxWidth }, cell };
}

function bothPorts(endpoint: Endpoint): string {
  return printable(endpoint.port);
}

function serverPort(endpoint: Endpoint): string {
  return endpoint.isServer ? bothPorts(endpoint) : "";
}

const verdictStyles: Record<string, CellStyle> = {
  FORWARDED: "green",
  DROPPED: "red",
  ERROR: "red",
  AUDIT: "yellow",
  REDIRECTED: "cyan",
  TRACED: "cyan",
  TRANSLATED: "cyan",
  UNREADABLE: "magenta",
};

function verdictStyle(verdict: string): { style?: CellStyle } {
  const style = verdictStyles[verdict];
  return style ? { style } : {};
}

/**
 * What was blocked, failed or refused, a finding a line: how often, who, what was reached, why.
 * @param titles of source, destination and reason.
 */
export function findingsLayout(
  [source, destination, what]: readonly [string, string, string],
  shown: readonly Finding[],
): TableLayout<Finding> {
  // The address is what is asked for: it stays whole, as long as an address can be.
  const longest = Math.max(14, ...shown.map((one) => fullWidth(destinationCell(one))));
  return {
    columns: [
      { title: "Count", minWidth: 5, maxWidth: 9 },
      { title: source, minWidth: 10, maxWidth: 60 },
      { title: destination, minWidth: Math.min(longest, 48), maxWidth: 80 },
      { title: what, minWidth: 20, maxWidth: 100 },
    ],
    cells: (finding) => [
      { text: finding.count.toLocaleString("en-US") },
      { text: printable(finding.source) },
      destinationCell(finding),
      { text: printable(finding.what) },
    ],
  };
}

function destinationCell({ destination, port }: Finding): Cell {
  return { text: printable(destination), ...(port && { tail: `:${printable(port)}` }) };
}
