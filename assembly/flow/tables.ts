// Generated from schema/columns.yaml by `npm run generate` (tools/generate/assembly.ts). Do not edit.

/** What the scanner does with the value of a key. What does not fit goes to AdditionalFields. */
export const enum Kind {
  /** Any scalar. */
  Text,
  /** A number, or a string that holds an integer. */
  Number,
  /** True or false. */
  Bool,
  /** No value: with the next key starts a run of members that flow after flow repeats together. */
  Run,
  /** An object whose keys have rows of their own. */
  Object,
  /** Likewise, and its key is itself a column. */
  Protocol,
  /** An object or an array that flow after flow repeats; columns may be taken from its first element too. */
  Repeating,
  /** An object or an array. */
  Dynamic,
  /** An object of flags. */
  TrueKeys,
  /** An RFC 3339 time. */
  Timestamp,
  /** An object or an array; columns are taken from its members too. */
  Members,
  /** No key: the end of an object's rows. */
  End,
}

/**
 * Where the scanner puts a value: what the row is made of in its order, then the values that columns are made from. A
 * run has a slot for all its columns at once, and theirs follow it.
 */
export const enum Slot {
  TimeGenerated,
  Verdict,
  DropReasonCode,
  Reply,
  Summary,
  UUID,
  SourceIP,
  SourceXlatedIP,
  SourcePort,
  DestinationIP,
  DestinationPort,
  IPVersion,
  Encrypted,
  L4Protocol,
  TCPFlags,
  ICMPType,
  ICMPCode,
  SourceNames,
  DestinationNames,
  PolicyName,
  PolicyNamespace,
  PolicyKind,
  EgressDeniedBy,
  IngressDeniedBy,
  EgressAllowedBy,
  IngressAllowedBy,
  PolicyLog,
  AuthType,
  TraceID,
  DebugCapturePoint,
  InterfaceIndex,
  InterfaceName,
  ProxyPort,
  SockXlatePoint,
  SocketCookie,
  CgroupID,
  L7Type,
  LatencyNs,
  DNSQuery,
  DNSResponseCode,
  DNSIPs,
  DNSCNAMEs,
  DNSTTL,
  DNSQueryTypes,
  DNSResourceTypes,
  DNSObservationSource,
  HTTPMethod,
  HTTPURL,
  HTTPCode,
  HTTPProtocol,
  HTTPHeaders,
  Kafka,
  Tunnel,
  IngressFlowCount,
  EgressFlowCount,
  UnknownDirectionFlowCount,
  Extensions,
  ExportEvent,
  AdditionalFields,
  ParseError,
  RawMessage,
  RunEmitter,
  EmitterName,
  EmitterVersion,
  RunEthernet,
  SourceMAC,
  DestinationMAC,
  RunSource,
  SourceNamespace,
  SourcePodName,
  SourceWorkloadName,
  SourceWorkloadKind,
  SourceClusterName,
  SourceEndpointID,
  SourceIdentity,
  SourceLabels,
  SourceWorkloads,
  RunDestination,
  DestinationNamespace,
  DestinationPodName,
  DestinationWorkloadName,
  DestinationWorkloadKind,
  DestinationClusterName,
  DestinationEndpointID,
  DestinationIdentity,
  DestinationLabels,
  DestinationWorkloads,
  RunTypeToNodeLabels,
  FlowType,
  ClusterName,
  NodeName,
  NodeLabels,
  RunEventTypeToDropReasonDesc,
  DropReason,
  TrafficDirection,
  EventType,
  EventSubType,
  SourceServiceName,
  SourceServiceNamespace,
  DestinationServiceName,
  DestinationServiceNamespace,
  PolicyMatchType,
  TraceObservationPoint,
  TraceReason,
  IPTraceID,
  IPTraceOptionType,
  FileName,
  FileLine,
  PathReply,
  PathNodeName,
  PathEgressDeniedByName,
  PathIngressDeniedByName,
  PathEgressAllowedByName,
  PathIngressAllowedByName,
  PathEgressDeniedByNamespace,
  PathIngressDeniedByNamespace,
  PathEgressAllowedByNamespace,
  PathIngressAllowedByNamespace,
  PathEgressDeniedByKind,
  PathIngressDeniedByKind,
  PathEgressAllowedByKind,
  PathIngressAllowedByKind,
  PathExtensionsIngressFlowCount,
  PathExtensionsEgressFlowCount,
  PathExtensionsUnknownDirectionFlowCount,
  count,
}

/** How many of the slots make the row. */
export const ROW_SLOTS = 108;

/** How many of them, the first ones, belong to no run. */
export const ALONE_SLOTS = 61;

/** The slots × 8 of the runs, and the end of the last one's columns. */
export const RUNS = memory.data<u16>([488, 512, 536, 616, 696, 736, 864]);
export const RUN_COUNT = 6;

// An object:
//
//   ┌───────────────┬───────────────┬───────┬─────────┬─────┬────────┬─────┬───┬─────┐
//   │ prefix offset │ prefix length │ depth │ is copy │ End │ unused │ row │ … │ End │
//   │ u32           │ u32           │ u16   │ u16     │ u16 │ u16    │     │   │     │
//   └───────────────┴───────────────┴───────┴─────────┴─────┴────────┴─────┴───┴─────┘
//
// A row, for a key as it stands behind another member: the bytes from the comma up to the value, `,"key":`, and for a
// Text with the quote that opens it.
//
//   ┌───────────┬──────┬────────────┬────────────┬─────────────┬──────┬──────────┬───────┬──────────┐
//   │ bytes 0–7 │ mask │ last bytes │ bytes 8–15 │ bytes 16–23 │ kind │ slot × 8 │ child │ value at │
//   │ u64       │ u64  │ u64        │ u64        │ u64         │ u16  │ u16      │ u16   │ u16      │
//   └───────────┴──────┴────────────┴────────────┴─────────────┴──────┴──────────┴───────┴──────────┘
//
// In plain JSON the mask is for bytes 0–7, of which a short key has fewer; an escaped one always has eight, and there it is
// for bytes 8–15. The last bytes are the eight in front of the value. A key of more than 24 bytes has the flag LONG in its
// kind. Bytes 0–7 of the End are whatever is searched for. The child of a run is its last row.
//
// To read one: a word's first byte in memory is its last two digits, and the comment behind the row names the key, its
// kind, and the slot or the child. In the row of `uuid`,
//
//   0x3a2264697575222c, 0xffffffffffffffff, 0x223a226469757522, 0x0, 0x0, 0x9000000280000
//
// the first word is the bytes `,"uuid":`, the third `"uuid":"`, and the last one says that the kind is 0 (Text) and
// the slot 5 (UUID), that there is no child, and that the value starts at byte 9.

/** Where the fields of an object lie; its rows follow them. */
export const enum Header {
  PrefixLength = 4,
  Depth = 8,
  IsCopy = 10,
  End = 12,
  size = 16,
}

/** Where the fields of a row lie. */
export const enum Row {
  Mask = 8,
  LastBytes = 16,
  Bytes8 = 24,
  Bytes16 = 32,
  Kind = 40,
  Slot = 42,
  Child = 44,
  ValueAt = 46,
  size = 48,
}

/** Added to the kind of a row whose key the scanner's loop does not compare to its end. */
export const LONG: u32 = 16;

/** A run's key is short; in its place stands the slot × 8 by which those are told apart that start alike, or 0. */
export const enum RunRow {
  ToldBy = 32,
}

/** The objects of the flow, by their offsets in both tables. */
export const enum ObjectOffset {
  Flow = 0,
  EventType = 2512,
  IP = 2672,
  L4 = 2976,
  L4TCP = 3280,
  L4UDP = 3488,
  L4SCTP = 3648,
  L4TCPFlags = 3808,
  L4ICMPv4 = 3872,
  L4ICMPv6 = 4032,
  Source = 4192,
  SourceWorkloads = 4592,
  SourceService = 4752,
  Ethernet = 4912,
  Destination = 5072,
  DestinationWorkloads = 5472,
  DestinationService = 5632,
  EgressDeniedBy = 5792,
  IngressDeniedBy = 6000,
  EgressAllowedBy = 6208,
  IngressAllowedBy = 6416,
  TraceContext = 6624,
  TraceContextParent = 6736,
  IpTraceId = 6848,
  Interface = 7008,
  File = 7168,
  L7 = 7328,
  L7Dns = 7632,
  L7Http = 8080,
  Emitter = 8384,
  Aggregate = 8544,
  Extensions = 8752,
  LostEvents = 8960,
  AgentEvent = 9024,
  DebugEvent = 9088,
  NodeStatus = 9152,
}

/** For plain JSON. */
// prettier-ignore
export const PLAIN_OBJECTS = memory.data<u64>([
  // flow
  0x0, 0x9a000000002,
  0x3a22656d6974222c, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0x8000000000009, // time: Timestamp → TimeGenerated
  0x3a2264697575222c, 0xffffffffffffffff, 0x223a226469757522, 0x0, 0x0, 0x9000000280000, // uuid: Text → UUID
  0x657474696d65222c, 0xffffffffffffffff, 0x3a2272657474696d, 0x0, 0x0, 0xb00a001e80003, // emitter: Run → RunEmitter
  0x657474696d65222c, 0xffffffffffffffff, 0x3a2272657474696d, 0x0, 0x0, 0xb20c000000004, // emitter: Object → emitter
  0x636964726576222c, 0xffffffffffffffff, 0x223a227463696472, 0x0, 0x0, 0xc000000080000, // verdict: Text → Verdict
  0x725f706f7264222c, 0xffffffffffffffff, 0x3a226e6f73616572, 0x0, 0x0, 0xf000000100001, // drop_reason: Number → DropReasonCode
  0x745f68747561222c, 0xffffffffffffffff, 0x223a22657079745f, 0x0, 0x0, 0xe000000d80000, // auth_type: Text → AuthType
  0x6e7265687465222c, 0xffffffffffffffff, 0x3a2274656e726568, 0x0, 0x0, 0xc019002000003, // ethernet: Run → RunEthernet
  0x6e7265687465222c, 0xffffffffffffffff, 0x3a2274656e726568, 0x0, 0x0, 0xc133000000004, // ethernet: Object → ethernet
  0x3a225049222c, 0xffffffffffff, 0x0, 0x0, 0x0, 0x60a7000000004, // IP: Object → IP
  0x6c656e6e7574222c, 0xffffffffffffffff, 0x3a226c656e6e7574, 0x0, 0x0, 0xa000001a00007, // tunnel: Dynamic → Tunnel
  0x3a22346c222c, 0xffffffffffff, 0x0, 0x0, 0x0, 0x60ba000000004, // l4: Object → l4
  0x656372756f73222c, 0xffffffffffffffff, 0x3a22656372756f73, 0x0, 0x30, 0xa028002180003, // source: Run → RunSource
  0x656372756f73222c, 0xffffffffffffffff, 0x3a22656372756f73, 0x0, 0x0, 0xa106000000004, // source: Object → source
  0x6e6974736564222c, 0xffffffffffffffff, 0x3a226e6f6974616e, 0x0, 0x48, 0xf02e002680003, // destination: Run → RunDestination
  0x6e6974736564222c, 0xffffffffffffffff, 0x3a226e6f6974616e, 0x0, 0x0, 0xf13d000000004, // destination: Object → destination
  0x3a2265707954222c, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0x803a002b80003, // Type: Run → RunTypeToNodeLabels
  0x3a2265707954222c, 0xffffffffffffffff, 0x223a226570795422, 0x0, 0x0, 0x9000002c00000, // Type: Text → FlowType
  0x6e5f65646f6e222c, 0xffffffffffffffff, 0x223a22656d616e5f, 0x0, 0x0, 0xe000003680000, // node_name: Text → PathNodeName
  0x6c5f65646f6e222c, 0xffffffffffffffff, 0x3a22736c6562616c, 0x0, 0x0, 0xf000002d80006, // node_labels: Repeating → NodeLabels
  0x656372756f73222c, 0xffffffffffffffff, 0x3a2273656d616e5f, 0x0, 0x0, 0x10000000880007, // source_names: Dynamic → SourceNames
  0x6e6974736564222c, 0xffffffffffffffff, 0x3a2273656d616e5f, 0x616e5f6e6f697461, 0x0, 0x15000000900007, // destination_names: Dynamic → DestinationNames
  0x3a22376c222c, 0xffffffffffff, 0x0, 0x0, 0x0, 0x61ca000000004, // l7: Object → l7
  0x22796c706572222c, 0xffffffffffffffff, 0x3a22796c70657222, 0x0, 0x0, 0x9000003600002, // reply: Bool → PathReply
  0x5f746e657665222c, 0xffffffffffffffff, 0x3a22657079745f74, 0x0, 0x0, 0xe067002e00003, // event_type: Run → RunEventTypeToDropReasonDesc
  0x5f746e657665222c, 0xffffffffffffffff, 0x3a22657079745f74, 0x0, 0x0, 0xe09d000000004, // event_type: Object → event_type
  0x656372756f73222c, 0xffffffffffffffff, 0x3a22656369767265, 0x656369767265735f, 0x0, 0x12129000000004, // source_service: Object → source_service
  0x6e6974736564222c, 0xffffffffffffffff, 0x3a22656369767265, 0x65735f6e6f697461, 0x0, 0x17160000000004, // destination_service: Object → destination_service
  0x696666617274222c, 0xffffffffffffffff, 0x223a226e6f697463, 0x7463657269645f63, 0x0, 0x16000002f00000, // traffic_direction: Text → TrafficDirection
  0x7963696c6f70222c, 0xffffffffffffffff, 0x3a22657079745f68, 0x745f686374616d5f, 0x0, 0x15000003280001, // policy_match_type: Number → PolicyMatchType
  0x5f6563617274222c, 0xffffffffffffffff, 0x223a22746e696f70, 0x746176726573626f, 0x6e696f705f6e6f69, 0x1c000003300010, // trace_observation_point: Text → TraceObservationPoint
  0x5f6563617274222c, 0xffffffffffffffff, 0x223a226e6f736165, 0x3a226e6f73616572, 0x0, 0x11000003380000, // trace_reason: Text → TraceReason
  0x3a22656c6966222c, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0x81c0000000004, // file: Object → file
  0x6172745f7069222c, 0xffffffffffffffff, 0x3a2264695f656361, 0x0, 0x0, 0xf1ac000000004, // ip_trace_id: Object → ip_trace_id
  0x725f706f7264222c, 0xffffffffffffffff, 0x223a22637365645f, 0x65645f6e6f736165, 0x0, 0x15000002e80000, // drop_reason_desc: Text → DropReason
  0x7065725f7369222c, 0xffffffffffffffff, 0x3a22796c7065725f, 0x0, 0x0, 0xc000000180002, // is_reply: Bool → Reply
  0x5f6775626564222c, 0xffffffffffffffff, 0x223a22746e696f70, 0x5f65727574706163, 0x0, 0x18000000e80000, // debug_capture_point: Text → DebugCapturePoint
  0x667265746e69222c, 0xffffffffffffffff, 0x3a22656361667265, 0x0, 0x0, 0xd1b6000000004, // interface: Object → interface
  0x5f79786f7270222c, 0xffffffffffffffff, 0x3a2274726f705f79, 0x0, 0x0, 0xe000001000001, // proxy_port: Number → ProxyPort
  0x5f6563617274222c, 0xffffffffffffffff, 0x3a22747865746e6f, 0x22747865746e6f63, 0x0, 0x1119e000000004, // trace_context: Object → trace_context
  0x785f6b636f73222c, 0xffffffffffffffff, 0x223a22746e696f70, 0x696f705f6574616c, 0x0, 0x15000001080000, // sock_xlate_point: Text → SockXlatePoint
  0x74656b636f73222c, 0xffffffffffffffff, 0x223a2265696b6f6f, 0x2265696b6f6f635f, 0x0, 0x12000001100000, // socket_cookie: Text → SocketCookie
  0x70756f726763222c, 0xffffffffffffffff, 0x223a2264695f7075, 0x0, 0x0, 0xe000001180000, // cgroup_id: Text → CgroupID
  0x72616d6d7553222c, 0xffffffffffffffff, 0x223a227972616d6d, 0x0, 0x0, 0xc000000200000, // Summary: Text → Summary
  0x736e65747865222c, 0xffffffffffffffff, 0x3a22736e6f69736e, 0x0, 0x0, 0xe223001c0000a, // extensions: Members → Extensions
  0x737365726765222c, 0xffffffffffffffff, 0x3a2279625f646577, 0x6465776f6c6c615f, 0x0, 0x15184000c00006, // egress_allowed_by: Repeating → EgressAllowedBy
  0x736572676e69222c, 0xffffffffffffffff, 0x3a2279625f646577, 0x65776f6c6c615f73, 0x0, 0x16191000c80006, // ingress_allowed_by: Repeating → IngressAllowedBy
  0x737365726765222c, 0xffffffffffffffff, 0x3a2279625f646569, 0x5f6465696e65645f, 0x0, 0x1416a000b00006, // egress_denied_by: Repeating → EgressDeniedBy
  0x736572676e69222c, 0xffffffffffffffff, 0x3a2279625f646569, 0x6465696e65645f73, 0x0, 0x15177000b80006, // ingress_denied_by: Repeating → IngressDeniedBy
  0x7963696c6f70222c, 0xffffffffffffffff, 0x3a22676f6c5f7963, 0x0, 0x0, 0xe000000d00007, // policy_log: Dynamic → PolicyLog
  0x676572676761222c, 0xffffffffffffffff, 0x3a22657461676572, 0x0, 0x0, 0xd216000000004, // aggregate: Object → aggregate
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // event_type
  0xb00000000, 0x7000000003,
  0x3a2265707974222c, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0x8000002f80001, // type: Number → EventType
  0x79745f627573222c, 0xffffffffffffffff, 0x3a22657079745f62, 0x0, 0x0, 0xc000003000001, // sub_type: Number → EventSubType
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // IP
  0x300000010, 0x10000000003,
  0x656372756f73222c, 0xffffffffffffffff, 0x223a22656372756f, 0x0, 0x0, 0xb000000300000, // source: Text → SourceIP
  0x656372756f73222c, 0xffffffffffffffff, 0x223a22646574616c, 0x22646574616c785f, 0x0, 0x12000000380000, // source_xlated: Text → SourceXlatedIP
  0x6e6974736564222c, 0xffffffffffffffff, 0x223a226e6f697461, 0x0, 0x0, 0x10000000480000, // destination: Text → DestinationIP
  0x737265567069222c, 0xffffffffffffffff, 0x223a226e6f697372, 0x0, 0x0, 0xe000000580000, // ipVersion: Text → IPVersion
  0x707972636e65222c, 0xffffffffffffffff, 0x3a22646574707972, 0x0, 0x0, 0xd000000600002, // encrypted: Bool → Encrypted
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l4
  0x300000018, 0x10000000003,
  0x3a22504354222c, 0xffffffffffffff, 0x0, 0x0, 0x0, 0x70cd000000005, // TCP: Protocol → l4.TCP
  0x3a22504455222c, 0xffffffffffffff, 0x0, 0x0, 0x0, 0x70da000000005, // UDP: Protocol → l4.UDP
  0x3476504d4349222c, 0xffffffffffffffff, 0x3a223476504d4349, 0x0, 0x0, 0xa0f2000000005, // ICMPv4: Protocol → l4.ICMPv4
  0x3676504d4349222c, 0xffffffffffffffff, 0x3a223676504d4349, 0x0, 0x0, 0xa0fc000000005, // ICMPv6: Protocol → l4.ICMPv6
  0x3a2250544353222c, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0x80e4000000005, // SCTP: Protocol → l4.SCTP
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l4.TCP
  0x700000020, 0xa000000004,
  0x656372756f73222c, 0xffffffffffffffff, 0x3a2274726f705f65, 0x0, 0x0, 0xf000000400001, // source_port: Number → SourcePort
  0x6e6974736564222c, 0xffffffffffffffff, 0x3a2274726f705f6e, 0x6f705f6e6f697461, 0x0, 0x14000000500001, // destination_port: Number → DestinationPort
  0x227367616c66222c, 0xffffffffffffffff, 0x3a227367616c6622, 0x0, 0x0, 0x90ee000700008, // flags: TrueKeys → TCPFlags
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l4.UDP
  0x700000028, 0x7000000004,
  0x656372756f73222c, 0xffffffffffffffff, 0x3a2274726f705f65, 0x0, 0x0, 0xf000000400001, // source_port: Number → SourcePort
  0x6e6974736564222c, 0xffffffffffffffff, 0x3a2274726f705f6e, 0x6f705f6e6f697461, 0x0, 0x14000000500001, // destination_port: Number → DestinationPort
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l4.SCTP
  0x800000030, 0x7000000004,
  0x656372756f73222c, 0xffffffffffffffff, 0x3a2274726f705f65, 0x0, 0x0, 0xf000000400001, // source_port: Number → SourcePort
  0x6e6974736564222c, 0xffffffffffffffff, 0x3a2274726f705f6e, 0x6f705f6e6f697461, 0x0, 0x14000000500001, // destination_port: Number → DestinationPort
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l4.TCP.flags
  0xd00000038, 0x1000000005,
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l4.ICMPv4
  0xa00000048, 0x7000000004,
  0x3a2265707974222c, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0x8000000780001, // type: Number → ICMPType
  0x3a2265646f63222c, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0x8000000800001, // code: Number → ICMPCode
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l4.ICMPv6
  0xa00000058, 0x7000000004,
  0x3a2265707974222c, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0x8000000780001, // type: Number → ICMPType
  0x3a2265646f63222c, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0x8000000800001, // code: Number → ICMPCode
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // source
  0x700000068, 0x16000000003,
  0x3a224449222c, 0xffffffffffff, 0x0, 0x0, 0x0, 0x6000002480001, // ID: Number → SourceEndpointID
  0x69746e656469222c, 0xffffffffffffffff, 0x3a22797469746e65, 0x0, 0x0, 0xc000002500001, // identity: Number → SourceIdentity
  0x657473756c63222c, 0xffffffffffffffff, 0x223a22656d616e5f, 0x3a22656d616e5f72, 0x0, 0x11000002400000, // cluster_name: Text → SourceClusterName
  0x7073656d616e222c, 0xffffffffffffffff, 0x223a226563617073, 0x0, 0x0, 0xe000002200000, // namespace: Text → SourceNamespace
  0x736c6562616c222c, 0xffffffffffffffff, 0x3a22736c6562616c, 0x0, 0x0, 0xa000002580006, // labels: Repeating → SourceLabels
  0x616e5f646f70222c, 0xffffffffffffffff, 0x223a22656d616e5f, 0x0, 0x0, 0xd000002280000, // pod_name: Text → SourcePodName
  0x6f6c6b726f77222c, 0xffffffffffffffff, 0x3a227364616f6c6b, 0x0, 0x0, 0xd11f002600006, // workloads: Repeating → SourceWorkloads
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // source.workloads[0]
  0x1400000070, 0x7000010004,
  0x3a22656d616e222c, 0xffffffffffffffff, 0x223a22656d616e22, 0x0, 0x0, 0x9000002300000, // name: Text → SourceWorkloadName
  0x3a22646e696b222c, 0xffffffffffffffff, 0x223a22646e696b22, 0x0, 0x0, 0x9000002380000, // kind: Text → SourceWorkloadKind
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // source_service
  0xf00000088, 0x7000000003,
  0x3a22656d616e222c, 0xffffffffffffffff, 0x223a22656d616e22, 0x0, 0x0, 0x9000003080000, // name: Text → SourceServiceName
  0x7073656d616e222c, 0xffffffffffffffff, 0x223a226563617073, 0x0, 0x0, 0xe000003100000, // namespace: Text → SourceServiceNamespace
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // ethernet
  0x900000098, 0x7000000003,
  0x656372756f73222c, 0xffffffffffffffff, 0x223a22656372756f, 0x0, 0x0, 0xb000002080000, // source: Text → SourceMAC
  0x6e6974736564222c, 0xffffffffffffffff, 0x223a226e6f697461, 0x0, 0x0, 0x10000002100000, // destination: Text → DestinationMAC
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // destination
  0xc000000a8, 0x16000000003,
  0x3a224449222c, 0xffffffffffff, 0x0, 0x0, 0x0, 0x6000002980001, // ID: Number → DestinationEndpointID
  0x69746e656469222c, 0xffffffffffffffff, 0x3a22797469746e65, 0x0, 0x0, 0xc000002a00001, // identity: Number → DestinationIdentity
  0x657473756c63222c, 0xffffffffffffffff, 0x223a22656d616e5f, 0x3a22656d616e5f72, 0x0, 0x11000002900000, // cluster_name: Text → DestinationClusterName
  0x7073656d616e222c, 0xffffffffffffffff, 0x223a226563617073, 0x0, 0x0, 0xe000002700000, // namespace: Text → DestinationNamespace
  0x736c6562616c222c, 0xffffffffffffffff, 0x3a22736c6562616c, 0x0, 0x0, 0xa000002a80006, // labels: Repeating → DestinationLabels
  0x616e5f646f70222c, 0xffffffffffffffff, 0x223a22656d616e5f, 0x0, 0x0, 0xd000002780000, // pod_name: Text → DestinationPodName
  0x6f6c6b726f77222c, 0xffffffffffffffff, 0x3a227364616f6c6b, 0x0, 0x0, 0xd156002b00006, // workloads: Repeating → DestinationWorkloads
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // destination.workloads[0]
  0x19000000b8, 0x7000010004,
  0x3a22656d616e222c, 0xffffffffffffffff, 0x223a22656d616e22, 0x0, 0x0, 0x9000002800000, // name: Text → DestinationWorkloadName
  0x3a22646e696b222c, 0xffffffffffffffff, 0x223a22646e696b22, 0x0, 0x0, 0x9000002880000, // kind: Text → DestinationWorkloadKind
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // destination_service
  0x14000000d8, 0x7000000003,
  0x3a22656d616e222c, 0xffffffffffffffff, 0x223a22656d616e22, 0x0, 0x0, 0x9000003180000, // name: Text → DestinationServiceName
  0x7073656d616e222c, 0xffffffffffffffff, 0x223a226563617073, 0x0, 0x0, 0xe000003200000, // namespace: Text → DestinationServiceNamespace
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // egress_denied_by[0]
  0x14000000f0, 0xa000010003,
  0x3a22656d616e222c, 0xffffffffffffffff, 0x223a22656d616e22, 0x0, 0x0, 0x9000003700000, // name: Text → PathEgressDeniedByName
  0x7073656d616e222c, 0xffffffffffffffff, 0x223a226563617073, 0x0, 0x0, 0xe000003900000, // namespace: Text → PathEgressDeniedByNamespace
  0x3a22646e696b222c, 0xffffffffffffffff, 0x223a22646e696b22, 0x0, 0x0, 0x9000003b00000, // kind: Text → PathEgressDeniedByKind
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // ingress_denied_by[0]
  0x1500000108, 0xa000010003,
  0x3a22656d616e222c, 0xffffffffffffffff, 0x223a22656d616e22, 0x0, 0x0, 0x9000003780000, // name: Text → PathIngressDeniedByName
  0x7073656d616e222c, 0xffffffffffffffff, 0x223a226563617073, 0x0, 0x0, 0xe000003980000, // namespace: Text → PathIngressDeniedByNamespace
  0x3a22646e696b222c, 0xffffffffffffffff, 0x223a22646e696b22, 0x0, 0x0, 0x9000003b80000, // kind: Text → PathIngressDeniedByKind
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // egress_allowed_by[0]
  0x1500000120, 0xa000010003,
  0x3a22656d616e222c, 0xffffffffffffffff, 0x223a22656d616e22, 0x0, 0x0, 0x9000003800000, // name: Text → PathEgressAllowedByName
  0x7073656d616e222c, 0xffffffffffffffff, 0x223a226563617073, 0x0, 0x0, 0xe000003a00000, // namespace: Text → PathEgressAllowedByNamespace
  0x3a22646e696b222c, 0xffffffffffffffff, 0x223a22646e696b22, 0x0, 0x0, 0x9000003c00000, // kind: Text → PathEgressAllowedByKind
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // ingress_allowed_by[0]
  0x1600000138, 0xa000010003,
  0x3a22656d616e222c, 0xffffffffffffffff, 0x223a22656d616e22, 0x0, 0x0, 0x9000003880000, // name: Text → PathIngressAllowedByName
  0x7073656d616e222c, 0xffffffffffffffff, 0x223a226563617073, 0x0, 0x0, 0xe000003a80000, // namespace: Text → PathIngressAllowedByNamespace
  0x3a22646e696b222c, 0xffffffffffffffff, 0x223a22646e696b22, 0x0, 0x0, 0x9000003c80000, // kind: Text → PathIngressAllowedByKind
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // trace_context
  0xe00000150, 0x4000000003,
  0x746e65726170222c, 0xffffffffffffffff, 0x3a22746e65726170, 0x0, 0x0, 0xa1a5000000004, // parent: Object → trace_context.parent
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // trace_context.parent
  0x1500000160, 0x4000000004,
  0x5f6563617274222c, 0xffffffffffffffff, 0x223a2264695f6563, 0x0, 0x0, 0xd000000e00000, // trace_id: Text → TraceID
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // ip_trace_id
  0xc00000178, 0x7000000003,
  0x5f6563617274222c, 0xffffffffffffffff, 0x223a2264695f6563, 0x0, 0x0, 0xd000003400000, // trace_id: Text → IPTraceID
  0x74706f5f7069222c, 0xffffffffffffffff, 0x3a22657079745f6e, 0x657079745f6e6f69, 0x0, 0x12000003480001, // ip_option_type: Number → IPTraceOptionType
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // interface
  0xa00000188, 0x7000000003,
  0x227865646e69222c, 0xffffffffffffffff, 0x3a227865646e6922, 0x0, 0x0, 0x9000000f00001, // index: Number → InterfaceIndex
  0x3a22656d616e222c, 0xffffffffffffffff, 0x223a22656d616e22, 0x0, 0x0, 0x9000000f80000, // name: Text → InterfaceName
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // file
  0x500000198, 0x7000000003,
  0x3a22656d616e222c, 0xffffffffffffffff, 0x223a22656d616e22, 0x0, 0x0, 0x9000003500000, // name: Text → FileName
  0x3a22656e696c222c, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0x8000003580001, // line: Number → FileLine
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l7
  0x3000001a0, 0x10000000003,
  0x3a2265707974222c, 0xffffffffffffffff, 0x223a226570797422, 0x0, 0x0, 0x9000001200000, // type: Text → L7Type
  0x636e6574616c222c, 0xffffffffffffffff, 0x3a22736e5f79636e, 0x0, 0x0, 0xe000001280001, // latency_ns: Number → LatencyNs
  0x3a22736e64222c, 0xffffffffffffff, 0x0, 0x0, 0x0, 0x71dd000000004, // dns: Object → l7.dns
  0x3a2270747468222c, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0x81f9000000004, // http: Object → l7.http
  0x22616b66616b222c, 0xffffffffffffffff, 0x3a22616b66616b22, 0x0, 0x0, 0x9000001980007, // kafka: Dynamic → Kafka
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l7.dns
  0x7000001a8, 0x19000000004,
  0x227972657571222c, 0xffffffffffffffff, 0x223a227972657571, 0x0, 0x0, 0xa000001300000, // query: Text → DNSQuery
  0x3a22737069222c, 0xffffffffffffff, 0x0, 0x0, 0x0, 0x7000001400007, // ips: Dynamic → DNSIPs
  0x3a226c7474222c, 0xffffffffffffff, 0x0, 0x0, 0x0, 0x7000001500001, // ttl: Number → DNSTTL
  0x73656d616e63222c, 0xffffffffffffffff, 0x3a2273656d616e63, 0x0, 0x0, 0xa000001480007, // cnames: Dynamic → DNSCNAMEs
  0x76726573626f222c, 0xffffffffffffffff, 0x223a22656372756f, 0x6f735f6e6f697461, 0x0, 0x17000001680000, // observation_source: Text → DNSObservationSource
  0x2265646f6372222c, 0xffffffffffffffff, 0x3a2265646f637222, 0x0, 0x0, 0x9000001380001, // rcode: Number → DNSResponseCode
  0x736570797471222c, 0xffffffffffffffff, 0x3a22736570797471, 0x0, 0x0, 0xa000001580007, // qtypes: Dynamic → DNSQueryTypes
  0x657079747272222c, 0xffffffffffffffff, 0x3a22736570797472, 0x0, 0x0, 0xb000001600007, // rrtypes: Dynamic → DNSResourceTypes
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l7.http
  0x8000001b0, 0x10000000004,
  0x3a2265646f63222c, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0x8000001800001, // code: Number → HTTPCode
  0x646f6874656d222c, 0xffffffffffffffff, 0x223a22646f687465, 0x0, 0x0, 0xb000001700000, // method: Text → HTTPMethod
  0x223a226c7275222c, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0x8000001780000, // url: Text → HTTPURL
  0x636f746f7270222c, 0xffffffffffffffff, 0x223a226c6f636f74, 0x0, 0x0, 0xd000001880000, // protocol: Text → HTTPProtocol
  0x726564616568222c, 0xffffffffffffffff, 0x3a22737265646165, 0x0, 0x0, 0xb000001900007, // headers: Dynamic → HTTPHeaders
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // emitter
  0x8000001b8, 0x7000000003,
  0x3a22656d616e222c, 0xffffffffffffffff, 0x223a22656d616e22, 0x0, 0x0, 0x9000001f00000, // name: Text → EmitterName
  0x6f6973726576222c, 0xffffffffffffffff, 0x223a226e6f697372, 0x0, 0x0, 0xc000001f80000, // version: Text → EmitterVersion
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // aggregate
  0xa000001c0, 0xa000000003,
  0x736572676e69222c, 0xffffffffffffffff, 0x3a22746e756f635f, 0x635f776f6c665f73, 0x0, 0x16000001a80001, // ingress_flow_count: Number → IngressFlowCount
  0x737365726765222c, 0xffffffffffffffff, 0x3a22746e756f635f, 0x6f635f776f6c665f, 0x0, 0x15000001b00001, // egress_flow_count: Number → EgressFlowCount
  0x776f6e6b6e75222c, 0xffffffffffffffff, 0x3a22746e756f635f, 0x7463657269645f6e, 0x776f6c665f6e6f69, 0x20000001b80011, // unknown_direction_flow_count: Number → UnknownDirectionFlowCount
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // extensions
  0xb000001d0, 0xa000010003,
  0x736572676e69222c, 0xffffffffffffffff, 0x3a22746e756f635f, 0x635f776f6c665f73, 0x0, 0x16000003d00001, // ingress_flow_count: Number → PathExtensionsIngressFlowCount
  0x737365726765222c, 0xffffffffffffffff, 0x3a22746e756f635f, 0x6f635f776f6c665f, 0x0, 0x15000003d80001, // egress_flow_count: Number → PathExtensionsEgressFlowCount
  0x776f6e6b6e75222c, 0xffffffffffffffff, 0x3a22746e756f635f, 0x7463657269645f6e, 0x776f6c665f6e6f69, 0x20000003e00011, // unknown_direction_flow_count: Number → PathExtensionsUnknownDirectionFlowCount
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // lost_events
  0xc000001e0, 0x1000000003,
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // agent_event
  0xc000001f0, 0x1000000003,
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // debug_event
  0xc00000200, 0x1000000003,
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // node_status
  0xc00000210, 0x1000000003,
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
]);

/** For JSON in a string of a record, where a quote is written `\"`. */
// prettier-ignore
export const ESCAPED_OBJECTS = memory.data<u64>([
  // flow
  0x0, 0x9a000000002,
  0x5c656d6974225c2c, 0x0, 0x3a225c656d697422, 0x0, 0x0, 0xa000000000009, // time: Timestamp → TimeGenerated
  0x5c64697575225c2c, 0x0, 0x225c3a225c646975, 0x0, 0x0, 0xc000000280000, // uuid: Text → UUID
  0x7474696d65225c2c, 0x0, 0x3a225c7265747469, 0x0, 0x0, 0xd00a001e80003, // emitter: Run → RunEmitter
  0x7474696d65225c2c, 0x0, 0x3a225c7265747469, 0x0, 0x0, 0xd20c000000004, // emitter: Object → emitter
  0x6964726576225c2c, 0x0, 0x225c3a225c746369, 0x0, 0x0, 0xf000000080000, // verdict: Text → Verdict
  0x5f706f7264225c2c, 0xffffffffffffffff, 0x3a225c6e6f736165, 0x225c6e6f73616572, 0x0, 0x11000000100001, // drop_reason: Number → DropReasonCode
  0x5f68747561225c2c, 0xffffffffffffffff, 0x225c3a225c657079, 0x5c3a225c65707974, 0x0, 0x11000000d80000, // auth_type: Text → AuthType
  0x7265687465225c2c, 0x0, 0x3a225c74656e7265, 0x0, 0x0, 0xe019002000003, // ethernet: Run → RunEthernet
  0x7265687465225c2c, 0x0, 0x3a225c74656e7265, 0x0, 0x0, 0xe133000000004, // ethernet: Object → ethernet
  0x3a225c5049225c2c, 0x0, 0x3a225c5049225c2c, 0x0, 0x0, 0x80a7000000004, // IP: Object → IP
  0x656e6e7574225c2c, 0x0, 0x3a225c6c656e6e75, 0x0, 0x0, 0xc000001a00007, // tunnel: Dynamic → Tunnel
  0x3a225c346c225c2c, 0x0, 0x3a225c346c225c2c, 0x0, 0x0, 0x80ba000000004, // l4: Object → l4
  0x6372756f73225c2c, 0x0, 0x3a225c656372756f, 0x0, 0x30, 0xc028002180003, // source: Run → RunSource
  0x6372756f73225c2c, 0x0, 0x3a225c656372756f, 0x0, 0x0, 0xc106000000004, // source: Object → source
  0x6974736564225c2c, 0xffffffffffffffff, 0x3a225c6e6f697461, 0x225c6e6f6974616e, 0x48, 0x1102e002680003, // destination: Run → RunDestination
  0x6974736564225c2c, 0xffffffffffffffff, 0x3a225c6e6f697461, 0x225c6e6f6974616e, 0x0, 0x1113d000000004, // destination: Object → destination
  0x5c65707954225c2c, 0x0, 0x3a225c6570795422, 0x0, 0x0, 0xa03a002b80003, // Type: Run → RunTypeToNodeLabels
  0x5c65707954225c2c, 0x0, 0x225c3a225c657079, 0x0, 0x0, 0xc000002c00000, // Type: Text → FlowType
  0x5f65646f6e225c2c, 0xffffffffffffffff, 0x225c3a225c656d61, 0x5c3a225c656d616e, 0x0, 0x11000003680000, // node_name: Text → PathNodeName
  0x5f65646f6e225c2c, 0xffffffffffffffff, 0x3a225c736c656261, 0x225c736c6562616c, 0x0, 0x11000002d80006, // node_labels: Repeating → NodeLabels
  0x6372756f73225c2c, 0xffffffffffffffff, 0x3a225c73656d616e, 0x5c73656d616e5f65, 0x0, 0x12000000880007, // source_names: Dynamic → SourceNames
  0x6974736564225c2c, 0xffffffffffffffff, 0x3a225c73656d616e, 0x6e5f6e6f6974616e, 0x0, 0x17000000900007, // destination_names: Dynamic → DestinationNames
  0x3a225c376c225c2c, 0x0, 0x3a225c376c225c2c, 0x0, 0x0, 0x81ca000000004, // l7: Object → l7
  0x796c706572225c2c, 0x0, 0x3a225c796c706572, 0x0, 0x0, 0xb000003600002, // reply: Bool → PathReply
  0x746e657665225c2c, 0x0, 0x3a225c657079745f, 0x0, 0x0, 0x10067002e00003, // event_type: Run → RunEventTypeToDropReasonDesc
  0x746e657665225c2c, 0x0, 0x3a225c657079745f, 0x0, 0x0, 0x1009d000000004, // event_type: Object → event_type
  0x6372756f73225c2c, 0xffffffffffffffff, 0x3a225c6563697672, 0x6369767265735f65, 0x0, 0x14129000000004, // source_service: Object → source_service
  0x6974736564225c2c, 0xffffffffffffffff, 0x3a225c6563697672, 0x735f6e6f6974616e, 0x225c656369767265, 0x19160000000014, // destination_service: Object → destination_service
  0x6666617274225c2c, 0xffffffffffffffff, 0x225c3a225c6e6f69, 0x63657269645f6369, 0x5c3a225c6e6f6974, 0x19000002f00010, // traffic_direction: Text → TrafficDirection
  0x63696c6f70225c2c, 0xffffffffffffffff, 0x3a225c657079745f, 0x5f686374616d5f79, 0x0, 0x17000003280001, // policy_match_type: Number → PolicyMatchType
  0x6563617274225c2c, 0xffffffffffffffff, 0x225c3a225c746e69, 0x6176726573626f5f, 0x696f705f6e6f6974, 0x1f000003300010, // trace_observation_point: Text → TraceObservationPoint
  0x6563617274225c2c, 0xffffffffffffffff, 0x225c3a225c6e6f73, 0x5c6e6f736165725f, 0x0, 0x14000003380000, // trace_reason: Text → TraceReason
  0x5c656c6966225c2c, 0x0, 0x3a225c656c696622, 0x0, 0x0, 0xa1c0000000004, // file: Object → file
  0x72745f7069225c2c, 0xffffffffffffffff, 0x3a225c64695f6563, 0x225c64695f656361, 0x0, 0x111ac000000004, // ip_trace_id: Object → ip_trace_id
  0x5f706f7264225c2c, 0xffffffffffffffff, 0x225c3a225c637365, 0x645f6e6f73616572, 0x0, 0x18000002e80000, // drop_reason_desc: Text → DropReason
  0x65725f7369225c2c, 0x0, 0x3a225c796c706572, 0x0, 0x0, 0xe000000180002, // is_reply: Bool → Reply
  0x6775626564225c2c, 0xffffffffffffffff, 0x225c3a225c746e69, 0x657275747061635f, 0x225c746e696f705f, 0x1b000000e80010, // debug_capture_point: Text → DebugCapturePoint
  0x7265746e69225c2c, 0x0, 0x3a225c6563616672, 0x0, 0x0, 0xf1b6000000004, // interface: Object → interface
  0x79786f7270225c2c, 0x0, 0x3a225c74726f705f, 0x0, 0x0, 0x10000001000001, // proxy_port: Number → ProxyPort
  0x6563617274225c2c, 0xffffffffffffffff, 0x3a225c747865746e, 0x747865746e6f635f, 0x0, 0x1319e000000004, // trace_context: Object → trace_context
  0x5f6b636f73225c2c, 0xffffffffffffffff, 0x225c3a225c746e69, 0x6f705f6574616c78, 0x0, 0x18000001080000, // sock_xlate_point: Text → SockXlatePoint
  0x656b636f73225c2c, 0xffffffffffffffff, 0x225c3a225c65696b, 0x65696b6f6f635f74, 0x0, 0x15000001100000, // socket_cookie: Text → SocketCookie
  0x756f726763225c2c, 0xffffffffffffffff, 0x225c3a225c64695f, 0x5c3a225c64695f70, 0x0, 0x11000001180000, // cgroup_id: Text → CgroupID
  0x616d6d7553225c2c, 0x0, 0x225c3a225c797261, 0x0, 0x0, 0xf000000200000, // Summary: Text → Summary
  0x6e65747865225c2c, 0x0, 0x3a225c736e6f6973, 0x0, 0x0, 0x10223001c0000a, // extensions: Members → Extensions
  0x7365726765225c2c, 0xffffffffffffffff, 0x3a225c79625f6465, 0x65776f6c6c615f73, 0x0, 0x17184000c00006, // egress_allowed_by: Repeating → EgressAllowedBy
  0x6572676e69225c2c, 0xffffffffffffffff, 0x3a225c79625f6465, 0x776f6c6c615f7373, 0x0, 0x18191000c80006, // ingress_allowed_by: Repeating → IngressAllowedBy
  0x7365726765225c2c, 0xffffffffffffffff, 0x3a225c79625f6465, 0x6465696e65645f73, 0x0, 0x1616a000b00006, // egress_denied_by: Repeating → EgressDeniedBy
  0x6572676e69225c2c, 0xffffffffffffffff, 0x3a225c79625f6465, 0x65696e65645f7373, 0x0, 0x17177000b80006, // ingress_denied_by: Repeating → IngressDeniedBy
  0x63696c6f70225c2c, 0x0, 0x3a225c676f6c5f79, 0x0, 0x0, 0x10000000d00007, // policy_log: Dynamic → PolicyLog
  0x6572676761225c2c, 0x0, 0x3a225c6574616765, 0x0, 0x0, 0xf216000000004, // aggregate: Object → aggregate
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // event_type
  0xb00000000, 0x7000000003,
  0x5c65707974225c2c, 0x0, 0x3a225c6570797422, 0x0, 0x0, 0xa000002f80001, // type: Number → EventType
  0x745f627573225c2c, 0x0, 0x3a225c657079745f, 0x0, 0x0, 0xe000003000001, // sub_type: Number → EventSubType
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // IP
  0x300000010, 0x10000000003,
  0x6372756f73225c2c, 0x0, 0x225c3a225c656372, 0x0, 0x0, 0xe000000300000, // source: Text → SourceIP
  0x6372756f73225c2c, 0xffffffffffffffff, 0x225c3a225c646574, 0x646574616c785f65, 0x0, 0x15000000380000, // source_xlated: Text → SourceXlatedIP
  0x6974736564225c2c, 0xffffffffffffffff, 0x225c3a225c6e6f69, 0x225c6e6f6974616e, 0x0, 0x13000000480000, // destination: Text → DestinationIP
  0x7265567069225c2c, 0xffffffffffffffff, 0x225c3a225c6e6f69, 0x5c3a225c6e6f6973, 0x0, 0x11000000580000, // ipVersion: Text → IPVersion
  0x7972636e65225c2c, 0x0, 0x3a225c6465747079, 0x0, 0x0, 0xf000000600002, // encrypted: Bool → Encrypted
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l4
  0x300000018, 0x10000000003,
  0x225c504354225c2c, 0x0, 0x3a225c504354225c, 0x0, 0x0, 0x90cd000000005, // TCP: Protocol → l4.TCP
  0x225c504455225c2c, 0x0, 0x3a225c504455225c, 0x0, 0x0, 0x90da000000005, // UDP: Protocol → l4.UDP
  0x76504d4349225c2c, 0x0, 0x3a225c3476504d43, 0x0, 0x0, 0xc0f2000000005, // ICMPv4: Protocol → l4.ICMPv4
  0x76504d4349225c2c, 0x0, 0x3a225c3676504d43, 0x0, 0x0, 0xc0fc000000005, // ICMPv6: Protocol → l4.ICMPv6
  0x5c50544353225c2c, 0x0, 0x3a225c5054435322, 0x0, 0x0, 0xa0e4000000005, // SCTP: Protocol → l4.SCTP
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l4.TCP
  0x700000020, 0xa000000004,
  0x6372756f73225c2c, 0xffffffffffffffff, 0x3a225c74726f705f, 0x225c74726f705f65, 0x0, 0x11000000400001, // source_port: Number → SourcePort
  0x6974736564225c2c, 0xffffffffffffffff, 0x3a225c74726f705f, 0x705f6e6f6974616e, 0x0, 0x16000000500001, // destination_port: Number → DestinationPort
  0x7367616c66225c2c, 0x0, 0x3a225c7367616c66, 0x0, 0x0, 0xb0ee000700008, // flags: TrueKeys → TCPFlags
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l4.UDP
  0x700000028, 0x7000000004,
  0x6372756f73225c2c, 0xffffffffffffffff, 0x3a225c74726f705f, 0x225c74726f705f65, 0x0, 0x11000000400001, // source_port: Number → SourcePort
  0x6974736564225c2c, 0xffffffffffffffff, 0x3a225c74726f705f, 0x705f6e6f6974616e, 0x0, 0x16000000500001, // destination_port: Number → DestinationPort
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l4.SCTP
  0x800000030, 0x7000000004,
  0x6372756f73225c2c, 0xffffffffffffffff, 0x3a225c74726f705f, 0x225c74726f705f65, 0x0, 0x11000000400001, // source_port: Number → SourcePort
  0x6974736564225c2c, 0xffffffffffffffff, 0x3a225c74726f705f, 0x705f6e6f6974616e, 0x0, 0x16000000500001, // destination_port: Number → DestinationPort
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l4.TCP.flags
  0xd00000038, 0x1000000005,
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l4.ICMPv4
  0xa00000048, 0x7000000004,
  0x5c65707974225c2c, 0x0, 0x3a225c6570797422, 0x0, 0x0, 0xa000000780001, // type: Number → ICMPType
  0x5c65646f63225c2c, 0x0, 0x3a225c65646f6322, 0x0, 0x0, 0xa000000800001, // code: Number → ICMPCode
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l4.ICMPv6
  0xa00000058, 0x7000000004,
  0x5c65707974225c2c, 0x0, 0x3a225c6570797422, 0x0, 0x0, 0xa000000780001, // type: Number → ICMPType
  0x5c65646f63225c2c, 0x0, 0x3a225c65646f6322, 0x0, 0x0, 0xa000000800001, // code: Number → ICMPCode
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // source
  0x700000068, 0x16000000003,
  0x3a225c4449225c2c, 0x0, 0x3a225c4449225c2c, 0x0, 0x0, 0x8000002480001, // ID: Number → SourceEndpointID
  0x746e656469225c2c, 0x0, 0x3a225c797469746e, 0x0, 0x0, 0xe000002500001, // identity: Number → SourceIdentity
  0x7473756c63225c2c, 0xffffffffffffffff, 0x225c3a225c656d61, 0x5c656d616e5f7265, 0x0, 0x14000002400000, // cluster_name: Text → SourceClusterName
  0x73656d616e225c2c, 0xffffffffffffffff, 0x225c3a225c656361, 0x5c3a225c65636170, 0x0, 0x11000002200000, // namespace: Text → SourceNamespace
  0x6c6562616c225c2c, 0x0, 0x3a225c736c656261, 0x0, 0x0, 0xc000002580006, // labels: Repeating → SourceLabels
  0x6e5f646f70225c2c, 0x0, 0x225c3a225c656d61, 0x0, 0x0, 0x10000002280000, // pod_name: Text → SourcePodName
  0x6c6b726f77225c2c, 0x0, 0x3a225c7364616f6c, 0x0, 0x0, 0xf11f002600006, // workloads: Repeating → SourceWorkloads
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // source.workloads[0]
  0x1400000070, 0x7000010004,
  0x5c656d616e225c2c, 0x0, 0x225c3a225c656d61, 0x0, 0x0, 0xc000002300000, // name: Text → SourceWorkloadName
  0x5c646e696b225c2c, 0x0, 0x225c3a225c646e69, 0x0, 0x0, 0xc000002380000, // kind: Text → SourceWorkloadKind
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // source_service
  0xf00000088, 0x7000000003,
  0x5c656d616e225c2c, 0x0, 0x225c3a225c656d61, 0x0, 0x0, 0xc000003080000, // name: Text → SourceServiceName
  0x73656d616e225c2c, 0xffffffffffffffff, 0x225c3a225c656361, 0x5c3a225c65636170, 0x0, 0x11000003100000, // namespace: Text → SourceServiceNamespace
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // ethernet
  0x900000098, 0x7000000003,
  0x6372756f73225c2c, 0x0, 0x225c3a225c656372, 0x0, 0x0, 0xe000002080000, // source: Text → SourceMAC
  0x6974736564225c2c, 0xffffffffffffffff, 0x225c3a225c6e6f69, 0x225c6e6f6974616e, 0x0, 0x13000002100000, // destination: Text → DestinationMAC
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // destination
  0xc000000a8, 0x16000000003,
  0x3a225c4449225c2c, 0x0, 0x3a225c4449225c2c, 0x0, 0x0, 0x8000002980001, // ID: Number → DestinationEndpointID
  0x746e656469225c2c, 0x0, 0x3a225c797469746e, 0x0, 0x0, 0xe000002a00001, // identity: Number → DestinationIdentity
  0x7473756c63225c2c, 0xffffffffffffffff, 0x225c3a225c656d61, 0x5c656d616e5f7265, 0x0, 0x14000002900000, // cluster_name: Text → DestinationClusterName
  0x73656d616e225c2c, 0xffffffffffffffff, 0x225c3a225c656361, 0x5c3a225c65636170, 0x0, 0x11000002700000, // namespace: Text → DestinationNamespace
  0x6c6562616c225c2c, 0x0, 0x3a225c736c656261, 0x0, 0x0, 0xc000002a80006, // labels: Repeating → DestinationLabels
  0x6e5f646f70225c2c, 0x0, 0x225c3a225c656d61, 0x0, 0x0, 0x10000002780000, // pod_name: Text → DestinationPodName
  0x6c6b726f77225c2c, 0x0, 0x3a225c7364616f6c, 0x0, 0x0, 0xf156002b00006, // workloads: Repeating → DestinationWorkloads
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // destination.workloads[0]
  0x19000000b8, 0x7000010004,
  0x5c656d616e225c2c, 0x0, 0x225c3a225c656d61, 0x0, 0x0, 0xc000002800000, // name: Text → DestinationWorkloadName
  0x5c646e696b225c2c, 0x0, 0x225c3a225c646e69, 0x0, 0x0, 0xc000002880000, // kind: Text → DestinationWorkloadKind
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // destination_service
  0x14000000d8, 0x7000000003,
  0x5c656d616e225c2c, 0x0, 0x225c3a225c656d61, 0x0, 0x0, 0xc000003180000, // name: Text → DestinationServiceName
  0x73656d616e225c2c, 0xffffffffffffffff, 0x225c3a225c656361, 0x5c3a225c65636170, 0x0, 0x11000003200000, // namespace: Text → DestinationServiceNamespace
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // egress_denied_by[0]
  0x14000000f0, 0xa000010003,
  0x5c656d616e225c2c, 0x0, 0x225c3a225c656d61, 0x0, 0x0, 0xc000003700000, // name: Text → PathEgressDeniedByName
  0x73656d616e225c2c, 0xffffffffffffffff, 0x225c3a225c656361, 0x5c3a225c65636170, 0x0, 0x11000003900000, // namespace: Text → PathEgressDeniedByNamespace
  0x5c646e696b225c2c, 0x0, 0x225c3a225c646e69, 0x0, 0x0, 0xc000003b00000, // kind: Text → PathEgressDeniedByKind
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // ingress_denied_by[0]
  0x1500000108, 0xa000010003,
  0x5c656d616e225c2c, 0x0, 0x225c3a225c656d61, 0x0, 0x0, 0xc000003780000, // name: Text → PathIngressDeniedByName
  0x73656d616e225c2c, 0xffffffffffffffff, 0x225c3a225c656361, 0x5c3a225c65636170, 0x0, 0x11000003980000, // namespace: Text → PathIngressDeniedByNamespace
  0x5c646e696b225c2c, 0x0, 0x225c3a225c646e69, 0x0, 0x0, 0xc000003b80000, // kind: Text → PathIngressDeniedByKind
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // egress_allowed_by[0]
  0x1500000120, 0xa000010003,
  0x5c656d616e225c2c, 0x0, 0x225c3a225c656d61, 0x0, 0x0, 0xc000003800000, // name: Text → PathEgressAllowedByName
  0x73656d616e225c2c, 0xffffffffffffffff, 0x225c3a225c656361, 0x5c3a225c65636170, 0x0, 0x11000003a00000, // namespace: Text → PathEgressAllowedByNamespace
  0x5c646e696b225c2c, 0x0, 0x225c3a225c646e69, 0x0, 0x0, 0xc000003c00000, // kind: Text → PathEgressAllowedByKind
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // ingress_allowed_by[0]
  0x1600000138, 0xa000010003,
  0x5c656d616e225c2c, 0x0, 0x225c3a225c656d61, 0x0, 0x0, 0xc000003880000, // name: Text → PathIngressAllowedByName
  0x73656d616e225c2c, 0xffffffffffffffff, 0x225c3a225c656361, 0x5c3a225c65636170, 0x0, 0x11000003a80000, // namespace: Text → PathIngressAllowedByNamespace
  0x5c646e696b225c2c, 0x0, 0x225c3a225c646e69, 0x0, 0x0, 0xc000003c80000, // kind: Text → PathIngressAllowedByKind
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // trace_context
  0xe00000150, 0x4000000003,
  0x6e65726170225c2c, 0x0, 0x3a225c746e657261, 0x0, 0x0, 0xc1a5000000004, // parent: Object → trace_context.parent
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // trace_context.parent
  0x1500000160, 0x4000000004,
  0x6563617274225c2c, 0x0, 0x225c3a225c64695f, 0x0, 0x0, 0x10000000e00000, // trace_id: Text → TraceID
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // ip_trace_id
  0xc00000178, 0x7000000003,
  0x6563617274225c2c, 0x0, 0x225c3a225c64695f, 0x0, 0x0, 0x10000003400000, // trace_id: Text → IPTraceID
  0x706f5f7069225c2c, 0xffffffffffffffff, 0x3a225c657079745f, 0x7079745f6e6f6974, 0x0, 0x14000003480001, // ip_option_type: Number → IPTraceOptionType
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // interface
  0xa00000188, 0x7000000003,
  0x7865646e69225c2c, 0x0, 0x3a225c7865646e69, 0x0, 0x0, 0xb000000f00001, // index: Number → InterfaceIndex
  0x5c656d616e225c2c, 0x0, 0x225c3a225c656d61, 0x0, 0x0, 0xc000000f80000, // name: Text → InterfaceName
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // file
  0x500000198, 0x7000000003,
  0x5c656d616e225c2c, 0x0, 0x225c3a225c656d61, 0x0, 0x0, 0xc000003500000, // name: Text → FileName
  0x5c656e696c225c2c, 0x0, 0x3a225c656e696c22, 0x0, 0x0, 0xa000003580001, // line: Number → FileLine
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l7
  0x3000001a0, 0x10000000003,
  0x5c65707974225c2c, 0x0, 0x225c3a225c657079, 0x0, 0x0, 0xc000001200000, // type: Text → L7Type
  0x6e6574616c225c2c, 0x0, 0x3a225c736e5f7963, 0x0, 0x0, 0x10000001280001, // latency_ns: Number → LatencyNs
  0x225c736e64225c2c, 0x0, 0x3a225c736e64225c, 0x0, 0x0, 0x91dd000000004, // dns: Object → l7.dns
  0x5c70747468225c2c, 0x0, 0x3a225c7074746822, 0x0, 0x0, 0xa1f9000000004, // http: Object → l7.http
  0x616b66616b225c2c, 0x0, 0x3a225c616b66616b, 0x0, 0x0, 0xb000001980007, // kafka: Dynamic → Kafka
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l7.dns
  0x7000001a8, 0x19000000004,
  0x7972657571225c2c, 0x0, 0x225c3a225c797265, 0x0, 0x0, 0xd000001300000, // query: Text → DNSQuery
  0x225c737069225c2c, 0x0, 0x3a225c737069225c, 0x0, 0x0, 0x9000001400007, // ips: Dynamic → DNSIPs
  0x225c6c7474225c2c, 0x0, 0x3a225c6c7474225c, 0x0, 0x0, 0x9000001500001, // ttl: Number → DNSTTL
  0x656d616e63225c2c, 0x0, 0x3a225c73656d616e, 0x0, 0x0, 0xc000001480007, // cnames: Dynamic → DNSCNAMEs
  0x726573626f225c2c, 0xffffffffffffffff, 0x225c3a225c656372, 0x735f6e6f69746176, 0x3a225c656372756f, 0x1a000001680010, // observation_source: Text → DNSObservationSource
  0x65646f6372225c2c, 0x0, 0x3a225c65646f6372, 0x0, 0x0, 0xb000001380001, // rcode: Number → DNSResponseCode
  0x6570797471225c2c, 0x0, 0x3a225c7365707974, 0x0, 0x0, 0xc000001580007, // qtypes: Dynamic → DNSQueryTypes
  0x7079747272225c2c, 0x0, 0x3a225c7365707974, 0x0, 0x0, 0xd000001600007, // rrtypes: Dynamic → DNSResourceTypes
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // l7.http
  0x8000001b0, 0x10000000004,
  0x5c65646f63225c2c, 0x0, 0x3a225c65646f6322, 0x0, 0x0, 0xa000001800001, // code: Number → HTTPCode
  0x6f6874656d225c2c, 0x0, 0x225c3a225c646f68, 0x0, 0x0, 0xe000001700000, // method: Text → HTTPMethod
  0x225c6c7275225c2c, 0x0, 0x225c3a225c6c7275, 0x0, 0x0, 0xb000001780000, // url: Text → HTTPURL
  0x6f746f7270225c2c, 0x0, 0x225c3a225c6c6f63, 0x0, 0x0, 0x10000001880000, // protocol: Text → HTTPProtocol
  0x6564616568225c2c, 0x0, 0x3a225c7372656461, 0x0, 0x0, 0xd000001900007, // headers: Dynamic → HTTPHeaders
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // emitter
  0x8000001b8, 0x7000000003,
  0x5c656d616e225c2c, 0x0, 0x225c3a225c656d61, 0x0, 0x0, 0xc000001f00000, // name: Text → EmitterName
  0x6973726576225c2c, 0x0, 0x225c3a225c6e6f69, 0x0, 0x0, 0xf000001f80000, // version: Text → EmitterVersion
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // aggregate
  0xa000001c0, 0xa000000003,
  0x6572676e69225c2c, 0xffffffffffffffff, 0x3a225c746e756f63, 0x5f776f6c665f7373, 0x0, 0x18000001a80001, // ingress_flow_count: Number → IngressFlowCount
  0x7365726765225c2c, 0xffffffffffffffff, 0x3a225c746e756f63, 0x635f776f6c665f73, 0x0, 0x17000001b00001, // egress_flow_count: Number → EgressFlowCount
  0x0, 0xffffffffffffffff, 0x3a225c746e756f63, 0x63657269645f6e77, 0x6f6c665f6e6f6974, 0x22000001b80011, // unknown_direction_flow_count: Number → UnknownDirectionFlowCount
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // extensions
  0xb000001d0, 0xa000010003,
  0x6572676e69225c2c, 0xffffffffffffffff, 0x3a225c746e756f63, 0x5f776f6c665f7373, 0x0, 0x18000003d00001, // ingress_flow_count: Number → PathExtensionsIngressFlowCount
  0x7365726765225c2c, 0xffffffffffffffff, 0x3a225c746e756f63, 0x635f776f6c665f73, 0x0, 0x17000003d80001, // egress_flow_count: Number → PathExtensionsEgressFlowCount
  0x0, 0xffffffffffffffff, 0x3a225c746e756f63, 0x63657269645f6e77, 0x6f6c665f6e6f6974, 0x22000003e00011, // unknown_direction_flow_count: Number → PathExtensionsUnknownDirectionFlowCount
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // lost_events
  0xc000001e0, 0x1000000003,
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // agent_event
  0xc000001f0, 0x1000000003,
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // debug_event
  0xc00000200, 0x1000000003,
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
  // node_status
  0xc00000210, 0x1000000003,
  0x0, 0xffffffffffffffff, 0x0, 0x0, 0x0, 0xb,
]);

/** The paths of the objects as they stand in front of a key in AdditionalFields. */
// prettier-ignore
export const PATH_PREFIXES = memory.data<u64>([
  0x79745f746e657665, 0x2e6570, // event_type.
  0x2e5049, // IP.
  0x2e346c, // l4.
  0x2e5043542e346c, // l4.TCP.
  0x2e5044552e346c, // l4.UDP.
  0x2e505443532e346c, // l4.SCTP.
  0x662e5043542e346c, 0x2e7367616c, // l4.TCP.flags.
  0x76504d43492e346c, 0x2e34, // l4.ICMPv4.
  0x76504d43492e346c, 0x2e36, // l4.ICMPv6.
  0x2e656372756f73, // source.
  0x772e656372756f73, 0x7364616f6c6b726f, 0x2e5d305b, // source.workloads[0].
  0x735f656372756f73, 0x2e656369767265, // source_service.
  0x74656e7265687465, 0x2e, // ethernet.
  0x74616e6974736564, 0x2e6e6f69, // destination.
  0x74616e6974736564, 0x6b726f772e6e6f69, 0x5d305b7364616f6c, 0x2e, // destination.workloads[0].
  0x74616e6974736564, 0x767265735f6e6f69, 0x2e656369, // destination_service.
  0x645f737365726765, 0x79625f6465696e65, 0x2e5d305b, // egress_denied_by[0].
  0x5f73736572676e69, 0x625f6465696e6564, 0x2e5d305b79, // ingress_denied_by[0].
  0x615f737365726765, 0x625f6465776f6c6c, 0x2e5d305b79, // egress_allowed_by[0].
  0x5f73736572676e69, 0x5f6465776f6c6c61, 0x2e5d305b7962, // ingress_allowed_by[0].
  0x6f635f6563617274, 0x2e747865746e, // trace_context.
  0x6f635f6563617274, 0x61702e747865746e, 0x2e746e6572, // trace_context.parent.
  0x65636172745f7069, 0x2e64695f, // ip_trace_id.
  0x6361667265746e69, 0x2e65, // interface.
  0x2e656c6966, // file.
  0x2e376c, // l7.
  0x2e736e642e376c, // l7.dns.
  0x2e707474682e376c, // l7.http.
  0x2e72657474696d65, // emitter.
  0x7461676572676761, 0x2e65, // aggregate.
  0x6f69736e65747865, 0x2e736e, // extensions.
  0x6576655f74736f6c, 0x2e73746e, // lost_events.
  0x76655f746e656761, 0x2e746e65, // agent_event.
  0x76655f6775626564, 0x2e746e65, // debug_event.
  0x6174735f65646f6e, 0x2e737574, // node_status.
]);

/**
 * A column's name as it stands in the row, `,"Name":`, and its length in the last byte. A run has none: its columns
 * are written with theirs.
 */
export const NAME_SIZE = 40;

// prettier-ignore
export const COLUMN_NAMES = memory.data<u64>([
  0x6547656d6954222c, 0x226465746172656e, 0x3a, 0x0, 0x1100000000000000, // TimeGenerated
  0x636964726556222c, 0x3a2274, 0x0, 0x0, 0xb00000000000000, // Verdict
  0x6552706f7244222c, 0x65646f436e6f7361, 0x3a22, 0x0, 0x1200000000000000, // DropReasonCode
  0x22796c706552222c, 0x3a, 0x0, 0x0, 0x900000000000000, // Reply
  0x72616d6d7553222c, 0x3a2279, 0x0, 0x0, 0xb00000000000000, // Summary
  0x3a2244495555222c, 0x0, 0x0, 0x0, 0x800000000000000, // UUID
  0x656372756f53222c, 0x3a225049, 0x0, 0x0, 0xc00000000000000, // SourceIP
  0x656372756f53222c, 0x5049646574616c58, 0x3a22, 0x0, 0x1200000000000000, // SourceXlatedIP
  0x656372756f53222c, 0x3a2274726f50, 0x0, 0x0, 0xe00000000000000, // SourcePort
  0x6e6974736544222c, 0x2250496e6f697461, 0x3a, 0x0, 0x1100000000000000, // DestinationIP
  0x6e6974736544222c, 0x726f506e6f697461, 0x3a2274, 0x0, 0x1300000000000000, // DestinationPort
  0x737265565049222c, 0x3a226e6f69, 0x0, 0x0, 0xd00000000000000, // IPVersion
  0x707972636e45222c, 0x3a22646574, 0x0, 0x0, 0xd00000000000000, // Encrypted
  0x746f7250344c222c, 0x3a226c6f636f, 0x0, 0x0, 0xe00000000000000, // L4Protocol
  0x616c46504354222c, 0x3a227367, 0x0, 0x0, 0xc00000000000000, // TCPFlags
  0x7954504d4349222c, 0x3a226570, 0x0, 0x0, 0xc00000000000000, // ICMPType
  0x6f43504d4349222c, 0x3a226564, 0x0, 0x0, 0xc00000000000000, // ICMPCode
  0x656372756f53222c, 0x3a2273656d614e, 0x0, 0x0, 0xf00000000000000, // SourceNames
  0x6e6974736544222c, 0x6d614e6e6f697461, 0x3a227365, 0x0, 0x1400000000000000, // DestinationNames
  0x7963696c6f50222c, 0x3a22656d614e, 0x0, 0x0, 0xe00000000000000, // PolicyName
  0x7963696c6f50222c, 0x63617073656d614e, 0x3a2265, 0x0, 0x1300000000000000, // PolicyNamespace
  0x7963696c6f50222c, 0x3a22646e694b, 0x0, 0x0, 0xe00000000000000, // PolicyKind
  0x737365726745222c, 0x79426465696e6544, 0x3a22, 0x0, 0x1200000000000000, // EgressDeniedBy
  0x736572676e49222c, 0x426465696e654473, 0x3a2279, 0x0, 0x1300000000000000, // IngressDeniedBy
  0x737365726745222c, 0x426465776f6c6c41, 0x3a2279, 0x0, 0x1300000000000000, // EgressAllowedBy
  0x736572676e49222c, 0x6465776f6c6c4173, 0x3a227942, 0x0, 0x1400000000000000, // IngressAllowedBy
  0x7963696c6f50222c, 0x3a22676f4c, 0x0, 0x0, 0xd00000000000000, // PolicyLog
  0x795468747541222c, 0x3a226570, 0x0, 0x0, 0xc00000000000000, // AuthType
  0x496563617254222c, 0x3a2244, 0x0, 0x0, 0xb00000000000000, // TraceID
  0x436775626544222c, 0x6f50657275747061, 0x3a22746e69, 0x0, 0x1500000000000000, // DebugCapturePoint
  0x667265746e49222c, 0x7865646e49656361, 0x3a22, 0x0, 0x1200000000000000, // InterfaceIndex
  0x667265746e49222c, 0x22656d614e656361, 0x3a, 0x0, 0x1100000000000000, // InterfaceName
  0x5079786f7250222c, 0x3a2274726f, 0x0, 0x0, 0xd00000000000000, // ProxyPort
  0x6c586b636f53222c, 0x746e696f50657461, 0x3a22, 0x0, 0x1200000000000000, // SockXlatePoint
  0x74656b636f53222c, 0x3a2265696b6f6f43, 0x0, 0x0, 0x1000000000000000, // SocketCookie
  0x70756f726743222c, 0x3a224449, 0x0, 0x0, 0xc00000000000000, // CgroupID
  0x65707954374c222c, 0x3a22, 0x0, 0x0, 0xa00000000000000, // L7Type
  0x636e6574614c222c, 0x3a22734e79, 0x0, 0x0, 0xd00000000000000, // LatencyNs
  0x657551534e44222c, 0x3a227972, 0x0, 0x0, 0xc00000000000000, // DNSQuery
  0x736552534e44222c, 0x646f4365736e6f70, 0x3a2265, 0x0, 0x1300000000000000, // DNSResponseCode
  0x735049534e44222c, 0x3a22, 0x0, 0x0, 0xa00000000000000, // DNSIPs
  0x414e43534e44222c, 0x3a2273454d, 0x0, 0x0, 0xd00000000000000, // DNSCNAMEs
  0x4c5454534e44222c, 0x3a22, 0x0, 0x0, 0xa00000000000000, // DNSTTL
  0x657551534e44222c, 0x2273657079547972, 0x3a, 0x0, 0x1100000000000000, // DNSQueryTypes
  0x736552534e44222c, 0x707954656372756f, 0x3a227365, 0x0, 0x1400000000000000, // DNSResourceTypes
  0x73624f534e44222c, 0x6e6f697461767265, 0x3a22656372756f53, 0x0, 0x1800000000000000, // DNSObservationSource
  0x654d50545448222c, 0x3a22646f6874, 0x0, 0x0, 0xe00000000000000, // HTTPMethod
  0x525550545448222c, 0x3a224c, 0x0, 0x0, 0xb00000000000000, // HTTPURL
  0x6f4350545448222c, 0x3a226564, 0x0, 0x0, 0xc00000000000000, // HTTPCode
  0x725050545448222c, 0x3a226c6f636f746f, 0x0, 0x0, 0x1000000000000000, // HTTPProtocol
  0x654850545448222c, 0x3a227372656461, 0x0, 0x0, 0xf00000000000000, // HTTPHeaders
  0x22616b66614b222c, 0x3a, 0x0, 0x0, 0x900000000000000, // Kafka
  0x6c656e6e7554222c, 0x3a22, 0x0, 0x0, 0xa00000000000000, // Tunnel
  0x736572676e49222c, 0x756f43776f6c4673, 0x3a22746e, 0x0, 0x1400000000000000, // IngressFlowCount
  0x737365726745222c, 0x6e756f43776f6c46, 0x3a2274, 0x0, 0x1300000000000000, // EgressFlowCount
  0x776f6e6b6e55222c, 0x697463657269446e, 0x6f43776f6c466e6f, 0x3a22746e75, 0x1d00000000000000, // UnknownDirectionFlowCount
  0x736e65747845222c, 0x3a22736e6f69, 0x0, 0x0, 0xe00000000000000, // Extensions
  0x74726f707845222c, 0x3a22746e657645, 0x0, 0x0, 0xf00000000000000, // ExportEvent
  0x697469646441222c, 0x6c6569466c616e6f, 0x3a227364, 0x0, 0x1400000000000000, // AdditionalFields
  0x456573726150222c, 0x3a22726f7272, 0x0, 0x0, 0xe00000000000000, // ParseError
  0x73654d776152222c, 0x3a2265676173, 0x0, 0x0, 0xe00000000000000, // RawMessage
  0x0, 0x0, 0x0, 0x0, 0x0, // RunEmitter
  0x657474696d45222c, 0x3a22656d614e72, 0x0, 0x0, 0xf00000000000000, // EmitterName
  0x657474696d45222c, 0x6e6f697372655672, 0x3a22, 0x0, 0x1200000000000000, // EmitterVersion
  0x0, 0x0, 0x0, 0x0, 0x0, // RunEthernet
  0x656372756f53222c, 0x3a2243414d, 0x0, 0x0, 0xd00000000000000, // SourceMAC
  0x6e6974736544222c, 0x43414d6e6f697461, 0x3a22, 0x0, 0x1200000000000000, // DestinationMAC
  0x0, 0x0, 0x0, 0x0, 0x0, // RunSource
  0x656372756f53222c, 0x63617073656d614e, 0x3a2265, 0x0, 0x1300000000000000, // SourceNamespace
  0x656372756f53222c, 0x22656d614e646f50, 0x3a, 0x0, 0x1100000000000000, // SourcePodName
  0x656372756f53222c, 0x64616f6c6b726f57, 0x3a22656d614e, 0x0, 0x1600000000000000, // SourceWorkloadName
  0x656372756f53222c, 0x64616f6c6b726f57, 0x3a22646e694b, 0x0, 0x1600000000000000, // SourceWorkloadKind
  0x656372756f53222c, 0x4e72657473756c43, 0x3a22656d61, 0x0, 0x1500000000000000, // SourceClusterName
  0x656372756f53222c, 0x746e696f70646e45, 0x3a224449, 0x0, 0x1400000000000000, // SourceEndpointID
  0x656372756f53222c, 0x797469746e656449, 0x3a22, 0x0, 0x1200000000000000, // SourceIdentity
  0x656372756f53222c, 0x3a22736c6562614c, 0x0, 0x0, 0x1000000000000000, // SourceLabels
  0x656372756f53222c, 0x64616f6c6b726f57, 0x3a2273, 0x0, 0x1300000000000000, // SourceWorkloads
  0x0, 0x0, 0x0, 0x0, 0x0, // RunDestination
  0x6e6974736544222c, 0x6d614e6e6f697461, 0x3a22656361707365, 0x0, 0x1800000000000000, // DestinationNamespace
  0x6e6974736544222c, 0x646f506e6f697461, 0x3a22656d614e, 0x0, 0x1600000000000000, // DestinationPodName
  0x6e6974736544222c, 0x726f576e6f697461, 0x6d614e64616f6c6b, 0x3a2265, 0x1b00000000000000, // DestinationWorkloadName
  0x6e6974736544222c, 0x726f576e6f697461, 0x6e694b64616f6c6b, 0x3a2264, 0x1b00000000000000, // DestinationWorkloadKind
  0x6e6974736544222c, 0x756c436e6f697461, 0x656d614e72657473, 0x3a22, 0x1a00000000000000, // DestinationClusterName
  0x6e6974736544222c, 0x646e456e6f697461, 0x224449746e696f70, 0x3a, 0x1900000000000000, // DestinationEndpointID
  0x6e6974736544222c, 0x6564496e6f697461, 0x3a22797469746e, 0x0, 0x1700000000000000, // DestinationIdentity
  0x6e6974736544222c, 0x62614c6e6f697461, 0x3a22736c65, 0x0, 0x1500000000000000, // DestinationLabels
  0x6e6974736544222c, 0x726f576e6f697461, 0x3a227364616f6c6b, 0x0, 0x1800000000000000, // DestinationWorkloads
  0x0, 0x0, 0x0, 0x0, 0x0, // RunTypeToNodeLabels
  0x7954776f6c46222c, 0x3a226570, 0x0, 0x0, 0xc00000000000000, // FlowType
  0x657473756c43222c, 0x3a22656d614e72, 0x0, 0x0, 0xf00000000000000, // ClusterName
  0x614e65646f4e222c, 0x3a22656d, 0x0, 0x0, 0xc00000000000000, // NodeName
  0x614c65646f4e222c, 0x3a22736c6562, 0x0, 0x0, 0xe00000000000000, // NodeLabels
  0x0, 0x0, 0x0, 0x0, 0x0, // RunEventTypeToDropReasonDesc
  0x6552706f7244222c, 0x3a226e6f7361, 0x0, 0x0, 0xe00000000000000, // DropReason
  0x696666617254222c, 0x6974636572694463, 0x3a226e6f, 0x0, 0x1400000000000000, // TrafficDirection
  0x54746e657645222c, 0x3a22657079, 0x0, 0x0, 0xd00000000000000, // EventType
  0x53746e657645222c, 0x3a22657079546275, 0x0, 0x0, 0x1000000000000000, // EventSubType
  0x656372756f53222c, 0x4e65636976726553, 0x3a22656d61, 0x0, 0x1500000000000000, // SourceServiceName
  0x656372756f53222c, 0x4e65636976726553, 0x6563617073656d61, 0x3a22, 0x1a00000000000000, // SourceServiceNamespace
  0x6e6974736544222c, 0x7265536e6f697461, 0x656d614e65636976, 0x3a22, 0x1a00000000000000, // DestinationServiceName
  0x6e6974736544222c, 0x7265536e6f697461, 0x656d614e65636976, 0x3a226563617073, 0x1f00000000000000, // DestinationServiceNamespace
  0x7963696c6f50222c, 0x707954686374614d, 0x3a2265, 0x0, 0x1300000000000000, // PolicyMatchType
  0x4f6563617254222c, 0x6974617672657362, 0x22746e696f506e6f, 0x3a, 0x1900000000000000, // TraceObservationPoint
  0x526563617254222c, 0x3a226e6f736165, 0x0, 0x0, 0xf00000000000000, // TraceReason
  0x636172545049222c, 0x3a22444965, 0x0, 0x0, 0xd00000000000000, // IPTraceID
  0x636172545049222c, 0x546e6f6974704f65, 0x3a22657079, 0x0, 0x1500000000000000, // IPTraceOptionType
  0x614e656c6946222c, 0x3a22656d, 0x0, 0x0, 0xc00000000000000, // FileName
  0x694c656c6946222c, 0x3a22656e, 0x0, 0x0, 0xc00000000000000, // FileLine
]);

/** Finds a column by its name: `(first 8 bytes ^ last 8 bytes << 1 ^ length) * COLUMN_HASH_MULTIPLIER >> COLUMN_HASH_SHIFT`. */
export const COLUMN_HASH_MULTIPLIER: u64 = 0xa195a45c672ef6df;
export const COLUMN_HASH_SHIFT: u64 = 54;

/** The column's slot, counted from 1, as a byte for each hash. */
// prettier-ignore
export const COLUMN_BY_HASH = memory.data<u64>([
  0x3900, 0x13000000, 0x1c00000000000b00, 0x0,
  0x0, 0x3a006600, 0x2d0038000000, 0x2c0000,
  0x2a00000022000000, 0x0, 0x0, 0xe000000000000,
  0x1b00, 0x5f00003600, 0x0, 0x4504005b000000,
  0x0, 0x0, 0x0, 0x3d00000000,
  0x0, 0x0, 0x0, 0x33000011000000,
  0x2f31000000000000, 0x0, 0x0, 0x6a000055,
  0x0, 0x4b0000, 0x0, 0x7,
  0x0, 0x5a, 0x0, 0x1800,
  0x0, 0x3f, 0x1f00, 0x1500,
  0x0, 0x0, 0x5000000000, 0x6c00000000,
  0x0, 0x0, 0x0, 0x0,
  0x10000000, 0xf0000, 0x2014, 0x4a2740,
  0x5e00, 0x43000000, 0x0, 0x21000000000000,
  0x0, 0xd004c, 0x2, 0x0,
  0x670000000000, 0x0, 0x0, 0x5000000,
  0x690000480000, 0x0, 0x570a00000000, 0x0,
  0x1700000000, 0x650000001e00, 0x5c00000000000026, 0x0,
  0x4600000000, 0x0, 0x32, 0x0,
  0x2e, 0x1600000000004f, 0x6200000000000000, 0x61,
  0x630000, 0x0, 0x0, 0x9000000000000,
  0x0, 0x290000000000, 0x370000000000, 0x51002500003400,
  0x3b01540000000000, 0x0, 0x0, 0x0,
  0x6000000600000, 0x0, 0x0, 0x0,
  0x1d0000000000, 0x4900000000, 0x24000000000000, 0x0,
  0x470000, 0x0, 0x4d00000000000000, 0x12000000,
  0x0, 0x3500000000000000, 0x300064, 0x520000,
  0x56, 0x1a0000, 0x2800000000, 0x0,
  0x1900000000000000, 0x0, 0x0, 0x0,
  0x3c5968000000, 0x0, 0x0, 0x5300,
  0x0, 0x0, 0x30000006b, 0x0,
  0x2b000000000023, 0x0, 0x42000000000000, 0xc00000008000000,
]);
