/** Labels by key; those of another source than Kubernetes have it in front, `container:app`. */
export type Labels = ReadonlyMap<string, string>;

export const NAMESPACE = "io.kubernetes.pod.namespace";
export const CLUSTER = "io.cilium.k8s.policy.cluster";
export const SERVICE_ACCOUNT = "io.cilium.k8s.policy.serviceaccount";
const NAMESPACE_LABELS = "io.cilium.k8s.namespace.labels.";

/** Reads labels as flows have them: `k8s:app=cart`. Reserved ones and those of addresses are no pod's. */
export function parseLabels(raw: readonly string[]): Labels {
  const labels = new Map<string, string>();
  for (const label of raw) {
    const [, source = "", key = "", value = ""] = /^(?:([a-z0-9]+):)?([^=]*)(?:=(.*))?$/s.exec(label) ?? [];
    if (key === "" || /^(reserved|cidr|fqdn|cidrgroup)$/.test(source)) continue;
    labels.set(source === "" || source === "k8s" || source === "any" ? key : `${source}:${key}`, value);
  }
  return labels;
}

/** Of one pod, one rollout or one run: no label of a workload. */
const passing = new Set([
  "pod-template-hash",
  "pod-template-generation",
  "controller-revision-hash",
  "controller-uid",
  "job-name",
  "rollouts-pod-template-hash",
  "statefulset.kubernetes.io/pod-name",
  "apps.kubernetes.io/pod-index",
  "batch.kubernetes.io/controller-uid",
  "batch.kubernetes.io/job-name",
  "batch.kubernetes.io/job-completion-index",
  "leaderworkerset.sigs.k8s.io/worker-index",
]);

/** The next release changes them: taken only where nothing else tells two workloads apart. */
const versions = new Set([
  "version",
  "app.kubernetes.io/version",
  "app.kubernetes.io/managed-by",
  "helm.sh/chart",
  "chart",
  "heritage",
  "service.istio.io/canonical-revision",
  "security.istio.io/tlsMode",
]);

/** What Helm charts select by: the three belong together. */
const recommended = ["app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component"];
const customary = ["app", "k8s-app", "name", "run", "component", "tier", "role"];

const keyPattern =
  /^([a-z0-9]+:)?([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const valuePattern = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Whether Kubernetes takes it as a label's value. */
export function isLabelValue(value: string): boolean {
  return valuePattern.test(value);
}

/** The labels that could select a pod, the best first. A label that Kubernetes would refuse is none. */
function candidates(labels: Labels): string[] {
  const keys = [...labels.keys()].filter(
    (key) =>
      keyPattern.test(key) &&
      isLabelValue(labels.get(key)!) &&
      !passing.has(key) &&
      key !== NAMESPACE &&
      key !== CLUSTER &&
      !key.startsWith(NAMESPACE_LABELS),
  );
  const rank = (key: string) => {
    if (versions.has(key)) return 5;
    if (key === SERVICE_ACCOUNT) return 4;
    const place = [...recommended, ...customary].indexOf(key);
    return place < 0 ? 3 : 1 + place / 100;
  };
  return keys.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** What all of them have, with the same value. */
export function commonLabels(all: readonly Labels[]): Labels {
  const [first, ...rest] = all;
  return new Map([...(first ?? [])].filter(([key, value]) => rest.every((labels) => labels.get(key) === value)));
}

/** Whether a pod has all labels of a selector. */
export function hasAll(labels: Labels, selector: Labels): boolean {
  return [...selector].every(([key, value]) => labels.get(key) === value);
}

/** Where no label is customary, all of them together: one alone may be the environment's or the team's. */
function identifying(keys: readonly string[]): readonly string[] {
  const helm = recommended.filter((key) => keys.includes(key));
  if (helm.length > 1 || helm[0] === recommended[0]) return helm;
  const named = customary.slice(0, 4).find((key) => keys.includes(key));
  if (named !== undefined) return [named];
  const stable = keys.filter((key) => key !== SERVICE_ACCOUNT && !versions.has(key));
  return stable.length > 0 ? stable : keys.slice(0, 1);
}

/**
 * The labels that identify a workload: Helm's three or the customary one, and as many more as it takes to tell it from
 * the others of its namespace.
 * @param own what all its pods have.
 * @param others the labels of each pod that is not the workload's.
 * @returns undefined where it has no label that could select it.
 */
export function chooseSelector(own: Labels, others: readonly Labels[]): Labels | undefined {
  const keys = candidates(own);
  const first = identifying(keys);
  if (first.length === 0) return undefined;
  const selector = new Map(first.map((key) => [key, own.get(key)!]));
  let rivals = others.filter((labels) => hasAll(labels, selector));
  for (const key of keys) {
    const value = own.get(key)!;
    const left = rivals.filter((labels) => labels.get(key) === value);
    if (selector.has(key) || left.length === rivals.length) continue;
    selector.set(key, value);
    rivals = left;
  }
  return selector;
}
