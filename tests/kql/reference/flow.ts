import { loadProtocol } from "../../../tools/protocol.js";
import { datetimeTicks } from "../../../tools/text/ticks.js";

// The functions of adx/functions.kql once more, in plain TypeScript over rows in memory: written from docs/queries.md, for the
// tests to hold the KQL against. It knows nothing of how KQL is translated.

/** A row of HubbleFlows; what is missing is null, or the empty string. */
export type Flow = Record<string, unknown>;

/** A row of a function's result. */
export type Answer = Record<string, unknown>;

/** A time range in ticks, both ends of which count. */
export interface Range {
  start: number;
  end: number;
}

export const second = 10_000_000;
export const minute = 60 * second;

/** Ticks as a number: the tests' times count from a moment that leaves room below 2^53. */
const origin = datetimeTicks("2026-03-04T00:00:00Z")!;

export function ticksOf(text: string): number {
  return Number(datetimeTicks(text)! - origin);
}

export function originTicks(ticks: number): bigint {
  return origin + BigInt(ticks);
}

export const text = (flow: Flow, column: string): string => (flow[column] as string | undefined) ?? "";
export const number = (flow: Flow, column: string): number | null => (flow[column] as number | undefined) ?? null;
export const list = (flow: Flow, column: string): string[] | null => (flow[column] as string[] | undefined) ?? null;
export const timeOf = (flow: Flow): number => ticksOf(flow.TimeGenerated as string);

export const isIn = (time: number, { start, end }: Range): boolean => time >= start && time <= end;
export const isFlow = (flow: Flow): boolean => text(flow, "ExportEvent") === "" && text(flow, "ParseError") === "";

/** The flows that a row stands for. */
export function countOf(flow: Flow): number {
  const counts = ["IngressFlowCount", "EgressFlowCount", "UnknownDirectionFlowCount"];
  return Math.max(1, ...[counts.reduce((sum, column) => sum + (number(flow, column) ?? 0), 0)]);
}

const protocol = loadProtocol();
const nameIn = (table: { number: number; name: string }[], value: number | null): string =>
  value === null ? "" : (table.find((each) => each.number === value)?.name ?? String(value));

export const identityName = (value: number | null): string => nameIn(protocol.reservedIdentities, value);
export const responseCodeName = (value: number | null): string => nameIn(protocol.dnsResponseCodes, value);
export const reasonName = (value: number | null): string => nameIn(protocol.dropReasons, value);
export const meaningOf = (reason: string): string =>
  reason === "L7_DENIED"
    ? "The L7 proxy refused it: no policy allows the request"
    : (protocol.dropReasons.find(({ name }) => name === reason)?.label ?? "");
export const isPolicyReason = (flow: Flow): boolean =>
  protocol.dropReasons.some(
    (reason) =>
      reason.policy && (reason.number === number(flow, "DropReasonCode") || reason.name === text(flow, "DropReason")),
  );
export const eventName = (value: number | null): string =>
  value === null ? "" : (protocol.eventTypes.find((each) => each.number === value)?.label ?? String(value));
export const matchName = (value: number | null): string =>
  protocol.policyMatchTypes.find((each) => each.number === (value ?? 0))?.label ?? String(value);

export type Side = "Source" | "Destination";

export function reservedLabel(labels: string[] | null): string {
  const label = (labels ?? []).find((each) => each.startsWith("reserved:"));
  return label?.slice("reserved:".length) ?? "";
}

/** A readable name of one end; of the workload before the pod where `byWorkload`. */
export function endName(flow: Flow, side: Side, byWorkload = false): string {
  const at = (column: string) => text(flow, side + column);
  const namespace = at("Namespace");
  const pod = byWorkload ? "" : at("PodName");
  const workload = byWorkload ? at("WorkloadName") || at("PodName") : at("WorkloadName");
  const names = list(flow, `${side}Names`) ?? [];
  const identity = number(flow, `${side}Identity`);
  if (pod) return `${namespace}/${pod}`;
  if (workload) return `${namespace}/${workload}`;
  if (names.length > 0) return names[0]!.replace(/\.+$/, "");
  if (identity !== null && [1, 3, 4, 5, 6, 7, 8].includes(identity)) return identityName(identity);
  return at("IP") || reservedLabel(list(flow, `${side}Labels`)) || namespace || identityName(identity);
}

export function isWorld(flow: Flow, side: Side): boolean {
  const identity = number(flow, `${side}Identity`);
  const labels = list(flow, `${side}Labels`) ?? [];
  return [2, 9, 10].includes(identity ?? 0) || labels.some((label) => label.startsWith("reserved:world"));
}

export function isReply(flow: Flow): boolean {
  if (typeof flow.Reply === "boolean") return flow.Reply;
  if (text(flow, "L7Type")) return text(flow, "L7Type") === "RESPONSE";
  const flags = text(flow, "TCPFlags").split(",");
  if (flags.includes("SYN")) return flags.includes("ACK");
  const [from, to] = [number(flow, "SourcePort"), number(flow, "DestinationPort")];
  return from !== null && to !== null && from < 32768 && to >= 32768;
}

export const policyTitle = (flow: Flow): string =>
  [text(flow, "PolicyNamespace"), text(flow, "PolicyName")].filter(Boolean).join("/");

/** Groups items by the given values, and makes a row of each group. */
export function grouped<T>(items: T[], by: (item: T) => Answer, make: (group: T[]) => Answer): Answer[] {
  const groups = new Map<string, { key: Answer; group: T[] }>();
  for (const item of items) {
    const key = by(item);
    const id = JSON.stringify(key);
    const entry = groups.get(id) ?? { key, group: [] };
    entry.group.push(item);
    groups.set(id, entry);
  }
  return [...groups.values()].map(({ key, group }) => ({ ...key, ...make(group) }));
}

export const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
export const distinct = (values: string[]): string[] => [...new Set(values)].sort();
export const pick = (flow: Flow, strings: string[], numbers: string[] = []): Answer => ({
  ...Object.fromEntries(strings.map((column) => [column, text(flow, column)])),
  ...Object.fromEntries(numbers.map((column) => [column, number(flow, column)])),
});

/** First and last seen, as texts of the rows themselves. */
export function seen(flows: Flow[]): { FirstSeen: string; LastSeen: string } {
  const sorted = [...flows].sort((a, b) => timeOf(a) - timeOf(b)).map((flow) => flow.TimeGenerated as string);
  return { FirstSeen: sorted[0]!, LastSeen: sorted.at(-1)! };
}

/** The nearest rank. */
export function percentile(values: number[], rank: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)]!;
}
