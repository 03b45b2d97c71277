import { parse } from "yaml";
import type { Row } from "./cluster.js";
import { documents, type Asked } from "./support.js";

export type Spec = { ingress?: Rule[]; egress?: Rule[]; endpointSelector: unknown };
export type Rule = Record<string, unknown>;

let clock = 0;

/** A pod's columns. */
export function pod(
  side: "Source" | "Destination",
  namespace: string,
  app: string,
  more: string[] = [],
  ip = `10.0.0.${app.length}`,
): Row {
  return {
    [`${side}Namespace`]: namespace,
    [`${side}PodName`]: `${app}-5c8d7-x1`,
    [`${side}WorkloadName`]: app,
    [`${side}IP`]: ip,
    [`${side}Labels`]: [
      `k8s:app=${app}`,
      "k8s:pod-template-hash=5c8d7",
      `k8s:io.kubernetes.pod.namespace=${namespace}`,
      ...more,
    ],
  };
}

export const web = pod("Source", "shop", "web");
export const cart = pod("Destination", "shop", "cart");
export const host = (ip: string, names: string[] = []): Row => ({
  DestinationIP: ip,
  DestinationLabels: ["reserved:world"],
  ...(names.length > 0 ? { DestinationNames: names } : {}),
});

/** A request to TCP 8080 that passed, seen where the source's node sees it. */
export function flow(...columns: Row[]): Row {
  clock += 1;
  return Object.assign(
    {
      TimeGenerated: `2026-03-04T09:00:${String(clock % 60).padStart(2, "0")}Z`,
      Verdict: "FORWARDED",
      FlowType: "L3_L4",
      EventType: 4,
      TrafficDirection: "EGRESS",
      Reply: false,
      L4Protocol: "TCP",
      SourcePort: 40000,
      DestinationPort: 8080,
    },
    ...columns,
  ) as Row;
}

/** The spec of the policy of one workload. */
export function specOf(rows: Row[], name: string, asked: Asked = {}): Spec {
  const found = documents(rows, asked).map((text) => parse(text) as { metadata: { name: string }; spec: Spec });
  return found.find(({ metadata }) => metadata.name === `observed-${name}`)!.spec;
}

export const port = (number: number, protocol = "TCP") => ({ ports: [{ port: String(number), protocol }] });
