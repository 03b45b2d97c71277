import { isScalar, type visitor } from "yaml";
import { buildFlowLogs } from "../exporter/build.js";
import type { FlowLogWords } from "../exporter/build.js";
import type { FlowFilter } from "../flow-filter/flow-log.js";
import { parseLabelSelector } from "../flow-filter/label-selector.js";
import { yamlOf } from "../text/yaml.js";
import { UserError } from "../user-error.js";
import { instead } from "./instead.js";

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
    const [{ includeFilters } = { includeFilters: [] }] = buildFlowLogs([words], { version: "1.20", now: new Date(0) });
    refuse(words);
    if (names.has(words.name)) throw new UserError(`--name ${words.name}: give each resource a name of its own`);
    names.add(words.name);
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
      `--not ${condition.word} ${condition.value}: a ${KIND} excludes nothing; ${instead([condition], "exclude")}`,
    );
  }
  const isAlone = words.include.length === 1;
  for (const [condition, alternatives] of words.include.flatMap((all) => all.map((one) => [one, all] as const))) {
    const { word, value } = condition;
    const known = ["namespace", "pod", "label", "ip"].includes(word);
    if (known || VALUES[word]?.includes(value.toLowerCase())) continue;
    const same = alternatives.filter((one) => one.word === word);
    const what = VALUES[word] ? `takes ${VALUES[word].join(", ")} only` : "has no such condition";
    throw new UserError(`--${word} ${value}: a ${KIND} ${what}; ${instead(same, "regex", isAlone)}`);
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
