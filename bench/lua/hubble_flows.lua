-- The LuaJIT peer of the filter: the row of schema/columns.yaml from a record that `filter parser` (json) has merged.
-- Fluent Bit calls hubble_flows(tag, timestamp, record) and takes back a code: -1 drops the record, 2 replaces its body.

local byte, find, match, sub = string.byte, string.find, string.match, string.sub
local floor = math.floor
local pairs, tonumber, type = pairs, tonumber, type
local new_table = require("table.new")

-- What a key's value has to be to fit its column.
local TEXT, NUMBER, BOOL, DYNAMIC, OBJECT, FIRST, SKIP = 1, 2, 3, 4, 5, 6, 7

local function text(column)
  return { kind = TEXT, column = column }
end

local function number(column)
  return { kind = NUMBER, column = column }
end

local function bool(column)
  return { kind = BOOL, column = column }
end

local function dynamic(column)
  return { kind = DYNAMIC, column = column }
end

local function object(path, keys)
  return { kind = OBJECT, path = path .. ".", keys = keys }
end

-- A list whose first element gives columns of its own.
local function first_of(column, keys)
  return { kind = FIRST, column = column, keys = keys }
end

-- A key that the function takes care of itself.
local skip = { kind = SKIP }

local function ports(path)
  return object(path, { source_port = number("SourcePort"), destination_port = number("DestinationPort") })
end

local function icmp(path)
  return object(path, { type = number("ICMPType"), code = number("ICMPCode") })
end

local function endpoint(path, side)
  return object(path, {
    ID = number(side .. "EndpointID"),
    identity = number(side .. "Identity"),
    cluster_name = text(side .. "ClusterName"),
    namespace = text(side .. "Namespace"),
    labels = dynamic(side .. "Labels"),
    pod_name = text(side .. "PodName"),
    workloads = first_of(side .. "Workloads", { name = side .. "WorkloadName", kind = side .. "WorkloadKind" }),
  })
end

local function service(path, side)
  return object(path, { name = text(side .. "ServiceName"), namespace = text(side .. "ServiceNamespace") })
end

local protocols = {
  TCP = ports("l4.TCP"),
  UDP = ports("l4.UDP"),
  SCTP = ports("l4.SCTP"),
  ICMPv4 = icmp("l4.ICMPv4"),
  ICMPv6 = icmp("l4.ICMPv6"),
}
protocols.TCP.keys.flags = skip

local flow_keys = {
  time = skip,
  node_name = skip,
  is_reply = skip,
  reply = skip,
  l4 = skip,
  aggregate = skip,
  uuid = text("UUID"),
  verdict = text("Verdict"),
  drop_reason = number("DropReasonCode"),
  drop_reason_desc = text("DropReason"),
  auth_type = text("AuthType"),
  traffic_direction = text("TrafficDirection"),
  Type = text("FlowType"),
  Summary = text("Summary"),
  trace_observation_point = text("TraceObservationPoint"),
  trace_reason = text("TraceReason"),
  debug_capture_point = text("DebugCapturePoint"),
  proxy_port = number("ProxyPort"),
  sock_xlate_point = text("SockXlatePoint"),
  socket_cookie = text("SocketCookie"),
  cgroup_id = text("CgroupID"),
  policy_match_type = number("PolicyMatchType"),
  policy_log = dynamic("PolicyLog"),
  source_names = dynamic("SourceNames"),
  destination_names = dynamic("DestinationNames"),
  node_labels = dynamic("NodeLabels"),
  tunnel = dynamic("Tunnel"),
  extensions = dynamic("Extensions"),
  egress_denied_by = dynamic("EgressDeniedBy"),
  ingress_denied_by = dynamic("IngressDeniedBy"),
  egress_allowed_by = dynamic("EgressAllowedBy"),
  ingress_allowed_by = dynamic("IngressAllowedBy"),
  event_type = object("event_type", { type = number("EventType"), sub_type = number("EventSubType") }),
  ethernet = object("ethernet", { source = text("SourceMAC"), destination = text("DestinationMAC") }),
  IP = object("IP", {
    source = text("SourceIP"),
    source_xlated = text("SourceXlatedIP"),
    destination = text("DestinationIP"),
    ipVersion = text("IPVersion"),
    encrypted = bool("Encrypted"),
  }),
  source = endpoint("source", "Source"),
  destination = endpoint("destination", "Destination"),
  source_service = service("source_service", "Source"),
  destination_service = service("destination_service", "Destination"),
  trace_context = object("trace_context", {
    parent = object("trace_context.parent", { trace_id = text("TraceID") }),
  }),
  ip_trace_id = object("ip_trace_id", { trace_id = text("IPTraceID"), ip_option_type = number("IPTraceOptionType") }),
  interface = object("interface", { index = number("InterfaceIndex"), name = text("InterfaceName") }),
  file = object("file", { name = text("FileName"), line = number("FileLine") }),
  emitter = object("emitter", { name = text("EmitterName"), version = text("EmitterVersion") }),
  l7 = object("l7", {
    type = text("L7Type"),
    latency_ns = number("LatencyNs"),
    dns = object("l7.dns", {
      query = text("DNSQuery"),
      rcode = number("DNSResponseCode"),
      ips = dynamic("DNSIPs"),
      cnames = dynamic("DNSCNAMEs"),
      ttl = number("DNSTTL"),
      qtypes = dynamic("DNSQueryTypes"),
      rrtypes = dynamic("DNSResourceTypes"),
      observation_source = text("DNSObservationSource"),
    }),
    http = object("l7.http", {
      method = text("HTTPMethod"),
      url = text("HTTPURL"),
      code = number("HTTPCode"),
      protocol = text("HTTPProtocol"),
      headers = dynamic("HTTPHeaders"),
    }),
    kafka = dynamic("Kafka"),
  }),
}

local count_columns = {
  ingress_flow_count = "IngressFlowCount",
  egress_flow_count = "EgressFlowCount",
  unknown_direction_flow_count = "UnknownDirectionFlowCount",
}

-- In the order in which Cilium writes them, which a Lua table does not keep.
local flag_names = { "FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "NS" }
local is_flag_name = {}
for _, name in ipairs(flag_names) do
  is_flag_name[name] = true
end

local text_keys = { "log", "message", "LogMessage", "MESSAGE", "msg" }

-- A number, or the text of an integer of at most 18 digits; nil for anything else. Lua's numbers are doubles: an
-- integer above 2^53 stays text.
local function as_number(value)
  if type(value) == "number" then
    return value
  end
  if type(value) == "string" and #value <= 16 and find(value, "^%-?%d+$") and not find(value, "^%-?0%d") then
    return tonumber(value)
  end
  return nil
end

-- Puts the members of `value` into `row`. Returns the additional fields, made where the first is met.
local function take(value, keys, path, row, additional)
  for key, member in pairs(value) do
    local entry = keys[key]
    local fits = false
    if entry then
      local kind = entry.kind
      if kind == TEXT then
        if type(member) ~= "table" then
          row[entry.column] = member
          fits = true
        end
      elseif kind == NUMBER then
        local n = as_number(member)
        if n then
          row[entry.column] = n
          fits = true
        end
      elseif kind == SKIP then
        fits = true
      elseif type(member) == "table" then
        fits = true
        if kind == DYNAMIC then
          row[entry.column] = member
        elseif kind == OBJECT then
          if member[1] == nil then
            additional = take(member, entry.keys, entry.path, row, additional)
          else
            fits = false
          end
        elseif kind == FIRST then
          row[entry.column] = member
          local element = member[1]
          if type(element) == "table" then
            for name, column in pairs(entry.keys) do
              local scalar = element[name]
              if type(scalar) ~= "table" then
                row[column] = scalar
              end
            end
          end
        else
          fits = false
        end
      elseif kind == BOOL and type(member) == "boolean" then
        row[entry.column] = member
        fits = true
      end
    end
    if not fits then
      additional = additional or {}
      additional[path .. key] = member
    end
  end
  return additional
end

local function take_flags(flags, row, additional)
  if flags == nil then
    return additional
  end
  if type(flags) ~= "table" then
    additional = additional or {}
    additional["l4.TCP.flags"] = flags
    return additional
  end
  local names
  for i = 1, #flag_names do
    local name = flag_names[i]
    if flags[name] == true then
      names = names and names .. "," .. name or name
    end
  end
  for name, value in pairs(flags) do
    if value == true then
      if not is_flag_name[name] then
        names = names and names .. "," .. name or name
      end
    elseif value ~= false then
      additional = additional or {}
      additional["l4.TCP.flags." .. name] = value
    end
  end
  if names then
    row.TCPFlags = names
  end
  return additional
end

local function take_l4(l4, row, additional)
  if l4 == nil then
    return additional
  end
  if type(l4) ~= "table" then
    additional = additional or {}
    additional.l4 = l4
    return additional
  end
  local first
  for protocol, header in pairs(l4) do
    local entry = protocols[protocol]
    if entry and not first and type(header) == "table" then
      additional = take(header, entry.keys, entry.path, row, additional)
      if protocol == "TCP" then
        additional = take_flags(header.flags, row, additional)
      end
    else
      additional = additional or {}
      additional["l4." .. protocol] = header
    end
    if not first then
      first = protocol
      row.L4Protocol = protocol
    end
  end
  return additional
end

local function take_policy(flow, row)
  local lists = flow.egress_denied_by or flow.ingress_denied_by or flow.egress_allowed_by or flow.ingress_allowed_by
  if not lists then
    return
  end
  for _, list in ipairs({
    flow.egress_denied_by or false,
    flow.ingress_denied_by or false,
    flow.egress_allowed_by or false,
    flow.ingress_allowed_by or false,
  }) do
    local policy = type(list) == "table" and list[1]
    if type(policy) == "table" then
      if type(policy.name) ~= "table" then
        row.PolicyName = policy.name
      end
      if type(policy.namespace) ~= "table" then
        row.PolicyNamespace = policy.namespace
      end
      if type(policy.kind) ~= "table" then
        row.PolicyKind = policy.kind
      end
      return
    end
  end
end

local function take_counts(flow, row, additional)
  local aggregate, extensions = flow.aggregate, flow.extensions
  local counts
  if aggregate ~= nil then
    if type(aggregate) == "table" then
      counts = {}
      for key, value in pairs(aggregate) do
        local column = count_columns[key]
        local n = column and as_number(value)
        if n then
          row[column] = n
          counts[key] = n
        else
          additional = additional or {}
          additional["aggregate." .. key] = value
        end
      end
    else
      additional = additional or {}
      additional.aggregate = aggregate
    end
  end
  if type(extensions) == "table" then
    for key, column in pairs(count_columns) do
      local n = as_number(extensions[key])
      if n and not (counts and counts[key]) then
        row[column] = n
      end
    end
  end
  return additional
end

local function take_reply(flow, row, additional)
  local is_reply, reply = flow.is_reply, flow.reply
  local known = type(is_reply) == "boolean"
  if known then
    row.Reply = is_reply
  elseif is_reply ~= nil then
    additional = additional or {}
    additional.is_reply = is_reply
  end
  if type(reply) == "boolean" and not known then
    row.Reply = reply
  elseif reply ~= nil and reply ~= is_reply then
    additional = additional or {}
    additional.reply = reply
  end
  return additional
end

-- RFC 3339 with its fraction cut to 7 digits, or nil.
local function cut_time(time)
  if type(time) ~= "string" then
    return nil
  end
  local seconds, rest = match(time, "^(%d%d%d%d%-%d%d%-%d%d[Tt]%d%d:%d%d:%d%d)(.+)$")
  if not seconds then
    return nil
  end
  if byte(rest) ~= 46 then
    return find(rest, "^[Zz+-]") and time or nil
  end
  local fraction, zone = match(rest, "^(%.%d+)([Zz+-].*)$")
  if not fraction then
    return nil
  end
  return #fraction > 8 and seconds .. sub(fraction, 1, 8) .. zone or time
end

local function take_time(flow, record, timestamp, row, additional)
  local time = cut_time(flow.time)
  if not time then
    local unfit = flow.time
    if unfit == nil then
      time = cut_time(record.time)
      unfit = not time and record.time or nil
    else
      time = cut_time(record.time)
    end
    if unfit ~= nil then
      additional = additional or {}
      additional.time = unfit
    end
  end
  if not time then
    local seconds = floor(timestamp)
    time = os.date("!%Y-%m-%dT%H:%M:%S", seconds) .. sub(string.format("%.9f", timestamp - seconds), 2) .. "Z"
  end
  row.TimeGenerated = time
  return additional
end

local function take_node_name(flow, record, row, additional)
  local name = flow.node_name
  if name == nil then
    name = record.node_name
  end
  if type(name) == "string" then
    local cluster, node = match(name, "^(.*)/([^/]*)$")
    if cluster then
      row.ClusterName = cluster
    end
    row.NodeName = node or name
  elseif type(name) == "table" then
    additional = additional or {}
    additional.node_name = name
  elseif name ~= nil then
    row.NodeName = name
  end
  return additional
end

local function starts_like_flow(value)
  return type(value) == "string" and find(value, '^%s*{%s*"flow"') ~= nil
end

-- A text that starts like a flow and that the parser could not read keeps its text; all else is dropped.
local function unreadable(record, timestamp)
  for i = 1, #text_keys do
    local key = text_keys[i]
    if starts_like_flow(record[key]) then
      local message = record[key]
      record[key] = nil
      take_time({}, {}, timestamp, record)
      record.ParseError = "not valid JSON"
      record.RawMessage = message
      return 2, timestamp, record
    end
  end
  return -1, timestamp, nil
end

function hubble_flows(tag, timestamp, record)
  local flow = record.flow
  if type(flow) ~= "table" then
    return unreadable(record, timestamp)
  end

  local row = new_table(0, 64)
  local additional = take(flow, flow_keys, "", row, nil)
  additional = take_time(flow, record, timestamp, row, additional)
  additional = take_node_name(flow, record, row, additional)
  additional = take_l4(flow.l4, row, additional)
  additional = take_reply(flow, row, additional)
  additional = take_counts(flow, row, additional)
  take_policy(flow, row)
  row.AdditionalFields = additional

  for key, value in pairs(record) do
    if key ~= "flow" and key ~= "time" and key ~= "node_name" and row[key] == nil then
      row[key] = value
    end
  end
  for i = 1, #text_keys do
    local key = text_keys[i]
    if starts_like_flow(record[key]) then
      row[key] = nil
    end
  end
  return 2, timestamp, row
end
