import { emptyColumns } from "../exporter/check-mask.js";
import { describeFilter } from "../exporter/describe.js";
import { wrap } from "../exporter/explain.js";
import { sortFindings } from "../findings/finding.js";
import type { Finding } from "../findings/finding.js";
import { at, isEmpty, parseLocated, type Located, type LocatedMap } from "../findings/located.js";
import type { FlowFilter } from "../flow-filter/flow-log.js";
import { KIND, VALUES } from "./resource.js";
import { printable } from "../text/cell-text.js";
import { suggestion } from "../findings/words.js";

/** The resource of AKS's Advanced Container Networking Services, and its name before November 2025. */
const KINDS = [KIND, "RetinaNetworkFlowLog"];

const ENDS = ["from", "to"];
/** What flows agree in that AKS counts as one, by Microsoft's documentation; the rest is gone, as in its lines. */
const KEPT = [
  "time",
  "verdict",
  "drop_reason_desc",
  "l4",
  "source.namespace",
  "source.workloads",
  "source.labels",
  "destination.namespace",
  "destination.workloads",
  "destination.labels",
  "Type",
  "node_name",
  "event_type",
  "traffic_direction",
  "is_reply",
  "l7",
  "aggregate",
];

const FIELDS = ["name", ...ENDS, "protocol", "verdict"];
const ENDPOINT = ["namespacedPod", "labelSelector", "ip"];
const OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist"];

export interface Explanation {
  text: string;
  findings: Finding[];
}

/** What the ACNS resources in a text export; undefined where it holds none. */
export function explainAcns(content: string, file: string): Explanation | undefined {
  const { documents, findings: mistakes } = parseLocated(content, { file, line: 1, block: true });
  if (mistakes.length > 0) return undefined;
  const resources = documents
    .flatMap((document) => {
      const list = at(document, "items");
      return list?.kind === "list" ? list.items : [document];
    })
    .filter((one): one is LocatedMap => one.kind === "map" && KINDS.includes(text(at(one, "kind"))));
  if (resources.length === 0) return undefined;
  const findings: Finding[] = [];
  const say: Say = (severity, { line }, message, remedy) => findings.push({ severity, file, line, message, remedy });
  const texts = resources.map((resource) => explainOne(resource, say));
  const aggregation = [
    "AKS aggregates: a line can stand for many flows (IngressFlowCount, EgressFlowCount, UnknownDirectionFlowCount).",
    wrap(`Then these columns stay empty: ${["SourcePort", ...emptyColumns(KEPT)].join(", ")}.`),
  ].join("\n");
  return { text: [...texts, aggregation].join("\n\n"), findings: sortFindings(findings) };
}

type Say = (severity: Finding["severity"], place: { line: number }, message: string, remedy: string) => void;

function explainOne(resource: LocatedMap, say: Say): string {
  const kind = text(at(resource, "kind"));
  const name = printable(text(at(resource, "metadata", "name")) || "without a name");
  if (kind === "RetinaNetworkFlowLog")
    say("warning", resource, "RetinaNetworkFlowLog was renamed in November 2025", "write kind: ContainerNetworkLog");
  const state = at(resource, "status", "state");
  if (state && text(state) === "FAILED")
    say(
      "error",
      state,
      "its state is FAILED: nothing of it is exported",
      "see the log of the operator beside cilium-operator",
    );
  const list = items(at(resource, "spec", "includefilters"));
  if (list.length === 0) {
    say("error", resource, "there is no filter in spec.includefilters", "add at least one");
    return `${kind} ${name} exports nothing.`;
  }
  const filters = list.map((filter) => hubbleFilter(filter, say));
  const words = filters.map((filter, i) => `${i === 0 ? "exports" : "or     "}  ${printable(describeFilter(filter))}`);
  const hubble = filters.map((filter) => printable(JSON.stringify(filter)));
  return [`${kind} ${name}`, ...words, "as Hubble's filters, of which one must take the flow:", ...hubble].join("\n  ");
}

/** One entry of includefilters as the operator hands it to Cilium's exporter. */
function hubbleFilter(filter: Located, say: Say): FlowFilter {
  if (filter.kind !== "map" || isEmpty(filter)) {
    say("warning", filter, "a filter that is empty takes every flow", "say what to export");
    return {};
  }
  unknown(filter, FIELDS, say);
  const parts: FlowFilter = {};
  for (const end of ENDS) {
    const endpoint = mapAt(filter, end, say);
    if (!endpoint) continue;
    unknown(endpoint, ENDPOINT, say);
    const prefix = end === "from" ? "source" : "destination";
    const pods = listAt(endpoint, "namespacedPod", say);
    for (const pod of pods) {
      if (!text(pod).includes("/"))
        say("warning", pod, `the pod ${quoted(text(pod))} has no namespace`, "write namespace/pod, or namespace/");
    }
    if (pods.length > 0) parts[`${prefix}_pod`] = pods.map(text);
    const ips = listAt(endpoint, "ip", say);
    if (ips.length > 0) parts[`${prefix}_ip`] = ips.map(text);
    const labels = selector(mapAt(endpoint, "labelSelector", say), say);
    if (labels !== "") parts[`${prefix}_label`] = [labels];
  }
  for (const [key, allowed] of Object.entries(VALUES)) {
    const values = listAt(filter, key, say);
    for (const value of values) {
      if (!allowed.includes(text(value)))
        say("error", value, `${key} does not take ${quoted(text(value))}`, suggestion(text(value), allowed));
    }
    if (values.length > 0)
      parts[key] = values.map((value) => (key === "verdict" ? text(value).toUpperCase() : text(value)));
  }
  if (Object.keys(parts).length === 0)
    say("warning", filter, "a filter that is empty takes every flow", "say what to export");
  return parts;
}

/** A label selector in the words of Kubernetes. */
function selector(node: Located | undefined, say: Say): string {
  const match = at(node, "matchLabels");
  const labels = match?.kind === "map" ? [...match.entries] : [];
  const equal = labels.map(([key, { value }]) => `${key}=${text(value)}`);
  const expressions = items(at(node, "matchExpressions")).filter(({ kind }) => kind === "map");
  const more = expressions.map((expression) => {
    const key = text(at(expression, "key"));
    const operator = text(at(expression, "operator"));
    const values = items(at(expression, "values")).map(text).join(",");
    if (!OPERATORS.includes(operator))
      say("error", expression, `there is no operator ${quoted(operator)}`, suggestion(operator, OPERATORS));
    if (operator === "Exists") return key;
    if (operator === "DoesNotExist") return `!${key}`;
    return `${key} ${operator.toLowerCase()} (${values})`;
  });
  return [...equal, ...more].join(",");
}

function unknown({ entries }: LocatedMap, known: string[], say: Say): void {
  for (const [key, place] of entries) {
    if (!known.includes(key)) say("error", place, `there is no field ${quoted(key)} here`, suggestion(key, known));
  }
}

/** The items under a key; what is no list there, Kubernetes refuses. */
function listAt(node: LocatedMap, key: string, say: Say): Located[] {
  const found = at(node, key);
  if (found && found.kind !== "list" && !isNull(found)) {
    say(
      "error",
      found,
      `${key} is not a list: Kubernetes refuses the resource`,
      `write ${key}: [${text(found) || "…"}]`,
    );
  }
  return items(found);
}

/** The map under a key; what is none there, Kubernetes refuses. */
function mapAt(node: LocatedMap, key: string, say: Say): LocatedMap | undefined {
  const found = at(node, key);
  if (!found || found.kind === "map" || isNull(found)) return found?.kind === "map" ? found : undefined;
  say("error", found, `${key} is no object: Kubernetes refuses the resource`, `write ${key}: { … }`);
  return undefined;
}

function isNull(value: Located): boolean {
  return value.kind === "scalar" && value.value === null;
}

function items(value: Located | undefined): Located[] {
  return value?.kind === "list" ? value.items : [];
}

function text(value: Located | undefined): string {
  return value?.kind === "scalar" ? String(value.value ?? "") : "";
}

function quoted(word: string): string {
  return printable(JSON.stringify(word));
}
