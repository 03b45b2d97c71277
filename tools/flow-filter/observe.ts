import type { EventTypeFilter, FlowFilter } from "./flow-log.js";
import { protocol } from "./protocol.js";
import { UserError } from "../user-error.js";

/** Options that name either end of a flow, or with `from-` or `to-` one of them, and the field that each makes. */
export const endOptions: Record<string, string> = {
  pod: "pod",
  ip: "ip",
  fqdn: "fqdn",
  label: "label",
  service: "service",
  port: "port",
  workload: "workload",
  identity: "identity",
  cluster: "cluster_name",
};

/** Options on a flow as a whole, and the field that each makes. */
export const flowOptions: Record<string, string> = {
  verdict: "verdict",
  type: "event_type",
  protocol: "protocol",
  "traffic-direction": "traffic_direction",
  "drop-reason-desc": "drop_reason_desc",
  "tcp-flags": "tcp_flags",
  "http-status": "http_status_code",
  "http-method": "http_method",
  "http-path": "http_path",
  "http-url": "http_url",
  "http-header": "http_header",
  "node-name": "node_name",
  "node-label": "node_labels",
  "snat-ip": "source_ip_xlated",
  "ip-version": "ip_version",
  interface: "interface",
  uuid: "uuid",
  "trace-id": "trace_id",
  "ip-trace-id": "ip_trace_id",
  "cel-expression": "experimental",
};

/** Options without a value, with the field and the value that each makes. */
export const flagOptions: Record<string, [field: string, value: unknown]> = {
  reply: ["reply", true],
  "not-reply": ["reply", false],
  encrypted: ["encrypted", true],
  unencrypted: ["encrypted", false],
  ipv4: ["ip_version", "IPv4"],
  ipv6: ["ip_version", "IPv6"],
};

/** Options of which no two go together (hubble/cmd/observe/flows_filter.go of 1.20.2). */
const CONFLICTS = [
  "from-fqdn from-ip ip fqdn from-namespace namespace from-all-namespaces all-namespaces",
  "from-fqdn from-ip ip fqdn from-pod pod",
  "to-fqdn to-ip ip fqdn to-namespace namespace to-all-namespaces all-namespaces",
  "to-fqdn to-ip ip fqdn to-pod pod",
  "to-pod namespace all-namespaces",
  "from-pod namespace all-namespaces",
  "to-service namespace all-namespaces",
  "from-service namespace all-namespaces",
  "label from-label",
  "label to-label",
  "service from-service",
  "service to-service",
  "port to-port",
  "port from-port",
  "identity to-identity",
  "identity from-identity",
  "workload to-workload",
  "workload from-workload",
  "encrypted unencrypted",
  "reply not-reply",
].map((group) => group.split(" "));

const FLAGS = ["SYN", "FIN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "NS"];
const AGENT_EVENTS = [
  "unspecified",
  "message",
  "agent-started",
  "endpoint-regenerate-success",
  "endpoint-regenerate-failure",
  "policy-updated",
  "policy-deleted",
  "endpoint-created",
  "endpoint-deleted",
  "ipcache-upserted",
  "ipcache-deleted",
];

/** The filters that the options of `hubble observe` make: two where an option means either end of a flow. */
class Side {
  readonly #left: FlowFilter = {};
  readonly #right: FlowFilter = {};
  readonly #namespaces: Record<"" | "from-" | "to-", string[]> = { "": [], "from-": [], "to-": [] };
  readonly #changed = new Set<string>();

  set(name: string, value: string): void {
    this.#changed.add(name);
    for (const group of CONFLICTS) {
      const [one, other] = group.filter((option) => this.#changed.has(option));
      if (one !== undefined && other !== undefined) {
        throw new UserError(`--${one} and --${other} cannot be combined, as in hubble observe`);
      }
    }
    const [, end, rest] = /^(from-|to-)?(.*)$/.exec(name) as unknown as [string, "from-" | "to-" | undefined, string];
    if (rest === "namespace") this.#namespaces[end ?? ""].push(value);
    else if (rest === "all-namespaces") this.#namespaces[end ?? ""].push("");
    else if (Object.hasOwn(flagOptions, name)) this.#both(flagOptions[name]![0], flagOptions[name]![1]);
    else if (Object.hasOwn(endOptions, rest)) {
      const read = valueOf(rest, value);
      if (end !== "to-") add(this.#left, `source_${endOptions[rest]!}`, read);
      if (end === "from-") add(this.#right, `source_${endOptions[rest]!}`, read);
      if (end !== "from-") add(this.#right, `destination_${endOptions[rest]!}`, read);
      if (end === "to-") add(this.#left, `destination_${endOptions[rest]!}`, read);
    } else this.#both(flowOptions[name]!, valueOf(name, value));
    for (const filter of [this.#left, this.#right]) this.#checkNamespaces(filter);
  }

  filters(): FlowFilter[] {
    const [left, right] = [{ ...this.#left }, { ...this.#right }];
    for (const filter of [left, right]) {
      inNamespaces(filter, "destination", this.#namespaces["to-"]);
      inNamespaces(filter, "source", this.#namespaces["from-"]);
    }
    inNamespaces(left, "source", this.#namespaces[""]);
    inNamespaces(right, "destination", this.#namespaces[""]);
    const text = (filter: FlowFilter) => JSON.stringify(Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1)));
    return text(left) === text(right) ? [left] : [left, right];
  }

  #both(field: string, value: unknown): void {
    add(this.#left, field, value);
    add(this.#right, field, value);
  }

  #checkNamespaces(filter: FlowFilter): void {
    const { "": either, "from-": from, "to-": to } = this.#namespaces;
    for (const [side, namespaces] of [
      ["source", [...either, ...from]],
      ["destination", [...either, ...to]],
    ] as const) {
      const pods = (filter[`${side}_pod`] ?? []) as string[];
      const services = (filter[`${side}_service`] ?? []) as string[];
      for (const namespace of namespaces) {
        const other = [...pods, ...services].find((name) => ![undefined, "", namespace].includes(namespaceOf(name)));
        if (other !== undefined) throw new UserError(`"${other}" is not in the namespace "${namespace}"`);
      }
      for (const pod of pods) {
        if ((namespaceOf(pod) ?? "") === "") continue;
        const service = services.find((name) => (namespaceOf(name) ?? "") !== namespaceOf(pod));
        if (service !== undefined) throw new UserError(`the service "${service}" is not in the namespace of "${pod}"`);
      }
    }
  }
}

function namespaceOf(name: string): string | undefined {
  return name.includes("/") ? name.slice(0, name.indexOf("/")) : undefined;
}

/** Puts names without a namespace into each of those given; without names all of the namespaces. */
function inNamespaces(filter: FlowFilter, side: "source" | "destination", namespaces: readonly string[]): void {
  if (namespaces.length === 0) return;
  const [pods, services] = [`${side}_pod`, `${side}_service`];
  if (!filter[pods] && !filter[services]) filter[pods] = [""];
  for (const field of [pods, services]) {
    const names = filter[field] as string[] | undefined;
    if (!names) continue;
    filter[field] = names.flatMap((name) => (name.includes("/") ? [name] : namespaces.map((one) => `${one}/${name}`)));
  }
}

function add(filter: FlowFilter, field: string, value: unknown): void {
  (filter[field] ??= []).push(value);
}

/** The filters of one command line, gathered in its order. */
export class ObserveFilters {
  #include: Side | undefined;
  #exclude: Side | undefined;
  #isNot = false;

  /**
   * Takes an option of `hubble observe`; `not` turns the next one around.
   * @throws UserError where hubble refuses it.
   */
  set(name: string, value = ""): void {
    if (name === "not") {
      if (this.#isNot) throw new UserError("--not stands there twice, one behind the other");
      this.#isNot = true;
      return;
    }
    const side = this.#isNot ? (this.#exclude ??= new Side()) : (this.#include ??= new Side());
    this.#isNot = false;
    side.set(name, value);
  }

  /**
   * The filters, of which one must match, and those of which none may.
   * @throws UserError where `--not` stands last.
   */
  get(): { include: FlowFilter[]; exclude: FlowFilter[] } {
    if (this.#isNot) throw new UserError("--not stands last: put the condition that it turns around behind it");
    return { include: this.#include?.filters() ?? [], exclude: this.#exclude?.filters() ?? [] };
  }
}

function valueOf(name: string, value: string): unknown {
  const refuse = (what: string): never => {
    throw new UserError(`--${name} ${value}: ${what}`);
  };
  switch (name) {
    case "verdict":
    case "drop-reason-desc": {
      const names = name === "verdict" ? protocol.verdicts : protocol.dropReasons.filter(({ unnamed }) => !unnamed);
      if (names.some((one) => one.name === value)) return value;
      return refuse(`write one of ${names.map((one) => one.name).join(", ")}`);
    }
    case "traffic-direction":
      return /^(in|e)gress$/i.test(value) ? value.toUpperCase() : refuse("write ingress or egress");
    case "type":
      return eventType(value) ?? refuse(`write one of ${typeNames().join(", ")}, with its sub type: trace:to-stack`);
    case "ip-version":
      return ipVersion(value.toLowerCase());
    case "ip-trace-id":
      return /^\d+$/.test(value) && BigInt(value) > 0n && BigInt(value) < 1n << 64n
        ? value
        : refuse("write a number above 0");
    case "http-header": {
      const at = value.indexOf(":");
      return at < 0 ? refuse("write name:value") : { key: value.slice(0, at), value: value.slice(at + 1) };
    }
    case "tcp-flags": {
      const flags = value.split(",").map((flag) => flag.toUpperCase());
      if (!flags.every((flag) => FLAGS.includes(flag))) return refuse(`write some of ${FLAGS.join(", ")}`);
      return Object.fromEntries(flags.map((flag) => [flag, true]));
    }
    case "workload": {
      const at = value.indexOf("/");
      const [kind, named] = at < 0 ? ["", value] : [value.slice(0, at), value.slice(at + 1)];
      return { ...(named === "" ? {} : { name: named }), ...(kind === "" ? {} : { kind }) };
    }
    case "identity":
      return identity(value) ?? refuse(`write a number, or one of ${reserved.map(({ name }) => name).join(", ")}`);
    case "interface":
      return { name: value };
    default:
      return value;
  }
}

function ipVersion(text: string): string {
  if (/^(ip)?v?4$/.test(text)) return "IPv4";
  return /^(ip)?v?6$/.test(text) ? "IPv6" : "IP_NOT_USED";
}

function typeNames(): string[] {
  return protocol.eventTypes.filter(({ event }) => event !== "none").map(({ name }) => name);
}

/** `TYPE` or `TYPE:SUBTYPE`, by name or number. */
function eventType(text: string): EventTypeFilter | undefined {
  const at = text.indexOf(":");
  const [name, subName] = at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
  const named = typeNames().includes(name);
  const type = named ? protocol.eventTypes.find((one) => one.name === name)!.number : uint32(name);
  if (type === undefined) return undefined;
  if (subName === undefined) return { type };
  const points = protocol.traceObservationPoints.map((one) => [
    one.name.toLowerCase().replaceAll("_", "-"),
    one.number,
  ]);
  const names = Object.fromEntries<number>(
    name === "trace"
      ? (points as [string, number][])
      : name === "agent"
        ? AGENT_EVENTS.map((one, number) => [one, number])
        : [],
  );
  const sub_type = Object.hasOwn(names, subName) ? names[subName] : uint32(subName);
  return sub_type === undefined ? undefined : { type, match_sub_type: true, sub_type };
}

/** Go's number of 32 bits, kept as a signed one. */
function uint32(text: string): number | undefined {
  return /^\d+$/.test(text) && Number(text) < 2 ** 32 ? Number(text) | 0 : undefined;
}

/** Identities that stand for many in Cilium's policies; flows have none of them. */
const AGGREGATES = ["cluster", "cluster-mesh", "world", "remote-node"].map((name, i) => ({
  name: `aggregate-${name}`,
  number: 11 + i,
}));

const reserved = [...protocol.reservedIdentities, ...AGGREGATES];

function identity(text: string): number | undefined {
  const named = reserved.find(({ name }) => name === text);
  if (named) return named.number;
  const digits = text.replace(/(?<=[0-9a-f])_(?=[0-9a-f])/gi, "").replace(/^0(?=\d)/, "0o");
  if (!/^(0x[0-9a-f]+|0o[0-7]+|0b[01]+|0|[1-9]\d*)$/i.test(digits)) return undefined;
  const value = Number(digits);
  return value < 2 ** 32 ? value : undefined;
}
