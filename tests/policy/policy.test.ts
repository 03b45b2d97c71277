import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { chooseSelector } from "../../tools/policy/labels.js";
import { sightingOf } from "../../tools/policy/sighting.js";
import type { Row } from "./cluster.js";
import { documents, policiesOf, type Asked } from "./support.js";

type Spec = { ingress?: Rule[]; egress?: Rule[]; endpointSelector: unknown };
type Rule = Record<string, unknown>;

let clock = 0;

/** A pod's columns. */
function pod(
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

const web = pod("Source", "shop", "web");
const cart = pod("Destination", "shop", "cart");
const host = (ip: string, names: string[] = []): Row => ({
  DestinationIP: ip,
  DestinationLabels: ["reserved:world"],
  ...(names.length > 0 ? { DestinationNames: names } : {}),
});

/** A request to TCP 8080 that passed, seen where the source's node sees it. */
function flow(...columns: Row[]): Row {
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
function specOf(rows: Row[], name: string, asked: Asked = {}): Spec {
  const found = documents(rows, asked).map((text) => parse(text) as { metadata: { name: string }; spec: Spec });
  return found.find(({ metadata }) => metadata.name === `observed-${name}`)!.spec;
}

const port = (number: number, protocol = "TCP") => ({ ports: [{ port: String(number), protocol }] });

describe("who is let in and out", () => {
  test("one end's sight is enough for both ends, and a reply is no request", () => {
    const rows = [
      flow(web, cart),
      flow(pod("Source", "shop", "cart"), pod("Destination", "shop", "web"), {
        Reply: true,
        SourcePort: 8080,
        DestinationPort: 40000,
      }),
    ];
    expect(specOf(rows, "web")).toEqual({
      endpointSelector: { matchLabels: { app: "web" } },
      ingress: [{}],
      egress: [{ toEndpoints: [{ matchLabels: { app: "cart" } }], toPorts: [port(8080)] }],
    });
    expect(specOf(rows, "cart")).toEqual({
      endpointSelector: { matchLabels: { app: "cart" } },
      ingress: [{ fromEndpoints: [{ matchLabels: { app: "web" } }], toPorts: [port(8080)] }],
      egress: [{}],
    });
  });

  test("pods of another namespace and of another cluster are named with it", () => {
    const of = (cluster: string) => [`k8s:io.cilium.k8s.policy.cluster=${cluster}`];
    const rows = [
      flow(pod("Source", "shop", "web", of("blue")), pod("Destination", "data", "db", of("blue"))),
      flow(pod("Source", "shop", "web", of("blue")), pod("Destination", "shop", "cache", of("green"))),
    ].map((row) => ({ ...row, ClusterName: "blue" }));
    expect(specOf(rows, "web").egress!.map((rule) => rule.toEndpoints)).toEqual([
      [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": "data", app: "db" } }],
      [
        {
          matchLabels: {
            "k8s:io.kubernetes.pod.namespace": "shop",
            "k8s:io.cilium.k8s.policy.cluster": "green",
            app: "cache",
          },
        },
      ],
    ]);
    expect(policiesOf(rows).map(({ workload }) => workload)).toEqual(["db", "web"]);
  });

  test.each([
    [["reserved:host"], "host"],
    [["reserved:remote-node"], "remote-node"],
    [["reserved:kube-apiserver", "reserved:world"], "kube-apiserver"],
    [["reserved:host", "reserved:kube-apiserver"], "kube-apiserver"],
    [["reserved:unmanaged"], "unmanaged"],
  ])("%j is an entity", (DestinationLabels, entity) => {
    const [rule] = specOf([flow(web, { DestinationLabels, DestinationIP: "10.1.0.1" })], "web").egress!;
    expect(rule!.toEntities).toEqual([entity]);
  });

  test("an identity's number will do where labels are masked", () => {
    const [rule] = specOf([flow(web, { DestinationIdentity: 6, DestinationIP: "10.1.0.1" })], "web").egress!;
    expect(rule!.toEntities).toEqual(["remote-node"]);
  });

  test("names where they are known, with the DNS rule that they need; else addresses; else the world", () => {
    const dns = pod("Destination", "kube-system", "dns");
    const rows = [
      flow(web, host("203.0.113.9", ["API.example.com."]), { DestinationPort: 443 }),
      flow(web, host("203.0.113.9"), { DestinationPort: 443 }),
      flow(web, host("203.0.113.10"), { DestinationPort: 443 }),
      flow(web, host("2001:db8::1"), { DestinationPort: 443 }),
      flow(web, dns, { L4Protocol: "UDP", DestinationPort: 53 }),
      flow(web, host(""), { DestinationPort: 9000 }),
    ];
    expect(specOf(rows, "web").egress).toEqual([
      {
        toEndpoints: [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": "kube-system", app: "dns" } }],
        toPorts: [{ ...port(53, "ANY"), rules: { dns: [{ matchPattern: "*" }] } }],
      },
      { toEntities: ["world"], toPorts: [port(9000)] },
      { toFQDNs: [{ matchName: "api.example.com" }], toPorts: [port(443)] },
      { toCIDR: ["2001:db8::1/128", "203.0.113.10/32"], toPorts: [port(443)] },
    ]);
  });

  test("the DNS rule of names is there although no lookup was seen", () => {
    const [text] = documents([flow(web, host("203.0.113.9", ["api.example.com"]))]);
    expect(text).toContain("# not seen, and taken for the cluster's DNS");
    expect((parse(text!) as { spec: Spec }).spec.egress![1]!.toEndpoints).toEqual([
      { matchLabels: { "k8s:io.kubernetes.pod.namespace": "kube-system", "k8s-app": "kube-dns" } },
    ]);
  });

  test("eight clients of the outside are listed, nine are the world", () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        flow(cart, { SourceIP: `203.0.113.${i + 1}`, SourceLabels: ["reserved:world"], TrafficDirection: "INGRESS" }),
      );
    expect(specOf(rows(8), "cart").ingress).toEqual([
      { fromCIDR: [1, 2, 3, 4, 5, 6, 7, 8].map((i) => `203.0.113.${i}/32`), toPorts: [port(8080)] },
    ]);
    expect(specOf(rows(9), "cart").ingress).toEqual([{ fromEntities: ["world"], toPorts: [port(8080)] }]);
  });

  test("ICMP types have rules of their own, and its errors and answers none", () => {
    const rows = [
      flow(web, cart),
      ...[8, 0, 3, 11].map((ICMPType) =>
        flow(web, cart, { L4Protocol: "ICMPv4", ICMPType, Reply: null, DestinationPort: null }),
      ),
      flow(web, cart, { L4Protocol: "ICMPv6", ICMPType: 128, Reply: null, DestinationPort: null }),
    ];
    expect(specOf(rows, "web").egress!.map(({ toPorts, icmps }) => toPorts ?? icmps)).toEqual([
      [port(8080)],
      [
        {
          fields: [
            { family: "IPv4", type: 8 },
            { family: "IPv6", type: 128 },
          ],
        },
      ],
    ]);
  });

  test("more ports than Cilium takes in one list are several lists", () => {
    const rows = Array.from({ length: 41 }, (_, i) => flow(web, cart, { DestinationPort: 9000 + i }));
    const [rule] = specOf(rows, "web").egress!;
    expect((rule!.toPorts as { ports: unknown[] }[]).map(({ ports }) => ports.length)).toEqual([40, 1]);
  });
});

describe("what was denied", () => {
  const denied = { Verdict: "DROPPED", DropReason: "POLICY_DENIED", Reply: null, TCPFlags: "SYN" };
  const forbidden = { ...denied, DropReason: "POLICY_DENY", EgressDeniedBy: [{ name: "no-cart", namespace: "shop" }] };
  const peersOf = (rules: Rule[] | undefined) =>
    rules!.flatMap(({ toEndpoints, fromEndpoints }) => toEndpoints ?? fromEndpoints ?? []);

  test("is left out and listed", () => {
    const [text] = documents([flow(web, pod("Destination", "shop", "db")), flow(web, cart, denied)], {
      workloads: ["web"],
    });
    expect(peersOf((parse(text!) as { spec: Spec }).spec.egress)).toEqual([{ matchLabels: { app: "db" } }]);
    expect(text).toMatch(
      /^# Denied, and left out: egress, 1 flow, 2026-\S+, e\.g\. shop\/web-5c8d7-x1 -> shop\/cart-5c8d7-x1, TCP 8080: no rule allows it\.$/m,
    );
  });

  test("a scan of ports is one line", () => {
    const rows = [1, 2, 3].map((DestinationPort) => flow(web, cart, denied, { DestinationPort }));
    const lines = documents(rows, { workloads: ["web"] })[0]!
      .split("\n")
      .filter((line) => line.startsWith("# Denied"));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/3 flows, .*, TCP 1 and 2 more services: no rule allows it\.$/);
  });

  test("at its destination, opens nothing there although it was let out", () => {
    const rows = [flow(web, cart), flow(web, cart, denied, { TrafficDirection: "INGRESS" })];
    expect(specOf(rows, "web").egress).toHaveLength(1);
    expect(peersOf(specOf(rows, "web").egress)).toEqual([{ matchLabels: { app: "cart" } }]);
    expect(specOf(rows, "cart").ingress).toEqual([{}]);
  });

  test("a packet in front of the policy that then denies it is no proof", () => {
    const rows = [flow(web, cart, { TraceObservationPoint: "FROM_ENDPOINT" }), flow(web, cart, denied)];
    expect(specOf(rows, "web").egress).toEqual([{}]);
  });

  test("--allow-denied allows it at both ends, but not what a deny rule forbids", () => {
    const rows = [flow(web, cart, denied), flow(web, pod("Destination", "shop", "db"), forbidden)];
    const asked = { allowDenied: true };
    expect(peersOf(specOf(rows, "web", asked).egress)).toEqual([{ matchLabels: { app: "cart" } }]);
    expect(peersOf(specOf(rows, "cart", asked).ingress)).toEqual([{ matchLabels: { app: "web" } }]);
    expect(documents(rows, asked).join("")).toContain("a deny rule forbids it by shop/no-cart");
  });

  test("AUDIT counts as needed, unless a deny rule would forbid it", () => {
    const audit = { Verdict: "AUDIT", EventType: 5 };
    const rows = [
      flow(web, cart, audit),
      flow(web, pod("Destination", "shop", "db"), audit, { EgressDeniedBy: forbidden.EgressDeniedBy }),
    ];
    expect(peersOf(specOf(rows, "web").egress)).toEqual([{ matchLabels: { app: "cart" } }]);
  });

  test("a drop that is no policy's says nothing", () => {
    expect(sightingOf(flow(web, cart, { Verdict: "DROPPED", DropReason: "FIB_LOOKUP_FAILED" }))).toBe(
      "dropped for another reason",
    );
  });
});

describe("requests that nothing marks", () => {
  const bare = { Reply: null, TCPFlags: "ACK" };
  const both = { SourcePort: 50051, DestinationPort: 41000 };
  const answer = flow(pod("Source", "shop", "cart"), pod("Destination", "shop", "web"), bare, both);

  test("a packet from a port that its source serves is a reply", () => {
    const rows = [flow(web, cart, { DestinationPort: 50051 }), answer];
    expect(specOf(rows, "cart").egress).toEqual([{}]);
    expect(specOf(rows, "web").ingress).toEqual([{}]);
  });

  test("a packet to a port that its destination serves is a request", () => {
    const rows = [
      flow(pod("Source", "shop", "db"), pod("Destination", "shop", "web"), { DestinationPort: 41000 }),
      answer,
    ];
    expect(specOf(rows, "cart").egress![0]!.toPorts).toEqual([port(41000)]);
  });

  test("one of which nothing is known is left out", () => {
    expect(specOf([flow(web, cart), answer], "cart").egress).toEqual([{}]);
  });
});

describe("--l7", () => {
  const http = (HTTPMethod: string, HTTPURL: string): Row => ({
    FlowType: "L7",
    L7Type: "REQUEST",
    TrafficDirection: "INGRESS",
    HTTPMethod,
    HTTPURL,
  });

  test("methods and paths that were asked for, ids as patterns, at the end that saw them", () => {
    const rows = [
      flow(web, cart, http("GET", "http://cart:8080/api/cart/7731?full=1")),
      flow(web, cart, http("GET", "http://cart:8080/api/cart/12")),
      flow(web, cart, http("POST", "http://cart:8080/v1.0/(a)")),
    ];
    expect(specOf(rows, "cart", { l7: true }).ingress![0]!.toPorts).toEqual([
      {
        ...port(8080),
        rules: {
          http: [
            { method: "GET", path: "/api/cart/[0-9]+(\\?.*)?" },
            { method: "POST", path: "/v1\\.0/\\(a\\)(\\?.*)?" },
          ],
        },
      },
    ]);
    expect(specOf(rows, "web", { l7: true }).egress![0]!.toPorts).toEqual([port(8080)]);
    expect(specOf(rows, "cart").ingress![0]!.toPorts).toEqual([port(8080)]);
  });

  test("what the proxy refused is not among them, and ports alone would let it pass", () => {
    const rows = [
      flow(web, cart, http("GET", "http://cart/a")),
      flow(web, cart, http("DELETE", "http://cart/a"), { Verdict: "DROPPED" }),
    ];
    expect(JSON.stringify(specOf(rows, "cart", { l7: true }))).not.toContain("DELETE");
    expect(documents(rows).join("")).toContain("this rule lets them pass: --l7 keeps it so");
  });

  test("DNS names that were asked for, and those of rules", () => {
    const dns = pod("Destination", "kube-system", "dns");
    const ask = (DNSQuery: string): Row => ({
      FlowType: "L7",
      L7Type: "REQUEST",
      L4Protocol: "UDP",
      DestinationPort: 53,
      DNSQuery,
    });
    const rows = [
      flow(web, dns, ask("Cart.shop.svc.cluster.local.")),
      flow(web, host("203.0.113.9", ["api.example.com"])),
    ];
    expect(specOf(rows, "web", { l7: true }).egress![0]!.toPorts).toEqual([
      {
        ...port(53, "ANY"),
        rules: { dns: [{ matchName: "api.example.com" }, { matchName: "cart.shop.svc.cluster.local" }] },
      },
    ]);
  });
});

describe("labels that identify a workload", () => {
  const choose = (own: Record<string, string>, ...others: Record<string, string>[]) => {
    const found = chooseSelector(
      new Map(Object.entries(own)),
      others.map((one) => new Map(Object.entries(one))),
    );
    return found && Object.fromEntries(found);
  };
  test.each([
    ["the customary one", { app: "cart", tier: "front", "pod-template-hash": "1" }, [], { app: "cart" }],
    [
      "Helm's",
      { "app.kubernetes.io/name": "redis", "app.kubernetes.io/instance": "cart", "helm.sh/chart": "redis-1", app: "x" },
      [],
      { "app.kubernetes.io/name": "redis", "app.kubernetes.io/instance": "cart" },
    ],
    [
      "one more where another has it too",
      { app: "reviews", version: "v1" },
      [{ app: "reviews", version: "v2" }],
      { app: "reviews", version: "v1" },
    ],
    [
      "all stable ones where none is customary",
      { env: "prod", svc: "cart", version: "2" },
      [],
      { env: "prod", svc: "cart" },
    ],
    [
      "a service account where there is nothing else",
      { "io.cilium.k8s.policy.serviceaccount": "cart" },
      [],
      { "io.cilium.k8s.policy.serviceaccount": "cart" },
    ],
    [
      "none of one pod or one run",
      { "statefulset.kubernetes.io/pod-name": "db-0", "apps.kubernetes.io/pod-index": "0", "job-name": "a-1" },
      [],
      undefined,
    ],
    ["none that Kubernetes would refuse", { app: "a b", name: "cart" }, [], { name: "cart" }],
  ])("%s", (_, own, others, expected) => {
    expect(choose(own as Record<string, string>, ...(others as Record<string, string>[]))).toEqual(expected);
  });

  test("pods of two versions are one workload", () => {
    const rows = ["1", "2"].map((version) => flow(pod("Source", "shop", "web", [`k8s:version=${version}`]), cart));
    expect(policiesOf(rows).map(({ selector }) => Object.fromEntries(selector))).toEqual([
      { app: "cart" },
      { app: "web" },
    ]);
  });

  test("a workload that nothing tells from another shares its policy, and the policy says so", () => {
    const twin = { ...pod("Source", "shop", "web"), SourceWorkloadName: "twin", SourceIP: "10.0.0.77" };
    const rows = [flow(web, cart), flow(twin, pod("Destination", "shop", "db"))];
    const [text, ...more] = documents(rows, { workloads: ["web", "twin"] });
    expect(more).toEqual([]);
    expect(text).toContain("# Its labels select these too, so their flows are in it: web.");
    expect((parse(text!) as { spec: Spec }).spec.egress).toHaveLength(2);
  });

  test("the runs of a CronJob are one workload", () => {
    const runOf = (minute: string) => ({
      ...pod("Source", "shop", "backup", [`k8s:job-name=backup-${minute}`]),
      SourceWorkloadName: `backup-${minute}`,
      SourceWorkloadKind: "Job",
    });
    const rows = [flow(runOf("29544480"), cart), flow(runOf("29544540"), pod("Destination", "shop", "db"))];
    const [policy] = policiesOf(rows, { workloads: ["backup"] });
    expect([policy!.name, policy!.alsoSelects, policy!.rules.egress!.length]).toEqual(["observed-backup", [], 2]);
  });

  test("a pod whose labels a flow leaves out is known by its workload's other flows", () => {
    const masked = { ...web, SourceLabels: [], SourcePodName: null, SourceIP: null };
    const rows = [flow(web, cart), flow(masked, pod("Destination", "shop", "db"))];
    expect(specOf(rows, "web").egress).toHaveLength(2);
  });
});

describe("text of others", () => {
  test("stays text: no comment ends early, no key is made", () => {
    const evil = 'x\n  - toEntities: [all]\n# "';
    const rows = [
      flow(
        { ...web, SourcePodName: evil, SourceWorkloadName: evil },
        { ...cart, DestinationPodName: "\u202eevil" },
        { HTTPMethod: evil },
      ),
    ];
    for (const text of documents(rows, { l7: true })) {
      const { spec } = parse(text) as { spec: Spec };
      expect(JSON.stringify(spec)).not.toContain('"all"');
      expect(text).not.toMatch(/\u202e/);
      expect(text.split("\n").filter((line) => line.startsWith("  - "))).toEqual([]);
    }
  });

  test("labels, namespaces and names that Kubernetes has not are in no rule", () => {
    const rows = [
      flow(web, { ...cart, DestinationNamespace: "a/b", DestinationLabels: ["k8s:app=cart"] }),
      flow(web, {
        ...cart,
        DestinationLabels: ["k8s:app=a\nb", "k8s:io.kubernetes.pod.namespace=shop"],
        DestinationWorkloadName: "w",
      }),
      flow(web, host("203.0.113.9", ["*.bad name"])),
      flow(web, host("not an address")),
    ];
    expect(specOf(rows, "web").egress!.map((rule) => Object.keys(rule)[0])).toEqual(["toEntities", "toCIDR"]);
  });

  test("texts that YAML 1.1 reads as something else are quoted", () => {
    const [, text] = documents([
      flow(web, pod("Destination", "shop", "n")),
      flow(web, pod("Destination", "shop", "1e3")),
    ]);
    expect(text).toContain('app: "n"');
  });
});

test("what it refuses, it explains", () => {
  const rows = [
    { ...flow(web, cart), ClusterName: "blue" },
    { ...flow(web, cart), ClusterName: "green" },
  ];
  expect(() => policiesOf(rows)).toThrow("the flows are of several clusters, blue, green: choose one with --cluster");
  expect(() => policiesOf(rows, { cluster: "red" })).toThrow("no flows of cluster red; seen were blue, green");
  expect(() => policiesOf([flow(web, cart)], { namespaces: ["none"] })).toThrow(
    "no flows of none; seen were shop/cart, shop/web",
  );
  expect(() =>
    policiesOf([flow({ SourceNamespace: "shop", SourcePodName: "a" }, { DestinationNamespace: "shop" })]),
  ).toThrow("no flow has a pod's labels");
});
