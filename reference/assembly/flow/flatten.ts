import { JSON } from "json-as";
import { Fields } from "../json/fields";
import { readString, stringValue } from "../json/strings";
import { isArray, isNull, isObject, isString } from "../json/values";
import { Row } from "./row";
import { timestampFromText } from "./time";

/**
 * Builds the row of a flow. Each rule takes the values of its columns out of `flow`; what is left has no column.
 *
 * @param flow the object under `flow`
 * @param event the object that holds the key `flow`, whose time and node name serve where the flow lacks its own
 * @param recordTime the timestamp that serves where both lack one
 */
export function flattenFlow(flow: Fields, event: Fields, recordTime: string): Row {
  const row = new Row();
  const additional = new Map<string, JSON.Raw>();
  setTime(row, additional, flow, event, recordTime);
  setNodeName(row, additional, flow, event);
  setVerdict(row, flow);
  setReply(row, flow);
  setAddresses(row, flow);
  setLayer4(row, flow);
  setSource(row, flow);
  setDestination(row, flow);
  setPolicies(row, flow);
  setTrace(row, flow);
  setDevice(row, flow);
  setSocket(row, flow);
  setLayer7(row, flow);
  setFlowCounts(row, flow);
  flow.addUnusedTo(additional, "");
  setAdditionalFields(row, additional);
  return row;
}

/** Builds the row of an export event that is not a flow; `kind` is its key, e.g. `lost_events`. */
export function flattenOtherEvent(kind: string, event: Fields, recordTime: string): Row {
  const row = new Row();
  const additional = new Map<string, JSON.Raw>();
  setTime(row, additional, new Fields(), event, recordTime);
  setNodeName(row, additional, new Fields(), event);
  row.ExportEvent = stringValue(kind);
  event.object(kind).addUnusedTo(additional, kind + ".");
  setAdditionalFields(row, additional);
  return row;
}

function setAdditionalFields(row: Row, additional: Map<string, JSON.Raw>): void {
  if (additional.size > 0) row.AdditionalFields = new JSON.Raw(JSON.stringify(additional));
}

function isTimestamp(value: string): bool {
  return isString(value) && timestampFromText(readString(value)) != null;
}

/** The flow's time, else the event's, else the record's. The event's unfit time is kept where the flow has none. */
function setTime(row: Row, additional: Map<string, JSON.Raw>, flow: Fields, event: Fields, recordTime: string): void {
  let time = flow.last("time", isTimestamp);
  if (time == null) time = event.last("time", isTimestamp);
  if (time == null && !flow.has("time")) keepLeftOver("time", event, additional);
  event.use("time");
  row.TimeGenerated = stringValue(time == null ? recordTime : timestampFromText(readString(time))!);
}

/** The flow's node name, else the event's, split at its last "/" into cluster and node. */
function setNodeName(row: Row, additional: Map<string, JSON.Raw>, flow: Fields, event: Fields): void {
  let name = flow.scalar("node_name");
  if (name == null) name = event.scalar("node_name");
  if (name == null && !flow.has("node_name")) keepLeftOver("node_name", event, additional);
  event.use("node_name");
  if (name == null) return;
  if (!isString(name.data)) {
    row.NodeName = name;
    return;
  }
  const text = readString(name.data);
  const slash = text.lastIndexOf("/");
  if (slash >= 0) row.ClusterName = stringValue(text.substring(0, slash));
  row.NodeName = stringValue(text.substring(slash + 1));
}

/** Puts the event's own value under `name`, which fits no column, into AdditionalFields. */
function keepLeftOver(name: string, event: Fields, additional: Map<string, JSON.Raw>): void {
  if (!event.has(name)) return;
  const value = event.last(name, (value: string) => !isNull(value));
  if (value != null) additional.set(name, new JSON.Raw(value));
}

function setVerdict(row: Row, flow: Fields): void {
  row.Verdict = flow.scalar("verdict");
  row.DropReason = flow.scalar("drop_reason_desc");
  row.DropReasonCode = flow.integer("drop_reason");
  row.TrafficDirection = flow.scalar("traffic_direction");
  row.FlowType = flow.scalar("Type");
  row.Summary = flow.scalar("Summary");
  row.UUID = flow.scalar("uuid");
  const eventType = flow.object("event_type");
  row.EventType = eventType.integer("type");
  row.EventSubType = eventType.integer("sub_type");
  const emitter = flow.object("emitter");
  row.EmitterName = emitter.scalar("name");
  row.EmitterVersion = emitter.scalar("version");
  row.NodeLabels = flow.dynamic("node_labels");
  row.AuthType = flow.scalar("auth_type");
}

/** `is_reply`, else the deprecated `reply`, which goes no further where it says the same. */
function setReply(row: Row, flow: Fields): void {
  const isReply = flow.bool("is_reply");
  if (isReply == null) {
    row.Reply = flow.bool("reply");
  } else {
    row.Reply = isReply;
    if (isReply.data == "true") flow.last("reply", (value: string) => value == "true");
    else flow.last("reply", (value: string) => value == "false");
  }
}

function setAddresses(row: Row, flow: Fields): void {
  const ip = flow.object("IP");
  row.SourceIP = ip.scalar("source");
  row.SourceXlatedIP = ip.scalar("source_xlated");
  row.DestinationIP = ip.scalar("destination");
  row.IPVersion = ip.scalar("ipVersion");
  row.Encrypted = ip.bool("encrypted");
  const ethernet = flow.object("ethernet");
  row.SourceMAC = ethernet.scalar("source");
  row.DestinationMAC = ethernet.scalar("destination");
  row.Tunnel = flow.dynamic("tunnel");
}

/** The protocol is the first key of `l4`; other keys and protocols without columns have no column. */
function setLayer4(row: Row, flow: Fields): void {
  const l4 = flow.object("l4");
  const protocol = firstName(l4);
  if (protocol == null) return;
  row.L4Protocol = stringValue(protocol);
  if (protocol == "TCP" || protocol == "UDP" || protocol == "SCTP") {
    const segment = l4.object(protocol);
    row.SourcePort = segment.integer("source_port");
    row.DestinationPort = segment.integer("destination_port");
    if (protocol == "TCP") setTCPFlags(row, segment);
  } else if (protocol == "ICMPv4" || protocol == "ICMPv6") {
    const message = l4.object(protocol);
    row.ICMPType = message.integer("type");
    row.ICMPCode = message.integer("code");
  }
}

function firstName(fields: Fields): string | null {
  for (let i = 0; i < fields.list.length; i++) {
    if (!isNull(fields.list[i].value)) return fields.list[i].name;
  }
  return null;
}

/** The names of the flags that are true; flags that are false go no further. */
function setTCPFlags(row: Row, segment: Fields): void {
  const flags = segment.object("flags").list;
  const names: string[] = [];
  for (let i = 0; i < flags.length; i++) {
    if (flags[i].value == "true") names.push(flags[i].name);
    flags[i].used = flags[i].value == "true" || flags[i].value == "false";
  }
  if (names.length > 0) row.TCPFlags = stringValue(names.join(","));
}

function setSource(row: Row, flow: Fields): void {
  const source = flow.object("source");
  row.SourceNamespace = source.scalar("namespace");
  row.SourcePodName = source.scalar("pod_name");
  row.SourceClusterName = source.scalar("cluster_name");
  row.SourceEndpointID = source.integer("ID");
  row.SourceIdentity = source.integer("identity");
  row.SourceLabels = source.dynamic("labels");
  row.SourceWorkloads = source.dynamic("workloads");
  const workload = firstElement(row.SourceWorkloads);
  if (workload != null) {
    row.SourceWorkloadName = workload.scalar("name");
    row.SourceWorkloadKind = workload.scalar("kind");
  }
  const service = flow.object("source_service");
  row.SourceServiceName = service.scalar("name");
  row.SourceServiceNamespace = service.scalar("namespace");
  row.SourceNames = flow.dynamic("source_names");
}

function setDestination(row: Row, flow: Fields): void {
  const destination = flow.object("destination");
  row.DestinationNamespace = destination.scalar("namespace");
  row.DestinationPodName = destination.scalar("pod_name");
  row.DestinationClusterName = destination.scalar("cluster_name");
  row.DestinationEndpointID = destination.integer("ID");
  row.DestinationIdentity = destination.integer("identity");
  row.DestinationLabels = destination.dynamic("labels");
  row.DestinationWorkloads = destination.dynamic("workloads");
  const workload = firstElement(row.DestinationWorkloads);
  if (workload != null) {
    row.DestinationWorkloadName = workload.scalar("name");
    row.DestinationWorkloadKind = workload.scalar("kind");
  }
  const service = flow.object("destination_service");
  row.DestinationServiceName = service.scalar("name");
  row.DestinationServiceNamespace = service.scalar("namespace");
  row.DestinationNames = flow.dynamic("destination_names");
}

/** The fields of the first element of an array, if that is an object. The array keeps them too. */
function firstElement(value: JSON.Raw | null): Fields | null {
  if (value == null || !isArray(value.data)) return null;
  const elements = JSON.parse<JSON.Raw[]>(value.data);
  return elements.length > 0 && isObject(elements[0].data) ? JSON.parse<Fields>(elements[0].data) : null;
}

/** The lists of policies, and the first policy of the first list that has one. */
function setPolicies(row: Row, flow: Fields): void {
  row.EgressDeniedBy = flow.dynamic("egress_denied_by");
  row.IngressDeniedBy = flow.dynamic("ingress_denied_by");
  row.EgressAllowedBy = flow.dynamic("egress_allowed_by");
  row.IngressAllowedBy = flow.dynamic("ingress_allowed_by");
  let policy = firstElement(row.EgressDeniedBy);
  if (policy == null) policy = firstElement(row.IngressDeniedBy);
  if (policy == null) policy = firstElement(row.EgressAllowedBy);
  if (policy == null) policy = firstElement(row.IngressAllowedBy);
  if (policy != null) {
    row.PolicyName = policy.scalar("name");
    row.PolicyNamespace = policy.scalar("namespace");
    row.PolicyKind = policy.scalar("kind");
  }
  row.PolicyMatchType = flow.integer("policy_match_type");
  row.PolicyLog = flow.dynamic("policy_log");
}

function setTrace(row: Row, flow: Fields): void {
  row.TraceObservationPoint = flow.scalar("trace_observation_point");
  row.TraceReason = flow.scalar("trace_reason");
  row.TraceID = flow.object("trace_context").object("parent").scalar("trace_id");
  const ipTrace = flow.object("ip_trace_id");
  row.IPTraceID = ipTrace.scalar("trace_id");
  row.IPTraceOptionType = ipTrace.integer("ip_option_type");
  row.DebugCapturePoint = flow.scalar("debug_capture_point");
  const file = flow.object("file");
  row.FileName = file.scalar("name");
  row.FileLine = file.integer("line");
}

function setDevice(row: Row, flow: Fields): void {
  const networkInterface = flow.object("interface");
  row.InterfaceIndex = networkInterface.integer("index");
  row.InterfaceName = networkInterface.scalar("name");
  row.ProxyPort = flow.integer("proxy_port");
}

function setSocket(row: Row, flow: Fields): void {
  row.SockXlatePoint = flow.scalar("sock_xlate_point");
  row.SocketCookie = flow.scalar("socket_cookie");
  row.CgroupID = flow.scalar("cgroup_id");
}

function setLayer7(row: Row, flow: Fields): void {
  const l7 = flow.object("l7");
  row.L7Type = l7.scalar("type");
  row.LatencyNs = l7.integer("latency_ns");
  row.Kafka = l7.dynamic("kafka");
  const dns = l7.object("dns");
  row.DNSQuery = dns.scalar("query");
  row.DNSResponseCode = dns.integer("rcode");
  row.DNSIPs = dns.dynamic("ips");
  row.DNSCNAMEs = dns.dynamic("cnames");
  row.DNSTTL = dns.integer("ttl");
  row.DNSQueryTypes = dns.dynamic("qtypes");
  row.DNSResourceTypes = dns.dynamic("rrtypes");
  row.DNSObservationSource = dns.scalar("observation_source");
  const http = l7.object("http");
  row.HTTPMethod = http.scalar("method");
  row.HTTPURL = http.scalar("url");
  row.HTTPCode = http.integer("code");
  row.HTTPProtocol = http.scalar("protocol");
  row.HTTPHeaders = http.dynamic("headers");
}

/** The counts of `aggregate`, else those of `extensions`, whose own column keeps them too. */
function setFlowCounts(row: Row, flow: Fields): void {
  row.Extensions = flow.dynamic("extensions");
  const extensions = row.Extensions;
  const fallback = extensions != null && isObject(extensions.data) ? JSON.parse<Fields>(extensions.data) : new Fields();
  const aggregate = flow.object("aggregate");
  row.IngressFlowCount = count(aggregate, fallback, "ingress_flow_count");
  row.EgressFlowCount = count(aggregate, fallback, "egress_flow_count");
  row.UnknownDirectionFlowCount = count(aggregate, fallback, "unknown_direction_flow_count");
}

function count(aggregate: Fields, fallback: Fields, name: string): JSON.Raw | null {
  const value = aggregate.integer(name);
  return value == null ? fallback.integer(name) : value;
}
