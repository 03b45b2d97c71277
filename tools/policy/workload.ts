import type { End, PodEnd } from "./end.js";
import type { Exchange } from "./exchange.js";
import { chooseSelector, commonLabels, hasAll, type Labels } from "./labels.js";

/** The pods of one workload, or what looks like one. */
export interface Workload {
  cluster: string;
  namespace: string;
  name: string;
  /** The labels that select its pods. */
  selector: Labels;
  /** Other workloads of the namespace that the labels select too, for want of any that tells them apart. */
  alsoSelects: readonly string[];
}

interface Group {
  cluster: string;
  namespace: string;
  name: string;
  labels: Labels[];
}

/** The workloads of all pods that were seen. */
export class Workloads {
  readonly #groups = new Map<string, Group>();
  readonly #groupOfLabels = new Map<string, string>();
  readonly #workloads = new Map<string, Workload | undefined>();

  constructor(exchanges: readonly Exchange[]) {
    const pods = exchanges.flatMap(({ source, destination }) => [source, destination]).filter(isPod);
    const ends = [...new Map(pods.map((end) => [end.key, end])).values()].filter(({ labels }) => labels.size > 0);
    for (const end of ends) if (end.workload !== "") this.#groupOfLabels.set(ofLabels(end), ofWorkload(end));
    for (const end of ends) {
      const key = this.#keyOf(end);
      const group = this.#groups.get(key);
      if (group) group.labels.push(end.labels);
      else this.#groups.set(key, { ...end, name: end.workload || nameOfLabels(end), labels: [end.labels] });
    }
    const groups = [...this.#groups];
    const byNamespace = new Map<string, [string, Group][]>();
    for (const [key, group] of groups) {
      const namespace = JSON.stringify([group.cluster, group.namespace]);
      byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), [key, group]]);
    }
    for (const neighbours of byNamespace.values()) {
      for (const [key, group] of neighbours) this.#workloads.set(key, describe(group, neighbours));
    }
  }

  /** Those that labels can select. */
  get all(): Workload[] {
    return [...this.#workloads.values()].filter((workload) => workload !== undefined);
  }

  /** The workload of a pod; undefined where nothing that was seen of it could select it. */
  of(end: PodEnd): Workload | undefined {
    return this.#workloads.get(this.#keyOf(end));
  }

  /** Whether a workload's labels select a pod. */
  selects({ cluster, namespace, selector }: Workload, end: End): boolean {
    if (end.kind !== "pod" || end.namespace !== namespace || end.cluster !== cluster) return false;
    if (end.labels.size > 0) return hasAll(end.labels, selector);
    return this.#groups.get(this.#keyOf(end))?.labels.some((labels) => hasAll(labels, selector)) ?? false;
  }

  /** A pod whose labels a flow leaves out is known by its workload. */
  #keyOf(end: PodEnd): string {
    if (end.workload !== "") return ofWorkload(end);
    const labels = ofLabels(end);
    return this.#groupOfLabels.get(labels) ?? labels;
  }
}

function describe(group: Group, neighbours: readonly [string, Group][]): Workload | undefined {
  const others = neighbours.map(([, other]) => other).filter((other) => other !== group);
  const selector = chooseSelector(
    commonLabels(group.labels),
    others.flatMap(({ labels }) => labels),
  );
  if (!selector) return undefined;
  const { cluster, namespace, name } = group;
  const alsoSelects = others
    .filter(({ labels }) => labels.some((one) => hasAll(one, selector)))
    .map((other) => other.name);
  return { cluster, namespace, name, selector, alsoSelects };
}

const isPod = (end: End): end is PodEnd => end.kind === "pod";
const ofWorkload = ({ cluster, namespace, workload }: PodEnd) =>
  JSON.stringify(["workload", cluster, namespace, workload]);
const ofLabels = ({ cluster, namespace, labels }: PodEnd) =>
  JSON.stringify(["labels", cluster, namespace, ...[...labels].map(([key, value]) => `${key}=${value}`).sort()]);

function nameOfLabels({ labels, namespace }: PodEnd): string {
  const selector = chooseSelector(labels, []);
  return selector ? [...selector.values()][0]! : namespace;
}
