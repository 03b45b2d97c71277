import type { End } from "../end.js";
import { sourcedLabel, type SourcedLabel } from "./labels.js";

/** One end of a flow, as the evaluation of policies sees it. */
export interface Party {
  labels: readonly SourcedLabel[];
  namespace: string;
  cluster: string;
  /** Whether policies can be about it. */
  isPod: boolean;
  /** Whether rules about addresses can mean it: Cilium's do not reach pods and nodes. */
  isOutside: boolean;
  address: string;
  names: readonly string[];
}

/** What flows say of the names of addresses, whoever asked for them. */
export type KnownNames = ReadonlyMap<string, ReadonlySet<string>>;

/** Makes a party of an end; labels that a flow leaves out are taken from what is known of the end. */
export function partyOf(end: End, known: KnownNames): Party {
  const labels = end.rawLabels.map(sourcedLabel);
  if (labels.length === 0 && end.kind === "entity") labels.push({ source: "reserved", key: end.entity, value: "" });
  if (labels.length === 0 && end.kind === "world") labels.push({ source: "reserved", key: "world", value: "" });
  const isOutside = end.kind === "world" || labels.some(isWorld);
  const names = isOutside ? [...new Set([...end.names, ...(known.get(end.address) ?? [])])] : [];
  const namespace = end.kind === "pod" ? end.namespace : "";
  if (end.kind === "pod" && !labels.some(({ key }) => key === "io.kubernetes.pod.namespace")) {
    labels.push({ source: "k8s", key: "io.kubernetes.pod.namespace", value: namespace });
  }
  return { labels, namespace, cluster: end.cluster, isPod: end.kind === "pod", isOutside, address: end.address, names };
}

const isWorld = ({ source, key }: SourcedLabel) => source === "reserved" && key.startsWith("world");
