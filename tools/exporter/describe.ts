import { accepted } from "../flow-filter/accepted.js";
import { emptyColumns } from "./check-mask.js";
import { isStdoutDevice, STDOUT } from "../flow-filter/flow-log.js";
import type { EventTypeFilter, FlowFilter, FlowLog } from "../flow-filter/flow-log.js";
import { protocol, subTypesOf } from "../flow-filter/protocol.js";
import { all, either } from "../findings/words.js";

/** A label and what to say about it. */
export type Statement = [label: string, text: string | string[]];

/** What a flow log exports, in plain words. */
export function describeFlowLog(flowLog: FlowLog): Statement[] {
  const statements: Statement[] = [
    ["goes to", describePath(flowLog)],
    ["exports", flowLog.includeFilters.length === 0 ? "every flow" : flowLog.includeFilters.map(describeFilter)],
  ];
  if (flowLog.excludeFilters.length > 0) statements.push(["except", flowLog.excludeFilters.map(describeFilter)]);
  statements.push(...describeFields(flowLog));
  if (flowLog.end !== undefined) statements.push(["until", flowLog.end]);
  return statements;
}

function describePath({ filePath, fileMaxSizeMb, fileMaxBackups }: FlowLog): string {
  if (filePath === STDOUT || isStdoutDevice(filePath)) return "the log of the Cilium agent (standard output)";
  const backups = fileMaxBackups ?? 5;
  return `the file ${filePath}, rotated at ${fileMaxSizeMb ?? 10} MB, ${backups} old files kept`;
}

/** One condition in words: `the verdict is DROPPED`. */
export function describeFields({ fieldMask, fieldAggregate, aggregationInterval }: FlowLog): Statement[] {
  if (fieldAggregate && aggregationInterval !== undefined) {
    return [
      ["aggregates", `flows that agree in ${all(fieldAggregate)}, every ${aggregationInterval}, into one with counts`],
      ["columns", describeColumns([...fieldAggregate, "time", "aggregate"])],
    ];
  }
  if (fieldMask.length === 0) return [["carries", "whole flows"]];
  return [
    ["carries", fieldMask.join(", ")],
    ["columns", describeColumns(fieldMask)],
  ];
}

function describeColumns(mask: readonly string[]): string {
  const empty = emptyColumns(mask);
  return empty.length === 0 ? "all are filled" : `these stay empty: ${empty.join(", ")}`;
}

/** `flows where the event is a drop and the direction is EGRESS`. */
export function describeFilter(filter: FlowFilter): string {
  // Cilium passes over a list without a value, but for an event type's.
  const phrases = Object.entries(filter)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => describeField(name, values));
  return phrases.length === 0 ? "all flows" : `flows where ${all(phrases)}`;
}

/** One condition in words: `the verdict is DROPPED`. */
export function describeField(name: string, values: readonly unknown[]): string {
  const { type, phrase } = accepted.filter[name]!;
  const say = (value: unknown): string => {
    switch (type) {
      case "eventType":
        return describeEventType(value as EventTypeFilter);
      case "dropReason":
        return describeDropReason(String(value));
      case "pod":
      case "service":
        return describeNamespacedName(String(value), type);
      case "bool":
        if (name === "reply") return value === true ? "a reply" : "no reply, or of unknown direction";
        return value === true ? "on" : "off";
      case "workload":
      case "httpHeader":
        return Object.values(value as Record<string, string>).join(type === "workload" ? " of kind " : ": ");
      case "tcpFlags": {
        // A flag that is not set, or false, is one that Cilium does not look at.
        const set = Object.entries(value as Record<string, unknown>).filter(([, on]) => on === true);
        return set.length === 0 ? "whatever there are" : all(set.map(([key]) => key));
      }
      case "interface":
        return all(Object.values(value as Record<string, unknown>).map(String));
      case "regex":
      case "label":
        return `"${String(value)}"`;
      default:
        return String(value);
    }
  };
  return phrase.replace("{}", () => either(values.map(say)));
}

function describeEventType({ type = 0, match_sub_type, sub_type = 0 }: EventTypeFilter): string {
  const known = protocol.eventTypes.find(({ number }) => number === type);
  const name = type === 0 ? "of any type" : known ? `${known.name} (${type})` : `of type ${type}`;
  if (!match_sub_type) return name;
  const subType = subTypesOf(type).find(({ number }) => number === sub_type);
  return `${name} with ${subType ? `${subType.name} (${sub_type})` : `sub type ${sub_type}`}`;
}

function describeDropReason(name: string): string {
  const reason = protocol.dropReasons.find((known) => known.name === name || String(known.number) === name);
  return reason ? `${reason.name} (${reason.number})` : name;
}

function describeNamespacedName(text: string, kind: "pod" | "service"): string {
  const [namespace, name] = text.includes("/") ? text.split("/", 2) : ["default", text];
  if (!name) return `any ${kind} of the namespace ${namespace!}`;
  const named = `a ${kind} whose name begins with ${name}`;
  return namespace ? `${named} in the namespace ${namespace}` : named;
}
