import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { sightingOf } from "../../tools/policy/sighting.js";
import { cart, flow, host, pod, port, specOf, web, type Rule, type Spec } from "./flows.js";
import { documents, policiesOf } from "./support.js";

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
