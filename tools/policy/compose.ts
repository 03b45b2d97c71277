import { Evidence, type Exchange, type Exchanges } from "./exchange.js";
import type { Policy, Unwritable } from "./model.js";
import { draftRules, type RuleOptions } from "./rules.js";
import type { Direction } from "./sighting.js";
import { Workloads, type Workload } from "./workload.js";
import { UserError } from "../user-error.js";

export interface Scope {
  /** Empty: all but kube-system. */
  namespaces: readonly string[];
  /** `name` or `namespace/name`; empty: all. */
  workloads: readonly string[];
  directions: readonly Direction[];
}

/** What came of the flows. */
export interface Composed {
  policies: Policy[];
  /** Pods in scope that nothing selects. */
  unselected: Unwritable[];
  /** Namespaces that are left out unless they are named. */
  leftOut: string[];
}

const leftOutByDefault = "kube-system";

/**
 * Makes the policies of all workloads in scope.
 * @throws UserError where flows are of several clusters, or nothing is in scope.
 */
export function composePolicies(gathered: Exchanges, scope: Scope, options: RuleOptions): Composed {
  checkCluster(gathered);
  const exchanges = gathered.settle();
  const workloads = new Workloads(exchanges);
  const { homes } = gathered;
  const isOfCluster = ({ cluster }: { cluster: string }) => cluster === "" || homes.size === 0 || homes.has(cluster);
  const isNamed = (namespace: string) => scope.namespaces.length === 0 || scope.namespaces.includes(namespace);
  const isSystem = (namespace: string) =>
    namespace === leftOutByDefault && scope.namespaces.length === 0 && scope.workloads.length === 0;
  const ofCluster = workloads.all.filter(isOfCluster);
  const inScope = ofCluster.filter(
    ({ namespace, name }) =>
      isNamed(namespace) &&
      !isSystem(namespace) &&
      (scope.workloads.length === 0 || scope.workloads.some((one) => one === name || one === `${namespace}/${name}`)),
  );
  if (inScope.length === 0) refuse(ofCluster, scope);
  const names = new Set<string>();
  const byNamespace = indexed(exchanges);
  const policies = oncePerSelector(inScope).map((workload) => {
    const near = byNamespace.get(workload.namespace) ?? [];
    return compose(workload, near, workloads, scope, options, names);
  });
  return {
    policies,
    unselected: unselectedOf(
      exchanges,
      workloads,
      (end) => isOfCluster(end) && isNamed(end.namespace) && !isSystem(end.namespace),
    ),
    leftOut: ofCluster.some(({ namespace }) => isSystem(namespace)) ? [leftOutByDefault] : [],
  };
}

function checkCluster({ observers, cluster }: Exchanges): void {
  const seen = [...observers].sort();
  if (cluster === undefined && seen.length > 1) {
    throw new UserError(`the flows are of several clusters, ${seen.join(", ")}: choose one with --cluster`);
  }
  if (cluster !== undefined && seen.length > 0 && !observers.has(cluster)) {
    throw new UserError(`no flows of cluster ${cluster}; seen were ${seen.join(", ")}`);
  }
}

function refuse(seen: readonly Workload[], { namespaces, workloads }: Scope): never {
  const titles = [...new Set(seen.map(({ namespace, name }) => `${namespace}/${name}`))].sort();
  const asked = [...namespaces, ...workloads].join(", ");
  if (titles.length === 0) {
    throw new UserError(
      "no flow has a pod's labels, which policies select by: export source.labels and destination.labels, " +
        "as cilium/dynamic/everything.yaml does",
    );
  }
  const shown = titles.slice(0, 20).join(", ") + (titles.length > 20 ? ", …" : "");
  throw new UserError(
    asked === ""
      ? `only ${leftOutByDefault} was seen (${shown}): name it with --namespace`
      : `no flows of ${asked}; seen were ${shown}`,
  );
}

/** Workloads that nothing tells apart share a policy. */
function oncePerSelector(workloads: readonly Workload[]): Workload[] {
  const bySelector = new Map<string, Workload>();
  for (const workload of [...workloads].sort((a, b) => (titleOf(a) < titleOf(b) ? -1 : 1))) {
    const key = JSON.stringify([workload.cluster, workload.namespace, ...[...workload.selector].sort()]);
    if (!bySelector.has(key)) bySelector.set(key, workload);
  }
  return [...bySelector.values()];
}

const titleOf = ({ namespace, name }: Workload) => `${namespace}/${name}`;

function indexed(exchanges: readonly Exchange[]): Map<string, Exchange[]> {
  const index = new Map<string, Exchange[]>();
  for (const exchange of exchanges) {
    const pods = [exchange.source, exchange.destination].filter((end) => end.kind === "pod");
    for (const namespace of new Set(pods.map((end) => end.namespace))) {
      const present = index.get(namespace);
      if (present) present.push(exchange);
      else index.set(namespace, [exchange]);
    }
  }
  return index;
}

function compose(
  workload: Workload,
  exchanges: readonly Exchange[],
  workloads: Workloads,
  { directions }: Scope,
  options: RuleOptions,
  names: Set<string>,
): Policy {
  const drafted = (direction: Direction) => {
    const own = direction === "egress" ? "source" : "destination";
    const ofWorkload = exchanges.filter((exchange) => workloads.selects(workload, exchange[own]));
    return directions.includes(direction) ? draftRules(ofWorkload, direction, workload, workloads, options) : undefined;
  };
  const [ingress, egress] = [drafted("ingress"), drafted("egress")];
  return {
    name: policyName(workload, names),
    cluster: workload.cluster,
    namespace: workload.namespace,
    workload: workload.name,
    selector: workload.selector,
    alsoSelects: workload.alsoSelects,
    rules: { ingress: ingress?.rules, egress: egress?.rules },
    denied: [...(ingress?.denied ?? []), ...(egress?.denied ?? [])],
    unwritable: [...(ingress?.unwritable ?? []), ...(egress?.unwritable ?? [])],
  };
}

/** A name that no hand-written policy is likely to have: applying it must not replace one. */
function policyName({ namespace, name }: Workload, taken: Set<string>): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, "-")
    .slice(0, 200)
    .replace(/^[-.]+|[-.]+$/g, "")
    .replace(/\.[-.]+|-+\./g, ".");
  const base = `observed-${plain || "pods"}`;
  let free = base;
  for (let i = 2; taken.has(`${namespace}/${free}`); i++) free = `${base}-${i}`;
  taken.add(`${namespace}/${free}`);
  return free;
}

function unselectedOf(
  exchanges: readonly Exchange[],
  workloads: Workloads,
  isInScope: (end: { cluster: string; namespace: string }) => boolean,
): Unwritable[] {
  const found = new Map<string, Unwritable>();
  for (const exchange of exchanges) {
    for (const [direction, end] of [
      ["egress", exchange.source],
      ["ingress", exchange.destination],
    ] as const) {
      if (end.kind !== "pod" || !isInScope(end) || workloads.of(end)) continue;
      const reason = `no policy for ${end.title}: nothing says which labels it has (export source.labels and destination.labels)`;
      const one = found.get(reason) ?? { direction, reason, evidence: new Evidence() };
      for (const seen of exchange.seen.values())
        for (const evidence of seen.outcomes.values()) one.evidence.merge(evidence);
      found.set(reason, one);
    }
  }
  return [...found.values()];
}
