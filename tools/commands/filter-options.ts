import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { endOptions, flagOptions, flowOptions, ObserveFilters } from "../flow-filter/observe.js";
import { listen } from "./listen.js";

const SHORT: Record<string, string> = { label: "l", type: "t", ipv4: "4", ipv6: "6" };

const descriptions: Record<string, string> = {
  pod: "pods whose name begins so, in the namespace default: name, or namespace/name, or namespace/",
  ip: "address or CIDR",
  fqdn: "DNS name known for the address; * for any letters",
  label: "label selector, e.g. k8s:app=shop",
  service: "service, named as a pod",
  port: "TCP, UDP or SCTP port",
  workload: "workload: name, or Kind/name",
  identity: "security identity: its number, or host, world, …",
  cluster: "cluster's name",
  verdict: "FORWARDED, DROPPED, …",
  type: "drop, trace, l7, policy-verdict, …; with sub type: trace:to-stack",
  protocol: "tcp, udp, icmp, dns, http, …",
  "traffic-direction": "ingress or egress",
  "drop-reason-desc": "POLICY_DENIED, POLICY_DENY, …",
  "tcp-flags": "syn, syn,ack, …",
  "http-status": "404, 5+, …",
  "http-method": "GET, POST, …",
  "http-path": "regular expression",
  "http-url": "regular expression",
  "http-header": "name:value",
  "node-name": "pattern, e.g. mycluster/aks-*",
  "node-label": "label selector",
  "snat-ip": "address or CIDR of the translated source",
  "ip-version": "v4, v6 or none",
  interface: "name of the network interface",
  uuid: "the flow's own",
  "trace-id": "of the trace that the request belongs to",
  "ip-trace-id": "a number above 0",
  "cel-expression": "e.g. _flow.verdict == Verdict.DROPPED",
  reply: "replies only",
  "not-reply": "no replies",
  encrypted: "encrypted only",
  unencrypted: "not encrypted only",
  ipv4: "IPv4 only",
  ipv6: "IPv6 only",
};

export interface SelectorOptions {
  since?: string;
  until?: string;
  first?: number;
  last?: number;
}

/** Adds the filters of `hubble observe`, by its names and with its meaning. */
export function addFilterOptions(command: Command): ObserveFilters {
  const filters = new ObserveFilters();
  const take = (flags: string, name: string, description: string, hidden = false) =>
    listen(command, flags, description, (value) => filters.set(name, value), hidden);
  command.optionsGroup("Filters, those of hubble observe; an option given twice means either value:");
  take("--not", "not", "turn the next filter around");
  for (const name of Object.keys(flowOptions)) take(`${short(name)}--${name} <value>`, name, descriptions[name]!);
  for (const name of Object.keys(flagOptions)) take(`${short(name)}--${name}`, name, descriptions[name]!);
  command
    .option("--since <time>", "from this time on: 2026-01-31T18:00:00Z, 2026-01-31, or 5m before now")
    .option("--until <time>", "up to this time")
    .option("--first <count>", "the first of those that pass", countArgument)
    .addOption(new Option("--last <count>", "the last of them").argParser(countArgument).conflicts("first"));
  command.optionsGroup("Filters on an end of the flow (--from-… its source, --to-… its destination, else either):");
  take("-n, --namespace <namespace>", "namespace", "in this namespace");
  take("-A, --all-namespaces", "all-namespaces", "pods and services of any namespace");
  for (const end of ["from-", "to-"]) {
    take(`--${end}namespace <namespace>`, `${end}namespace`, "", true);
    take(`--${end}all-namespaces`, `${end}all-namespaces`, "", true);
  }
  for (const name of Object.keys(endOptions)) {
    take(`${short(name)}--${name} <value>`, name, descriptions[name]!);
    for (const end of ["from-", "to-"]) take(`--${end}${name} <value>`, `${end}${name}`, "", true);
  }
  return filters;
}

function short(name: string): string {
  return SHORT[name] === undefined ? "" : `-${SHORT[name]}, `;
}

function countArgument(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("give a whole number from 1 to 999999");
  return Number(text);
}
