import fc from "fast-check";

/** A key's values, as JSON text: few of them, so that they come again and again. */
type Values = Record<string, string[]>;

const labels = (name: string) => `["k8s:app=${name}","k8s:io.kubernetes.pod.namespace=shop","k8s:tier=${name}"]`;
const workloads = (name: string) => `[{"name":"${name}","kind":"Deployment"}]`;
const endpoints = [
  `{"ID":17,"identity":40001,"namespace":"shop","labels":${labels("cart")},"pod_name":"cart-0","workloads":${workloads("cart")}}`,
  `{"ID":17,"identity":40001,"namespace":"shop","labels":${labels("cart")},"pod_name":"cart-1","workloads":${workloads("cart")}}`,
  `{"identity":40001,"namespace":"shop","labels":${labels("cart")},"pod_name":"cart-2"}`,
  '{"identity":2,"labels":["reserved:world","cidr:203.0.113.0/24"]}',
  // A field without a column, a value that does not fit, keys out of order and twice, escapes.
  `{"ID":17,"identity":40001,"namespace":"shop","vm_name":"x","labels":${labels("cart")},"pod_name":"cart-0"}`,
  `{"ID":17,"identity":{"a":40001},"namespace":"shop","labels":${labels("cart")},"pod_name":"cart-0"}`,
  `{"pod_name":"cart-0","labels":${labels("cart")},"ID":17,"ID":18,"namespace":"shop"}`,
  `{"identity":40001,"namespace":"sh\\u00f6p","labels":${labels("cärt")},"pod_name":"cart\\n0"}`,
  "null",
  '"text"',
];
const policies = (name: string) =>
  `[{"name":"${name}","namespace":"shop","labels":["k8s:io.cilium.k8s.policy.name=${name}"],"kind":"CiliumNetworkPolicy"}]`;

/** The flow's keys in Cilium's order. */
const flowValues: Values = {
  time: ['"2025-01-23T07:59:23.501253423Z"', '"2025-01-23T08:00:00Z"', '"soon"'],
  uuid: ['"62b81705-27f7-4f2a-8c11-000000000000"', '"x"'],
  emitter: ['{"name":"Hubble","version":"1.18.2+g12ab34cd"}', '{"name":"Hubble","version":"1.18.2","build":7}'],
  verdict: ['"DROPPED"', '"FORWARDED"'],
  ethernet: ['{"source":"5e:a0:3e:10:9e:71","destination":"5e:a0:3e:10:9e:72"}', '{"source":"5e:a0:3e:10:9e:71"}'],
  IP: ['{"source":"10.0.0.1","destination":"10.0.0.2"}', '{"source":"10.0.0.3","destination":"10.0.0.2"}', "{}"],
  source: endpoints,
  destination: endpoints,
  Type: ['"L3_L4"', '"L7"', "7"],
  node_name: ['"cluster/node-with-a-rather-long-name"', '"node"', '"a\\/b"', "null", "12", '{"a":1}'],
  node_labels: ['["kubernetes.io/arch=amd64","kubernetes.io/os=linux"]', "[]"],
  is_l7_lb: ["true"],
  event_type: ['{"type":4,"sub_type":3}', '{"type":5}', '{"type":"x"}'],
  source_service: ['{"name":"kube-dns","namespace":"kube-system"}'],
  traffic_direction: ['"EGRESS"', '"INGRESS"'],
  policy_match_type: ["2", "21"],
  trace_observation_point: ['"TO_STACK"', '"TO_ENDPOINT"'],
  trace_reason: ['"NEW"', '"REPLY"'],
  drop_reason_desc: ['"POLICY_DENY"'],
  is_reply: ["true", "false"],
  reply: ["true"],
  trace_context: ['{"parent":{"trace_id":"abc"}}'],
  Summary: ['"TCP Flags: SYN"'],
  egress_denied_by: [policies("deny-world"), policies("baseline")],
  ingress_allowed_by: [policies("allow")],
};

const eventValues: Values = {
  node_name: ['"cluster/node-with-a-rather-long-name"', '"other/node"', '"n\\u00f6de"', "null"],
  time: ['"2025-01-23T07:59:23.501253423Z"', '"2025-01-23T08:00:00Z"', "1"],
};

const recordValues: Values = {
  time: ['"2025-01-23T07:59:23.501253423Z"', '"2025-01-23T08:00:00Z"', '"t\\u00ebn"'],
  stream: ['"stdout"', '"stderr"'],
  _p: ['"F"'],
  kubernetes: ['{"pod_name":"cilium-x7k2p","labels":{"k8s-app":"cilium"}}', '{"pod_name":"cilium-other"}'],
  Cluster: ['"weu"'],
  NodeName: ['"from the record"'],
  SourcePodName: ['"from the record"'],
};

/** The members of an object as JSON text, in the order of the keys: each there or not, with one of its values. */
function membersOf(values: Values, probability: number): fc.Arbitrary<string[]> {
  const members = Object.entries(values).map(([key, texts]) =>
    fc.option(
      fc.constantFrom(...texts).map((text) => `"${key}":${text}`),
      { freq: probability },
    ),
  );
  return fc.tuple(...members).map((chosen) => chosen.filter((member) => member !== null));
}

/** Mostly as they are; else some come again later, or all in another order. */
function disordered(members: string[]): fc.Arbitrary<string[]> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant(members) },
    { weight: 1, arbitrary: fc.subarray(members).map((again) => [...members, ...again]) },
    { weight: 1, arbitrary: fc.shuffledSubarray(members, { minLength: members.length }) },
  );
}

const separator = fc.oneof({ weight: 12, arbitrary: fc.constant(",") }, { weight: 1, arbitrary: fc.constant(" , ") });

const flowText = fc
  .tuple(membersOf(flowValues, 6).chain(disordered), separator)
  .map(([members, comma]) => `{${members.join(comma)}}`);

const eventMembers = fc
  .tuple(flowText, membersOf(eventValues, 9))
  .map(([flow, beside]) => [`"flow":${flow}`, ...beside])
  .chain((members) => fc.oneof({ weight: 9, arbitrary: fc.constant(members) }, fc.shuffledSubarray(members)));

/** Records as they come from one node's log, where nearly everything repeats, as JSON text in one of their shapes. */
export const nodeLog: fc.Arbitrary<string[]> = fc.constantFrom("text", "merged").chain((shape) =>
  fc.array(
    fc
      .tuple(eventMembers, membersOf(recordValues, 2), membersOf({ kubernetes: recordValues["kubernetes"]! }, 2))
      .map(([event, own, behind]) => {
        const held = shape === "merged" ? event : [`"log":${JSON.stringify(`{${event.join(",")}}`)}`];
        const keys = new Set<string>();
        // A key twice in a record is no JSON that Fluent Bit writes.
        return `{${(shape === "merged" ? [...held, ...own] : [...own, ...held, ...behind])
          .filter((member) => {
            const key = /^"(\w+)"/.exec(member)![1]!;
            return !keys.has(key) && keys.add(key);
          })
          .join(",")}}`;
      }),
    { minLength: 20, maxLength: 40 },
  ),
);
