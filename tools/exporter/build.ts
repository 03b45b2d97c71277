import { accepted, compareVersions, followMaskPath } from "../flow-filter/accepted.js";
import type { Version } from "../flow-filter/accepted.js";
import { NEVER_ROTATE_MB, STDOUT } from "../flow-filter/flow-log.js";
import type { EventTypeFilter, FlowFilter, FlowLog } from "../flow-filter/flow-log.js";
import { DROP, protocol, subTypesOf } from "../flow-filter/protocol.js";
import type { NamedNumber } from "../protocol.js";
import type { RawFilters } from "./raw-filters.js";
import { nearest, suggestion } from "../findings/words.js";
import { UserError } from "../user-error.js";

/**
 * One condition in a person's words. `side` says which end of a flow an address, pod, … is of; `either` matches both.
 */
export interface Condition {
  word: string;
  side?: "source" | "destination" | "either";
  value: string;
}

/** Conditions that must all hold; several values of one word are alternatives. */
export type Conditions = Condition[];

/** A flow log in a person's words. */
export interface FlowLogWords {
  name: string;
  /** Flows are exported when one of these holds; none, or one that is empty, exports all. */
  include: Conditions[];
  exclude: Conditions[];
  /** Filters that are made already, beside those in words. */
  rawFilters?: RawFilters | undefined;
  /** `full`, a named mask (`lean`), or paths joined by commas. */
  fieldMask?: string | undefined;
  /** A named aggregation (`workloads`), or paths joined by commas. */
  aggregate?: string | undefined;
  /** A Go duration. */
  aggregationInterval?: string | undefined;
  filePath?: string | undefined;
  /** RFC 3339, or a time from now such as `2h`. */
  end?: string | undefined;
}

export interface BuildOptions {
  /** The oldest Cilium version that the flow logs have to work with. */
  version: Version;
  now: Date;
}

/** Words that belong to an end of a flow, with the filter field that each makes (`source_…` and `destination_…`). */
export const endpointWords: Record<string, string> = {
  namespace: "pod",
  pod: "pod",
  label: "label",
  ip: "ip",
  fqdn: "fqdn",
  service: "service",
  workload: "workload",
  identity: "identity",
  port: "port",
};

/** Words that belong to a flow as a whole, with the filter field that each makes. */
export const flowWords: Record<string, string> = {
  verdict: "verdict",
  direction: "traffic_direction",
  "drop-reason": "event_type",
  "event-type": "event_type",
  protocol: "protocol",
  "http-status": "http_status_code",
  "http-method": "http_method",
  "http-path": "http_path",
  "dns-query": "dns_query",
  "node-name": "node_name",
  "ip-version": "ip_version",
};

/**
 * Makes Cilium's flow logs from words.
 * Standard output can be named once in a file, so the first flow log without a file path gets it, and every further
 * one a file of its own under /var/run/cilium/hubble.
 * @throws UserError with a remedy for a word that means nothing.
 */
export function buildFlowLogs(words: readonly FlowLogWords[], options: BuildOptions): FlowLog[] {
  let stdoutTaken = words.some(({ filePath }) => filePath === STDOUT);
  return words.map((flowLog) => {
    const toStdout = flowLog.filePath === undefined && !stdoutTaken;
    if (toStdout) stdoutTaken = true;
    return buildFlowLog(flowLog, toStdout, options);
  });
}

function buildFlowLog(words: FlowLogWords, toStdout: boolean, { version, now }: BuildOptions): FlowLog {
  const flowLog: FlowLog = {
    name: words.name,
    filePath: words.filePath ?? (toStdout ? stdoutFor(version) : `/var/run/cilium/hubble/${words.name}.log`),
    fieldMask: [],
    includeFilters: buildIncluding(words),
    excludeFilters: [...words.exclude.flatMap(buildFilters), ...(words.rawFilters?.exclude ?? [])],
  };
  if (words.aggregate !== undefined) {
    flowLog.fieldAggregate = buildPaths("aggregate", words.aggregate, accepted.fieldAggregates);
    flowLog.aggregationInterval = words.aggregationInterval ?? "30s";
  } else if (words.aggregationInterval !== undefined) {
    throw new UserError(
      "--aggregation-interval without --aggregate: say what to aggregate by, e.g. --aggregate workloads",
    );
  } else if (words.fieldMask !== undefined && words.fieldMask !== "full") {
    flowLog.fieldMask = buildPaths("field-mask", words.fieldMask, accepted.fieldMasks);
  }
  if (flowLog.filePath === "/dev/stdout" && words.filePath === undefined) flowLog.fileMaxSizeMb = NEVER_ROTATE_MB;
  if (words.end !== undefined) flowLog.end = buildEnd(words.end, now);
  return flowLog;
}

/** Of alternatives one that is empty exports all, but for the one that stands for no words beside raw filters. */
function buildIncluding({ include, rawFilters }: FlowLogWords): FlowFilter[] {
  const raw = rawFilters?.include ?? [];
  const isEmpty = include.every((conditions) => conditions.length === 0);
  if (isEmpty && include.length <= 1) return raw;
  return include.some((conditions) => conditions.length === 0) ? [] : [...include.flatMap(buildFilters), ...raw];
}

function stdoutFor(version: Version): string {
  return compareVersions(version, "1.16") < 0 ? "/dev/stdout" : STDOUT;
}

function buildPaths(option: string, text: string, named: Record<string, string[]>): string[] {
  if (Object.hasOwn(named, text)) return named[text]!;
  if (!text.includes(",") && !followMaskPath(text).valid) {
    const meant = nearest(text, Object.keys(named));
    if (meant) {
      throw new UserError(`--${option} ${text}: a flow has no such field; did you mean "${meant}"?`);
    }
  }
  return text.split(",").map((path) => path.trim());
}

function buildEnd(text: string, now: Date): string {
  const relative = /^(\d+)([smhd])$/.exec(text);
  if (!relative) return text;
  const seconds = { s: 1, m: 60, h: 3600, d: 86400 }[relative[2] as "s" | "m" | "h" | "d"];
  return new Date(now.getTime() + Number(relative[1]) * seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}

/** One filter, or two where a condition may hold at either end of a flow. */
function buildFilters(conditions: Conditions): FlowFilter[] {
  if (conditions.length === 0) return [];
  const sides = conditions.some(({ side }) => side === "either") ? (["source", "destination"] as const) : [undefined];
  return sides.map((either) => {
    const filter: FlowFilter = {};
    for (const condition of conditions) {
      const endpoint = endpointWords[condition.word];
      const side = condition.side === "either" ? either : condition.side;
      const field = endpoint === undefined ? flowWords[condition.word]! : `${side!}_${endpoint}`;
      (filter[field] ??= []).push(buildValue(condition));
    }
    return joinNamespaces(filter, conditions);
  });
}

/** A namespace and a pod of the same side are one name, not alternatives. */
function joinNamespaces(filter: FlowFilter, conditions: Conditions): FlowFilter {
  for (const side of ["source", "destination"]) {
    const names = filter[`${side}_pod`] as string[] | undefined;
    const of = (word: string) =>
      conditions.some((one) => one.word === word && (one.side === side || one.side === "either"));
    if (!names || !of("namespace") || !of("pod")) continue;
    const namespaces = names.filter((name) => name.endsWith("/")).map((name) => name.slice(0, -1));
    const pods = names.filter((name) => !name.endsWith("/"));
    filter[`${side}_pod`] = pods.flatMap((pod) =>
      pod.startsWith("/") ? namespaces.map((namespace) => namespace + pod) : [pod],
    );
  }
  return filter;
}

function buildValue({ word, value }: Condition): unknown {
  switch (word) {
    case "verdict":
      return findName(word, value, protocol.verdicts).name;
    case "direction":
      return findName(word, value, protocol.trafficDirections).name;
    case "drop-reason":
      return { type: DROP, match_sub_type: true, sub_type: findName(word, value, protocol.dropReasons).number };
    case "event-type":
      return buildEventType(value);
    case "ip-version":
      return findName(word, value, [
        { name: "IPv4", number: 4 },
        { name: "IPv6", number: 6 },
      ]).name;
    case "namespace":
      return `${value.replace(/\/$/, "")}/`;
    case "pod":
      return value.includes("/") ? value : `/${value}`;
    case "workload": {
      const [kind, name] = value.includes("/") ? value.split("/", 2) : [undefined, value];
      return kind === undefined ? { name } : { name, kind };
    }
    case "identity":
      if (!/^\d+$/.test(value)) throw new UserError(`--identity ${value}: a security identity is a number`);
      return Number(value);
    case "protocol": {
      const name = value.toLowerCase();
      if (Object.hasOwn(accepted.protocols, name)) return name;
      throw new UserError(
        `--protocol ${value}: there is no such protocol; ${suggestion(value, Object.keys(accepted.protocols))}`,
      );
    }
    default:
      return value;
  }
}

/** `drop`, `drop:POLICY_DENY`, `trace:to-endpoint`, or numbers. */
function buildEventType(text: string): EventTypeFilter {
  const [type, subType] = text.split(":", 2);
  const { number } = findName("event-type", type!, protocol.eventTypes);
  if (subType === undefined) return { type: number };
  const subTypes = subTypesOf(number);
  if (subTypes.length === 0 && !/^\d+$/.test(subType)) {
    throw new UserError(`--event-type ${text}: ${type!} has no named sub types; give a number or leave it out`);
  }
  const sub_type = subTypes.length === 0 ? Number(subType) : findName("event-type", subType, subTypes).number;
  return { type: number, match_sub_type: true, sub_type };
}

/**
 * Finds a name of the protocol without regard to case, "-" and "_"; a number stands for itself.
 * @throws UserError with a suggestion when there is none.
 */
function findName(word: string, given: string, names: readonly NamedNumber[]): NamedNumber {
  const plain = (text: string) => text.toLowerCase().replaceAll("-", "_");
  const found = names.find(({ name, number }) => plain(name) === plain(given) || String(number) === given);
  if (found) return found;
  const hint =
    suggestion(
      given,
      names.map(({ name }) => name),
    ) || "the names stand in schema/protocol.yaml";
  throw new UserError(`--${word} ${given}: there is no such ${word.replace("-", " ")}; ${hint}`);
}
