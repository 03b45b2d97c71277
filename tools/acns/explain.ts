import { LineCounter, isMap, isScalar, isSeq, parseAllDocuments } from "yaml";
import type { Node, YAMLMap } from "yaml";
import { sortFindings } from "../exporter/finding.js";
import type { Finding } from "../exporter/finding.js";
import { printable } from "../flatten/cell-text.js";
import { suggestion } from "../exporter/words.js";

/** The resource of AKS's Advanced Container Networking Services, and its name before November 2025. */
const KINDS = ["ContainerNetworkLog", "RetinaNetworkFlowLog"];

const ENDS = ["from", "to"];
const FIELDS = ["name", ...ENDS, "protocol", "verdict"];
const ENDPOINT = ["namespacedPod", "labelSelector", "ip"];
const VALUES: Record<string, string[]> = { protocol: ["tcp", "udp", "dns"], verdict: ["forwarded", "dropped"] };
const OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist"];

const AGGREGATION =
  "a line can stand for many flows: pods, addresses and source ports stay empty where they are aggregated";

export interface Explanation {
  text: string;
  findings: Finding[];
}

/** What the ACNS resources in a text export; undefined where it holds none. */
export function explainAcns(content: string, file: string): Explanation | undefined {
  const lines = new LineCounter();
  const documents = parseAllDocuments(content, { lineCounter: lines });
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
  const resources = documents
    .flatMap(({ contents }): unknown[] => {
      if (!isMap(contents)) return [];
      const items = contents.get("items");
      return isSeq(items) ? items.items : [contents];
    })
    .filter((one): one is YAMLMap => isMap(one) && KINDS.includes(String(one.get("kind"))));
  if (resources.length === 0) return undefined;
  const findings: Finding[] = [];
  const lineOf = (node: unknown) => lines.linePos((node as Node | undefined)?.range?.[0] ?? 0).line;
  const say = (severity: Finding["severity"], node: unknown, message: string, remedy: string) =>
    findings.push({ severity, file, line: lineOf(node), message, remedy });
  const texts = resources.map((resource) => explainOne(resource, say));
  return { text: [...texts, `Aggregation: ${AGGREGATION}.`].join("\n\n"), findings: sortFindings(findings) };
}

type Say = (severity: Finding["severity"], node: unknown, message: string, remedy: string) => void;

function explainOne(resource: YAMLMap, say: Say): string {
  const kind = String(resource.get("kind"));
  const name = printable(text(resource.getIn(["metadata", "name"], true)) || "without a name");
  if (kind === "RetinaNetworkFlowLog")
    say("warning", resource, "RetinaNetworkFlowLog was renamed in November 2025", "write kind: ContainerNetworkLog");
  if (resource.getIn(["status", "state"]) === "FAILED")
    say(
      "error",
      resource.getIn(["status", "state"], true),
      "its state is FAILED: nothing of it is exported",
      "see the log of the operator beside cilium-operator",
    );
  const list = resource.getIn(["spec", "includefilters"]);
  if (!isSeq(list) || list.items.length === 0) {
    say("error", resource, "there is no filter in spec.includefilters", "add at least one");
    return `${kind} ${name} exports nothing.`;
  }
  const filters = list.items.map((filter) => hubbleFilter(filter, say));
  return [`${kind} ${name} exports a flow that one of these Hubble filters takes:`, ...filters].join("\n  ");
}

/** One entry of includefilters as the operator hands it to Cilium's exporter. */
function hubbleFilter(filter: unknown, say: Say): string {
  if (!isMap(filter) || filter.items.length === 0) {
    say("warning", filter, "a filter that is empty takes every flow", "say what to export");
    return "{} (every flow)";
  }
  unknown(filter, FIELDS, say);
  const parts: Record<string, unknown> = {};
  for (const end of ENDS) {
    const endpoint = filter.get(end);
    if (!isMap(endpoint)) continue;
    unknown(endpoint, ENDPOINT, say);
    const prefix = end === "from" ? "source" : "destination";
    const pods = items(endpoint.get("namespacedPod"));
    for (const pod of pods) {
      if (!text(pod).includes("/"))
        say("warning", pod, `the pod ${quoted(pod)} has no namespace`, "write namespace/pod, or namespace/");
    }
    if (pods.length > 0) parts[`${prefix}_pod`] = pods.map(text);
    const ips = items(endpoint.get("ip"));
    if (ips.length > 0) parts[`${prefix}_ip`] = ips.map(text);
    const labels = selector(endpoint.get("labelSelector"), say);
    if (labels !== "") parts[`${prefix}_label`] = [labels];
  }
  for (const [key, allowed] of Object.entries(VALUES)) {
    const values = items(filter.get(key));
    for (const value of values) {
      if (!allowed.includes(text(value)))
        say("error", value, `${key} does not take ${quoted(value)}`, suggestion(text(value), allowed));
    }
    if (values.length > 0)
      parts[key] = values.map((value) => (key === "verdict" ? text(value).toUpperCase() : text(value)));
  }
  return printable(JSON.stringify(parts));
}

/** A label selector in the words of Kubernetes. */
function selector(node: unknown, say: Say): string {
  if (!isMap(node)) return "";
  const match = node.get("matchLabels");
  const equal = isMap(match) ? match.items.map(({ key, value }) => `${text(key)}=${text(value)}`) : [];
  const expressions = items(node.get("matchExpressions")).filter((one) => isMap(one));
  const more = expressions.map((expression) => {
    const key = text(expression.get("key"));
    const operator = text(expression.get("operator"));
    const values = items(expression.get("values")).map(text).join(",");
    if (!OPERATORS.includes(operator))
      say("error", expression, `there is no operator ${quoted(operator)}`, suggestion(operator, OPERATORS));
    if (operator === "Exists") return key;
    if (operator === "DoesNotExist") return `!${key}`;
    return `${key} ${operator.toLowerCase()} (${values})`;
  });
  return [...equal, ...more].join(",");
}

function unknown(map: YAMLMap, known: string[], say: Say): void {
  for (const { key } of map.items) {
    if (!known.includes(text(key)))
      say("error", key, `there is no field ${quoted(key)} here`, suggestion(text(key), known));
  }
}

function items(node: unknown): unknown[] {
  return isSeq(node) ? node.items : [];
}

function text(node: unknown): string {
  return String(isScalar(node) ? node.value : (node ?? ""));
}

function quoted(node: unknown): string {
  return printable(JSON.stringify(text(node)));
}
