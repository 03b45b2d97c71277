import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { chooseSelector } from "../../tools/policy/labels.js";
import type { Row } from "./cluster.js";
import { cart, flow, host, pod, port, specOf, web, type Spec } from "./flows.js";
import { documents, policiesOf } from "./support.js";

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
