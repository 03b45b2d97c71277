import { printable } from "../text/cell-text.js";
import { flowCells } from "../flatten/flow-cells.js";
import { timestampOf } from "../logs/timestamp.js";
import { wrap } from "./explain.js";
import type { Group, LoggedEvent, Trial } from "./trial.js";
import type { Tried } from "./try-log.js";

/** So many reasons why flows are not exported are told. */
const REASONS = 8;
const DAY = 86_400;

/** What flow logs would have exported of a log, in plain words. */
export function describeTried(tried: Tried, nodes: number | undefined): string {
  const { lines, events, seconds } = tried;
  const parts = [
    `Tried on ${plural(lines, "line")} with ${plural(events, "event")} of ${plural(tried.nodes, "node")}` +
      (seconds > 0 ? `, ${amount(seconds)} seconds of a node.` : "."),
  ];
  if (events === 0) return `${parts[0]!} There is no flow in it to try anything on.`;
  for (const trial of tried.trials) parts.push(describeTrial(trial, tried, nodes));
  parts.push("A log can only tell of what its own exporter was told to write into it.");
  return parts.join("\n\n");
}

function describeTrial(trial: Trial, tried: Tried, nodes: number | undefined): string {
  const { flowLog, untried, passed, refused, unseen } = trial;
  const title = flowLog.name === "" ? [] : [printable(flowLog.name)];
  if (untried !== undefined) return [...title, `  not tried  ${printable(untried)}`].join("\n");
  const reasons = [...refused.values()].sort((a, b) => b.count - a.count);
  const lines = [
    ...title,
    `  exports      ${number(passed.count)} of ${number(tried.events)}${ofKinds(passed)}`,
    ...passed.examples.map((one) => `                 ${exampleOf(one, tried)}`),
    ...reasons
      .slice(0, REASONS)
      .flatMap((group) => [
        `  exports not  ${wrap(`${number(group.count)}${ofKinds(group)}: ${printable(group.reason)}`, " ".repeat(15))}`,
        ...group.examples.slice(0, 1).map((one) => `                 ${exampleOf(one, tried)}`),
      ]),
    ...(reasons.length > REASONS
      ? [`               … and for ${plural(reasons.length - REASONS, "more reason")}`]
      : []),
    `  writes       ${plural(trial.lines, "line")}, ${bytes(trial.bytes)}`,
  ];
  const rate = ratesOf(trial, tried, nodes);
  if (rate) {
    lines.push(
      `  a node       ${amount(rate.lines)} lines and ${bytes(rate.bytes)} a second, ${amount(rate.lines * DAY)} lines and ${bytes(rate.bytes * DAY)} a day`,
      `  ${plural(rate.nodes, "node").padEnd(11)}  ${amount(rate.lines * rate.nodes * DAY)} lines and ${bytes(rate.bytes * rate.nodes * DAY)} a day; in Azure Data Explorer ${gigabytes(rate)} GB of rows a day, before it compresses them`,
    );
  } else lines.push("  a day        not to be said: all events are of one moment");
  if (unseen.length > 0) {
    lines.push(
      `  not tried    ${wrap(`no flow of the log has ${unseen.join(", ")}, which the filters look at: a field mask may have taken it away`, " ".repeat(15))}`,
    );
  }
  return lines.join("\n");
}

/** A second of one node, from all nodes of a log; undefined where the log is of one moment. */
export function ratesOf(trial: Trial, { seconds, nodes }: Tried, wanted: number | undefined) {
  if (seconds <= 0) return undefined;
  return {
    lines: trial.lines / seconds,
    bytes: trial.bytes / seconds,
    rowBytes: trial.rowBytes / seconds,
    nodes: wanted ?? nodes,
  };
}

/** GB a day of rows, of all nodes. */
export function gigabytes({ rowBytes, nodes }: { rowBytes: number; nodes: number }): string {
  return amount((rowBytes * nodes * DAY) / 1e9);
}

function ofKinds({ kinds }: Group): string {
  const sorted = [...kinds].sort(([, a], [, b]) => b - a);
  if (sorted.length === 0) return "";
  const shown = sorted.slice(0, 4).map(([kind, count]) => (sorted.length === 1 ? kind : `${number(count)} ${kind}`));
  return ` (${printable(shown.join(", "))}${sorted.length > 4 ? ", …" : ""})`;
}

function exampleOf({ text, timeMs }: LoggedEvent, { rowOf }: Tried): string {
  const json = rowOf(text);
  if (json === undefined) return printable(text.slice(0, 200));
  const time = timestampOf(new Date(Number.isNaN(timeMs) ? 0 : timeMs));
  const cells = flowCells({ kind: "flow", json, time });
  const end = ({ name, port }: { name: string; port: string }) => (port === "" ? name : `${name}:${port}`);
  const ends = [end(cells.source), end(cells.destination)].filter((one) => one !== "").join(" → ");
  const words = [cells.time, cells.verdict, cells.event, cells.direction, ends, cells.dropReason, cells.summary];
  return printable(words.filter((word) => word !== "").join("  "));
}

/** A number in at most three digits that count, or whole. */
export function amount(value: number): string {
  if (value >= 100) return number(Math.round(value));
  return value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}

export function bytes(count: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${amount(value)} ${units[unit]!}`;
}

function plural(count: number, thing: string): string {
  return `${number(count)} ${thing}${count === 1 ? "" : "s"}`;
}

function number(count: number): string {
  return count.toLocaleString("en-US");
}
