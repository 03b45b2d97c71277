import { JSON } from "json-as";

/** The columns that a row can have, in table order; null where it has none. Numbers are kept as they are written. */
@json
export class Row {

  @omitnull TimeGenerated: JSON.Raw | null = null;

  @omitnull Verdict: JSON.Raw | null = null;

  @omitnull DropReason: JSON.Raw | null = null;

  @omitnull DropReasonCode: JSON.Raw | null = null;

  @omitnull TrafficDirection: JSON.Raw | null = null;

  @omitnull Reply: JSON.Raw | null = null;

  @omitnull FlowType: JSON.Raw | null = null;

  @omitnull EventType: JSON.Raw | null = null;

  @omitnull EventSubType: JSON.Raw | null = null;

  @omitnull Summary: JSON.Raw | null = null;

  @omitnull UUID: JSON.Raw | null = null;

  @omitnull ClusterName: JSON.Raw | null = null;

  @omitnull NodeName: JSON.Raw | null = null;

  @omitnull SourceIP: JSON.Raw | null = null;

  @omitnull SourceXlatedIP: JSON.Raw | null = null;

  @omitnull SourcePort: JSON.Raw | null = null;

  @omitnull DestinationIP: JSON.Raw | null = null;

  @omitnull DestinationPort: JSON.Raw | null = null;

  @omitnull IPVersion: JSON.Raw | null = null;

  @omitnull Encrypted: JSON.Raw | null = null;

  @omitnull L4Protocol: JSON.Raw | null = null;

  @omitnull TCPFlags: JSON.Raw | null = null;

  @omitnull ICMPType: JSON.Raw | null = null;

  @omitnull ICMPCode: JSON.Raw | null = null;

  @omitnull SourceNamespace: JSON.Raw | null = null;

  @omitnull SourcePodName: JSON.Raw | null = null;

  @omitnull SourceWorkloadName: JSON.Raw | null = null;

  @omitnull SourceWorkloadKind: JSON.Raw | null = null;

  @omitnull SourceServiceName: JSON.Raw | null = null;

  @omitnull SourceServiceNamespace: JSON.Raw | null = null;

  @omitnull SourceClusterName: JSON.Raw | null = null;

  @omitnull SourceEndpointID: JSON.Raw | null = null;

  @omitnull SourceIdentity: JSON.Raw | null = null;

  @omitnull SourceNames: JSON.Raw | null = null;

  @omitnull SourceLabels: JSON.Raw | null = null;

  @omitnull SourceWorkloads: JSON.Raw | null = null;

  @omitnull SourceMAC: JSON.Raw | null = null;

  @omitnull DestinationNamespace: JSON.Raw | null = null;

  @omitnull DestinationPodName: JSON.Raw | null = null;

  @omitnull DestinationWorkloadName: JSON.Raw | null = null;

  @omitnull DestinationWorkloadKind: JSON.Raw | null = null;

  @omitnull DestinationServiceName: JSON.Raw | null = null;

  @omitnull DestinationServiceNamespace: JSON.Raw | null = null;

  @omitnull DestinationClusterName: JSON.Raw | null = null;

  @omitnull DestinationEndpointID: JSON.Raw | null = null;

  @omitnull DestinationIdentity: JSON.Raw | null = null;

  @omitnull DestinationNames: JSON.Raw | null = null;

  @omitnull DestinationLabels: JSON.Raw | null = null;

  @omitnull DestinationWorkloads: JSON.Raw | null = null;

  @omitnull DestinationMAC: JSON.Raw | null = null;

  @omitnull PolicyName: JSON.Raw | null = null;

  @omitnull PolicyNamespace: JSON.Raw | null = null;

  @omitnull PolicyKind: JSON.Raw | null = null;

  @omitnull EgressDeniedBy: JSON.Raw | null = null;

  @omitnull IngressDeniedBy: JSON.Raw | null = null;

  @omitnull EgressAllowedBy: JSON.Raw | null = null;

  @omitnull IngressAllowedBy: JSON.Raw | null = null;

  @omitnull PolicyMatchType: JSON.Raw | null = null;

  @omitnull PolicyLog: JSON.Raw | null = null;

  @omitnull AuthType: JSON.Raw | null = null;

  @omitnull TraceObservationPoint: JSON.Raw | null = null;

  @omitnull TraceReason: JSON.Raw | null = null;

  @omitnull TraceID: JSON.Raw | null = null;

  @omitnull IPTraceID: JSON.Raw | null = null;

  @omitnull IPTraceOptionType: JSON.Raw | null = null;

  @omitnull DebugCapturePoint: JSON.Raw | null = null;

  @omitnull InterfaceIndex: JSON.Raw | null = null;

  @omitnull InterfaceName: JSON.Raw | null = null;

  @omitnull ProxyPort: JSON.Raw | null = null;

  @omitnull FileName: JSON.Raw | null = null;

  @omitnull FileLine: JSON.Raw | null = null;

  @omitnull SockXlatePoint: JSON.Raw | null = null;

  @omitnull SocketCookie: JSON.Raw | null = null;

  @omitnull CgroupID: JSON.Raw | null = null;

  @omitnull L7Type: JSON.Raw | null = null;

  @omitnull LatencyNs: JSON.Raw | null = null;

  @omitnull DNSQuery: JSON.Raw | null = null;

  @omitnull DNSResponseCode: JSON.Raw | null = null;

  @omitnull DNSIPs: JSON.Raw | null = null;

  @omitnull DNSCNAMEs: JSON.Raw | null = null;

  @omitnull DNSTTL: JSON.Raw | null = null;

  @omitnull DNSQueryTypes: JSON.Raw | null = null;

  @omitnull DNSResourceTypes: JSON.Raw | null = null;

  @omitnull DNSObservationSource: JSON.Raw | null = null;

  @omitnull HTTPMethod: JSON.Raw | null = null;

  @omitnull HTTPURL: JSON.Raw | null = null;

  @omitnull HTTPCode: JSON.Raw | null = null;

  @omitnull HTTPProtocol: JSON.Raw | null = null;

  @omitnull HTTPHeaders: JSON.Raw | null = null;

  @omitnull Kafka: JSON.Raw | null = null;

  @omitnull Tunnel: JSON.Raw | null = null;

  @omitnull EmitterName: JSON.Raw | null = null;

  @omitnull EmitterVersion: JSON.Raw | null = null;

  @omitnull IngressFlowCount: JSON.Raw | null = null;

  @omitnull EgressFlowCount: JSON.Raw | null = null;

  @omitnull UnknownDirectionFlowCount: JSON.Raw | null = null;

  @omitnull Extensions: JSON.Raw | null = null;

  @omitnull NodeLabels: JSON.Raw | null = null;

  @omitnull ExportEvent: JSON.Raw | null = null;

  @omitnull AdditionalFields: JSON.Raw | null = null;

  @omitnull ParseError: JSON.Raw | null = null;

  @omitnull RawMessage: JSON.Raw | null = null;
}
