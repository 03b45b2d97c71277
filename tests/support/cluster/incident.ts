import { minute, type Cluster } from "./day.js";
import { outside, type End } from "./world.js";

const second = 1000;
const syn = { flags: ["SYN"], Summary: "TCP Flags: SYN" };

/** A pod asks the cloud's metadata for a token. */
export function metadata(made: Cluster, start: number, pod: End): void {
  for (let index = 0; index < 4; index++)
    made.writer.denied(start + index * 2 * second, pod, outside("169.254.169.254"), {
      ...syn,
      port: 80,
      clientPort: made.port(),
    });
}

/** A pod tries the ports of another one after the other; most are denied. */
export function portScan(made: Cluster, start: number, pod: End, target: End, ports: number): void {
  for (let index = 0; index < ports; index++)
    made.writer.denied(start + index * 150, pod, target, { ...syn, port: 20 + index * 3, clientPort: 45_000 + index });
}

/** A pod tries one port of all addresses of a subnet. */
export function sweep(made: Cluster, start: number, pod: End, hosts: number): void {
  for (let index = 0; index < hosts; index++) {
    const known = made.pods.find(({ ip }) => ip === `10.244.2.${10 + index}`);
    const target = known ?? { ip: `10.244.2.${10 + index}`, identity: 2, labels: ["reserved:world"] };
    made.writer.denied(start + index * 200, pod, target, { ...syn, port: 22, clientPort: 46_000 + index });
  }
}

/** A pod tries what other namespaces have. */
export function namespaceProbe(made: Cluster, start: number, pod: End): void {
  const targets: [string, string, number][] = [
    ["payments", "ledger", 5432],
    ["payments", "gateway", 8080],
    ["monitoring", "prometheus", 9090],
    ["messaging", "mailer", 8080],
    ["logging", "fluent-bit", 2020],
  ];
  for (const [index, [namespace, name, port]] of targets.entries())
    made.writer.denied(start + index * 20 * second, pod, made.pod(namespace, name), {
      ...syn,
      port,
      clientPort: made.port(),
    });
}

/** A pod calls one address at regular intervals. @param jitter is the share of the interval by which a call may be off. */
export function beacon(
  made: Cluster,
  start: number,
  pod: End,
  { calls = 30, every = minute, jitter = 0.1 } = {},
): void {
  const server = outside("198.51.100.77", "status.cdn-check.example");
  for (let index = 0; index < calls; index++)
    made.writer.connection(
      start + index * every + (made.random() - 0.5) * jitter * every,
      pod,
      server,
      443,
      made.port(),
    );
}

/** A pod asks for names that carry what it has read. */
export function dnsTunnel(made: Cluster, start: number, pod: End, names: number): void {
  const letters = "abcdefghijklmnopqrstuvwxyz234567";
  const label = () => Array.from({ length: 50 }, () => made.one([...letters])).join("");
  for (let index = 0; index < names; index++) {
    const query = `${label()}.${label()}.t.example.org`;
    made.writer.lookup(start + index * 4 * second, pod, made.pod("kube-system", "coredns"), query, {
      type: "TXT",
      clientPort: made.port(),
    });
  }
}

/** An afternoon in which a pod of the catalog is somebody else's. */
export function incident(made: Cluster, start: number): void {
  const pod = made.pod("shop", "catalog");
  metadata(made, start, pod);
  portScan(made, start + 2 * minute, pod, made.pod("shop", "orders-db"), 60);
  sweep(made, start + 5 * minute, pod, 40);
  namespaceProbe(made, start + 8 * minute, pod);
  dnsTunnel(made, start + 11 * minute, pod, 70);
  beacon(made, start + 3 * minute, pod);
}
