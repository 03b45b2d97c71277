import { isScalar, type visitor } from "yaml";
import { buildFlowLogs } from "../exporter/build.js";
import type { Condition, FlowLogWords } from "../exporter/build.js";
import type { FlowFilter } from "../exporter/flow-log.js";
import { parseLabelSelector } from "../exporter/label-selector.js";
import { protocol, subTypesOf } from "../exporter/protocol.js";
import { yamlOf } from "../exporter/render.js";
import { UserError } from "../user-error.js";

export const API_VERSION = "acn.azure.com/v1alpha1";
export const KIND = "ContainerNetworkLog";

/** What the resource has words for, and the values that it takes of them. */
export const VALUES: Record<string, string[]> = { protocol: ["tcp", "udp", "dns"], verdict: ["forwarded", "dropped"] };

interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

interface Endpoint {
  namespacedPod?: string[];
  labelSelector?: LabelSelector;
  ip?: string[];
}

interface IncludeFilter {
  from?: Endpoint;
  to?: Endpoint;
  protocol?: string[];
  verdict?: string[];
}

/**
 * Writes flow logs as the resources of AKS's Advanced Container Networking Services, one for each, as YAML documents.
 * @param comment lines for the head of the file, without "#".
 * @throws UserError for a word that the resource cannot express, with what to do instead.
 */
export function renderAcns(flowLogs: readonly FlowLogWords[], comment: readonly string[] = []): string {
  const names = new Set<string>();
  const documents = flowLogs.map((words, i) => {
    refuse(words);
    if (names.has(words.name)) throw new UserError(`--name ${words.name}: give each resource a name of its own`);
    names.add(words.name);
    const [{ includeFilters } = { includeFilters: [] }] = buildFlowLogs([words], { version: "1.20", now: new Date(0) });
    const filters = includeFilters.flatMap(toAcns);
    // It wants a filter; these two verdicts are all that it knows.
    const includefilters = filters.length > 0 ? filters : [{ verdict: VALUES["verdict"]! }];
    const resource = { apiVersion: API_VERSION, kind: KIND, metadata: { name: words.name }, spec: { includefilters } };
    const styles: visitor = {
      Seq(_, node) {
        node.flow = node.items.every(isScalar);
      },
    };
    return yamlOf(resource, i === 0 ? comment : [], styles, false);
  });
  return documents.join("---\n");
}

/** What the resource lacks, each with the way to get it all the same. */
function refuse(words: FlowLogWords): void {
  const settings: [string, string | undefined, string][] = [
    ["--field-mask", words.fieldMask, "leave it out: columns that nobody needs are dropped in KQL with project-away"],
    ["--aggregate", words.aggregate, "leave it out: AKS aggregates by itself"],
    ["--aggregation-interval", words.aggregationInterval, "leave it out: AKS aggregates by itself"],
    ["--file-path", words.filePath, "leave it out: AKS writes /var/log/acns/hubble/events.log"],
    ["--end", words.end, "leave it out, and delete the resource when it has to stop"],
  ];
  for (const [option, value, remedy] of settings) {
    if (value !== undefined && value !== "full")
      throw new UserError(`${option}: a ${KIND} has no such thing; ${remedy}`);
  }
  for (const condition of words.exclude.flat()) {
    throw new UserError(
      `--not ${condition.word} ${condition.value}: a ${KIND} excludes nothing; ${instead(condition, "exclude")}`,
    );
  }
  for (const condition of words.include.flat()) {
    const { word, value } = condition;
    const known = ["namespace", "pod", "label", "ip"].includes(word);
    if (known || VALUES[word]?.includes(value.toLowerCase())) continue;
    const what = VALUES[word] ? `takes ${VALUES[word].join(", ")} only` : "has no such condition";
    throw new UserError(`--${word} ${value}: a ${KIND} ${what}; ${instead(condition, "regex")}`);
  }
}

/**
 * How to have a condition all the same: a rule for Fluent Bit's grep filter in front of the wasm filter, on the line as the
 * exporter writes it, or KQL.
 */
export function instead({ word, value, side }: Condition, rule: "regex" | "exclude"): string {
  // A line does not tell of which end a namespace is: excluding by it would lose flows of the other end.
  const isOneEnd = rule === "exclude" && (side === "source" || side === "destination");
  const pattern = isOneEnd ? undefined : linePattern(word, value);
  const kql = "or say it in KQL, with where";
  if (pattern === undefined) return `export more, ${kql}`;
  return `export more, and add to the grep filter of Fluent Bit \`${rule} log ${pattern}\`, ${kql}`;
}

/** Under which key the exporter's line has a protocol. */
const keyOf: Record<string, string> = {
  tcp: "TCP",
  udp: "UDP",
  sctp: "SCTP",
  icmpv4: "ICMPv4",
  icmpv6: "ICMPv6",
  vrrp: "VRRP",
  igmp: "IGMP",
  http: "http",
  dns: "dns",
};

/** A pattern that takes the lines of flows of which a condition holds; undefined where one pattern cannot tell. */
function linePattern(word: string, value: string): string | undefined {
  const escaped = value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const plain = (text: string) => text.toLowerCase().replaceAll("-", "_");
  const upper = value.toUpperCase().replaceAll("-", "_");
  switch (word) {
    case "verdict":
      return `"verdict":\\s*"${upper}"`;
    case "direction":
      return `"traffic_direction":\\s*"${upper}"`;
    case "drop-reason": {
      const reason = protocol.dropReasons.find(({ name, number }) => name === upper || String(number) === value);
      return `"drop_reason_desc":\\s*"${reason?.name ?? upper}"`;
    }
    case "event-type": {
      const [type, subType] = value.split(":", 2);
      const known = protocol.eventTypes.find(({ name, number }) => name === type || String(number) === type);
      if (!known) return undefined;
      const under = subTypesOf(known.number).find(
        ({ name, number }) => plain(name) === plain(subType ?? "") || String(number) === subType,
      );
      if (subType !== undefined && !under) return undefined;
      // The exporter leaves a 0 out.
      if (under?.number === 0) return `"event_type":\\s*\\{"type":\\s*${known.number}\\s*\\}`;
      return `"event_type":\\s*\\{"type":\\s*${known.number}${under ? `,\\s*"sub_type":\\s*${under.number}\\b` : "\\b"}`;
    }
    case "namespace":
      return `"namespace":\\s*"${escaped.replace(/\/$/, "")}"`;
    case "protocol":
      return keyOf[value.toLowerCase()] && `"${keyOf[value.toLowerCase()]!}":`;
    case "node-name":
      return /[*/]/.test(value) ? undefined : `"node_name":\\s*"([^"/]*/)?${escaped}"`;
    default:
      return undefined;
  }
}

/** A Hubble filter as the resource's: one for each of its label selectors, of which the resource takes one. */
function toAcns(filter: FlowFilter): IncludeFilter[] {
  const labels = (side: string) => (filter[`${side}_label`] as string[] | undefined) ?? [undefined];
  const shared = {
    ...(filter["protocol"] ? { protocol: filter["protocol"] as string[] } : {}),
    ...(filter["verdict"] ? { verdict: (filter["verdict"] as string[]).map((verdict) => verdict.toLowerCase()) } : {}),
  };
  return labels("source").flatMap((source) =>
    labels("destination").map((destination) => {
      const from = endpoint(filter, "source", source);
      const to = endpoint(filter, "destination", destination);
      return { ...(from ? { from } : {}), ...(to ? { to } : {}), ...shared };
    }),
  );
}

function endpoint(filter: FlowFilter, side: string, label: string | undefined): Endpoint | undefined {
  const made: Endpoint = {};
  const pods = filter[`${side}_pod`] as string[] | undefined;
  const ips = filter[`${side}_ip`] as string[] | undefined;
  for (const pod of pods ?? []) {
    if (pod.startsWith("/")) {
      throw new UserError(`--pod ${pod.slice(1)}: a ${KIND} wants a namespace with it; write NAMESPACE${pod}`);
    }
  }
  if (pods) made.namespacedPod = pods;
  if (label !== undefined) made.labelSelector = labelSelector(label);
  if (ips) made.ip = ips;
  return Object.keys(made).length > 0 ? made : undefined;
}

function labelSelector(text: string): LabelSelector {
  const selector: LabelSelector = {};
  let requirements;
  try {
    requirements = parseLabelSelector(text);
  } catch (error) {
    throw new UserError(`--label ${text}: ${(error as Error).message}`);
  }
  for (const { key: sourced, operator, values } of requirements) {
    const [, source, key] = /^([^.]*)\.(.*)$/.exec(sourced)!;
    if (source !== "any" && source !== "k8s") {
      throw new UserError(`--label ${text}: a ${KIND} selects by Kubernetes labels; say it in KQL, with where`);
    }
    const operators = {
      "=": "In",
      "==": "In",
      in: "In",
      "!=": "NotIn",
      notin: "NotIn",
      exists: "Exists",
      "!": "DoesNotExist",
    };
    if (operator === "<" || operator === ">") {
      throw new UserError(`--label ${text}: a ${KIND} has no ${operator}; list the values with in`);
    }
    if ((operator === "=" || operator === "==") && selector.matchLabels?.[key!] === undefined) {
      (selector.matchLabels ??= {})[key!] = values[0]!;
      continue;
    }
    const more = { key: key!, operator: operators[operator], ...(values.length > 0 ? { values } : {}) };
    (selector.matchExpressions ??= []).push(more);
  }
  return selector;
}
