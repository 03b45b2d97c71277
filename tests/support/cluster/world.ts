/** One end of a flow, as Hubble writes it. */
export interface End {
  ip: string;
  identity: number;
  namespace?: string;
  pod?: string;
  workload?: { name: string; kind: string };
  node?: string;
  /** Names that Cilium's DNS proxy has learned for the address. */
  names?: string[];
  labels: string[];
}

export const cluster = "aks-shop-weu";
export const nodes = ["vmss000000", "vmss000001", "vmss000002", "vmss000003"].map((vm) => `aks-apps-31807245-${vm}`);

const workloads: [namespace: string, name: string, kind: string, replicas: number][] = [
  ["app-routing-system", "nginx", "Deployment", 2],
  ["shop", "storefront", "Deployment", 3],
  ["shop", "cart", "Deployment", 3],
  ["shop", "catalog", "Deployment", 2],
  ["shop", "checkout", "Deployment", 2],
  ["shop", "orders-db", "StatefulSet", 1],
  ["shop", "cart-redis", "StatefulSet", 1],
  ["payments", "gateway", "Deployment", 2],
  ["payments", "ledger", "StatefulSet", 1],
  ["messaging", "mailer", "Deployment", 1],
  ["monitoring", "prometheus", "StatefulSet", 1],
  ["logging", "fluent-bit", "DaemonSet", 4],
  ["kube-system", "coredns", "Deployment", 2],
  ["sandbox", "netshoot", "Pod", 1],
];

/** Six characters of a pod's suffix, the same for the same number. */
function suffix(seed: number): string {
  const letters = "bcdfghjklmnpqrstvwxz2456789";
  return Array.from(
    { length: 5 },
    (_, at) => letters[(seed * 31 + at * at * 17 + seed * at * 7) % letters.length],
  ).join("");
}

/** The cluster's pods. @param rollout counts the times that Deployments have been rolled out: their pods have other names. */
export function podsOf(rollout = 0): End[] {
  return workloads.flatMap(([namespace, name, kind, replicas], at) =>
    Array.from({ length: replicas }, (_, index): End => {
      const number = at * 8 + index;
      const renewed = kind === "Deployment" || kind === "DaemonSet" ? rollout : 0;
      const template = suffix(at + 40 + renewed * 100);
      const pod = {
        Deployment: `${name}-${template}c6-${suffix(number + renewed * 200)}`,
        DaemonSet: `${name}-${suffix(number + renewed * 200)}`,
        StatefulSet: `${name}-${index}`,
        Pod: name,
      }[kind]!;
      return {
        ip: `10.244.${number % 4}.${10 + number + renewed * 120}`,
        identity: 20_000 + at * 111,
        namespace,
        pod,
        workload: { name, kind },
        node: nodes[number % 4]!,
        labels: [
          `k8s:app=${name}`,
          `k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=${namespace}`,
          `k8s:io.cilium.k8s.policy.cluster=${cluster}`,
          `k8s:io.cilium.k8s.policy.serviceaccount=${name}`,
          `k8s:io.kubernetes.pod.namespace=${namespace}`,
        ],
      };
    }),
  );
}

/** An address outside, with the name by which it was resolved. */
export function outside(ip: string, name?: string): End {
  const labels = [...(name ? [`fqdn:${name}`] : []), "reserved:world"];
  return { ip, identity: name ? 16_777_300 : 2, labels, ...(name ? { names: [name] } : {}) };
}

/** A node, to or from which probes and the API go. */
export function host(index: number): End {
  return { ip: `10.224.0.${4 + index}`, identity: 1, labels: ["reserved:host"], node: nodes[index]! };
}
