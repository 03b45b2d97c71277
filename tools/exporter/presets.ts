import type { FlowLogWords } from "./build.js";

/** A flow log that the project ships, in words. */
export interface Preset {
  words: FlowLogWords;
  /** Lines for the head of the file: what it exports and what that costs in volume. */
  about: string[];
}

/** The flow logs shipped in `cilium/`. */
export const presets: Preset[] = [
  {
    words: {
      name: "denied-egress",
      include: [
        [
          { word: "drop-reason", value: "POLICY_DENY" },
          { word: "direction", value: "EGRESS" },
        ],
      ],
      exclude: [],
      fieldMask: "lean",
    },
    about: [
      "Egress traffic that a deny rule blocked: drops (event type 1) for POLICY_DENY (181), direction EGRESS.",
      "Volume: one line for every blocked packet, so a client that tries again writes again; nothing while nobody",
      "tries.",
    ],
  },
  {
    words: {
      name: "drops",
      include: [
        [{ word: "event-type", value: "drop" }],
        [
          { word: "event-type", value: "l7" },
          { word: "verdict", value: "DROPPED" },
        ],
      ],
      exclude: [],
      fieldMask: "lean",
    },
    about: [
      "Every dropped packet, whatever the reason, and every request that an L7 policy refused. Policy verdicts are left",
      "out: for a packet that a policy drops they would be a second line.",
      "Volume: one line for every dropped packet. Quiet in a healthy cluster, a flood in an attack or behind a wrong",
      "policy.",
    ],
  },
  {
    words: {
      name: "policy-verdicts",
      include: [[{ word: "event-type", value: "policy-verdict" }]],
      exclude: [],
      fieldMask: "lean",
    },
    about: [
      "What policies decided, allowed connections too, and audit mode's verdicts (AUDIT), with the policies' names.",
      "Volume: about one line for every new connection at each end that a policy selects, and for every denied packet.",
    ],
  },
  {
    words: {
      name: "dns",
      include: [[{ word: "protocol", value: "dns" }]],
      exclude: [],
      fieldMask: "lean",
    },
    about: [
      "DNS queries and answers. Cilium sees them only where a policy sends DNS through its proxy (rules.dns).",
      "Volume: two lines for every lookup, and a pod looks a name up several times (search domains, A and AAAA).",
    ],
  },
  {
    words: {
      name: "http",
      include: [[{ word: "protocol", value: "http" }]],
      exclude: [],
      fieldMask: "lean",
    },
    about: [
      "HTTP requests and responses. Cilium sees them only where an L7 policy sends them through its proxy (rules.http).",
      "URLs and headers are exported as they are; hubble.redact.http hides query strings, user infos and headers.",
      "Volume: two lines for every request.",
    ],
  },
  {
    words: { name: "everything", include: [[]], exclude: [], fieldMask: "full" },
    about: [
      "Every flow, whole.",
      "Volume: several lines for every connection at every node it passes, and one for every DNS and HTTP message seen.",
      "For a test cluster or a bounded time (--end); measure before you leave it on.",
    ],
  },
  {
    words: {
      name: "workload-counts",
      include: [[]],
      exclude: [],
      aggregate: "workloads",
      aggregationInterval: "60s",
    },
    about: [
      "Who talks to whom, as counts: every flow, but those of a minute that agree in workloads, verdict and direction are",
      "one row with IngressFlowCount, EgressFlowCount and UnknownDirectionFlowCount. Addresses, ports and L7 are not in it.",
      "Volume: at most one line a minute for every pair of workloads and verdict on a node, however much they talk.",
    ],
  },
];

/** What AKS's own Cilium is told to export (`cilium/acns/`), in the words that its resource has. */
export const acnsPresets: Preset[] = [
  {
    words: { name: "drops", include: [[{ word: "verdict", value: "dropped" }]], exclude: [] },
    about: [
      "Every dropped packet, whatever the reason, and every request that an L7 policy refused; on Cilium's side also the",
      "policy verdict of a denied packet, which the functions in adx/ count once.",
    ],
  },
  {
    words: {
      name: "namespace",
      include: [[{ word: "namespace", value: "my-namespace", side: "either" }]],
      exclude: [],
    },
    about: [
      "All that pods of one namespace send and receive. Put your namespace in place of my-namespace, in both filters.",
    ],
  },
  {
    words: { name: "dns", include: [[{ word: "protocol", value: "dns" }]], exclude: [] },
    about: ["DNS queries and answers, where an FQDN policy sends DNS through Cilium's proxy."],
  },
];
