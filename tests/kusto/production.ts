import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import type { FluentBit } from "../support/fluent-bit.js";
import { createCertificates } from "./certificates.js";
import { AdxStandIn, hosts, identity } from "./stand-in.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the configuration puts into rows whose flow does not say where it was seen. */
export const collector = { NodeName: "collecting-node", ClusterName: "collecting-cluster" };

/** Why these tests cannot run here, or undefined. */
export function missingForKusto(): string | undefined {
  if (process.getuid?.() !== 0) return "they need root: the stand-in listens on port 443 of the loopback";
  if (spawnSync("unshare", ["--mount", "true"]).status !== 0) return "they need a mount namespace (unshare --mount)";
  if (spawnSync("openssl", ["version"]).status !== 0) return "they need the openssl command";
  return undefined;
}

interface Configuration {
  service: Record<string, unknown>;
  pipeline: { inputs: Section[]; filters: Section[]; outputs: Section[] };
}
type Section = Record<string, unknown> & { name: string };

export interface ProductionOptions {
  /** The source whose configuration runs, a folder of fluent-bit/kubernetes; the agent's log by default. */
  source?: "acns" | "exporter-file";
  /** Changes to the configuration beyond addresses, credentials and paths. */
  change?: (configuration: Configuration) => void;
  /** Leaves the times between flushes and tries as they are shipped. */
  shippedTimes?: boolean;
  /** The size of a file system of its own for Fluent Bit's storage, as mount's `size`: `4M`. */
  storageSize?: string;
}

/** The shipped production configuration on a real Fluent Bit, with a stand-in where Azure would be. */
export class Production {
  readonly directory = mkdtempSync(join(tmpdir(), "hubble-adx-kusto-"));
  readonly log = join(this.directory, "containers", "cilium-x7k2p_kube-system_cilium-agent-0123456789abcdef.log");
  /** The folder of the exporter's files. */
  readonly flows = join(this.directory, "flows");
  readonly storage = join(this.directory, "state");
  readonly standIn: AdxStandIn;
  readonly #fluentBit: FluentBit;
  readonly #options: ProductionOptions;
  readonly #trustFolder: string;
  #child: ChildProcess | undefined;
  #output = "";

  private constructor(fluentBit: FluentBit, options: ProductionOptions, standIn: AdxStandIn, trustFolder: string) {
    this.#fluentBit = fluentBit;
    this.#options = options;
    this.standIn = standIn;
    this.#trustFolder = trustFolder;
  }

  static async create(fluentBit: FluentBit, options: ProductionOptions = {}): Promise<Production> {
    const certificatesDirectory = mkdtempSync(join(tmpdir(), "hubble-adx-certificates-"));
    const certificates = createCertificates(certificatesDirectory, Object.values(hosts));
    const standIn = await AdxStandIn.start(nextAddress(), certificates);
    const production = new Production(fluentBit, options, standIn, certificates.trustFolder);
    mkdirSync(join(production.directory, "containers"));
    mkdirSync(production.flows);
    mkdirSync(production.storage);
    writeFileSync(production.log, "");
    writeFileSync(join(production.directory, "token"), identity.federatedToken);
    const names = Object.values(hosts).map((host) => `${standIn.address} ${host}\n`);
    writeFileSync(join(production.directory, "hosts"), `127.0.0.1 localhost\n${names.join("")}`);
    production.#writeConfiguration();
    return production;
  }

  /** What Fluent Bit has logged in all its lives. */
  get output(): string {
    return this.#output;
  }

  /** Appends lines of the agent to its container's log. */
  append(lines: readonly string[], log = this.log): void {
    appendFileSync(log, lines.map((line) => `2026-01-02T03:04:05.060700Z stdout F ${line}\n`).join(""));
  }

  /** Changes the input of the next start. */
  changeInput(properties: Record<string, unknown>): void {
    const file = join(this.directory, "fluent-bit.yaml");
    const configuration = parse(readFileSync(file, "utf8")) as Configuration;
    Object.assign(configuration.pipeline.inputs[0]!, properties);
    writeFileSync(file, stringify(configuration));
  }

  /** Starts Fluent Bit in a mount namespace in which Azure's names lead to the stand-in, which is trusted. */
  start(): void {
    const { storageSize } = this.#options;
    const steps = [
      `mount --bind ${this.directory}/hosts /etc/hosts`,
      `mount --bind ${this.#trustFolder} /etc/ssl/certs`,
      ...(storageSize ? [`mount -t tmpfs -o size=${storageSize} tmpfs ${this.storage}`] : []),
      `exec ${this.#fluentBit.path} -c ${this.directory}/fluent-bit.yaml`,
    ];
    const child = spawn("unshare", ["--mount", "sh", "-c", steps.join(" && ")], {
      env: {
        ...process.env,
        ADX_INGESTION_ENDPOINT: `https://${hosts.ingestion}`,
        AZURE_TENANT_ID: identity.tenant,
        AZURE_CLIENT_ID: identity.client,
        CLUSTER_NAME: collector.ClusterName,
        NODE_NAME: collector.NodeName,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const keep = (data: Buffer): void => void (this.#output += data.toString());
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    this.#child = child;
  }

  /** Ends Fluent Bit and waits until it has gone. */
  async end(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("close", resolve));
    child.kill(signal);
    const force = setTimeout(() => child.kill("SIGKILL"), 30_000);
    await gone;
    clearTimeout(force);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /**
   * Waits for something to become true.
   * @throws Error with Fluent Bit's log after `seconds`.
   */
  async until(what: string, isTrue: () => boolean, seconds = 60): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (!isTrue()) {
      if (Date.now() > end) throw new Error(`${what}: not after ${seconds} s\n${this.#output.slice(-5000)}`);
      await sleep(50);
    }
  }

  /**
   * Waits until rows with all these UUIDs, but for `mayMiss` of them, have been delivered, and says how many are missing
   * and how many have come more than once.
   */
  async untilDelivered(uuids: readonly string[], mayMiss = 0): Promise<{ duplicates: number; missing: number }> {
    const deliveredOnes = (): string[] =>
      this.standIn.ingested().map(({ log }) => (log as Record<string, string>).UUID ?? "");
    const missing = (): number => {
      const delivered = new Set(deliveredOnes());
      return uuids.filter((uuid) => !delivered.has(uuid)).length;
    };
    await this.until(`${uuids.length} flows delivered`, () => missing() <= mayMiss).catch((error: unknown) => {
      const overwritten = `${this.standIn.overwritten} blobs were overwritten`;
      throw new Error(`${missing()} of ${uuids.length} flows are missing, ${overwritten}`, { cause: error });
    });
    if (missing() > 0) await sleep(5000);
    const delivered = deliveredOnes();
    return { duplicates: delivered.length - new Set(delivered).size, missing: missing() };
  }

  async dispose(): Promise<void> {
    await this.end("SIGKILL");
    await this.standIn.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  #writeConfiguration(): void {
    const { source } = this.#options;
    const shipped = source ? `fluent-bit/kubernetes/${source}/fluent-bit.yaml` : "fluent-bit/fluent-bit.yaml";
    const text = readFileSync(join(root, shipped), "utf8")
      .replaceAll(/\/var\/(log\/acns|run\/cilium)\/hubble/g, this.flows)
      .replaceAll("/var/log/containers", join(this.directory, "containers"))
      .replaceAll("/var/lib/hubble-adx", this.storage)
      .replaceAll("/fluent-bit/wasm/", join(root, "build/"));
    const configuration = parse(text) as Configuration;
    const output = configuration.pipeline.outputs.find(({ name }) => name === "azure_kusto")!;
    if (/^([23]|4\.0)\./.test(this.#fluentBit.version)) {
      delete output.auth_type;
      output.client_secret = identity.secret;
    } else {
      output.workload_identity_token_file = join(this.directory, "token");
    }
    // Minutes become seconds.
    const times = { flush: 1, "scheduler.base": 1, "scheduler.cap": 2 };
    if (!this.#options.shippedTimes) Object.assign(configuration.service, times);
    // Several Fluent Bits can run beside each other.
    configuration.service.http_server = "off";
    delete configuration.service.health_check;
    this.#options.change?.(configuration);
    writeFileSync(join(this.directory, "fluent-bit.yaml"), stringify(configuration));
  }
}

let addresses = 0;

/** An address of the loopback that no other stand-in on this machine has: each needs port 443. */
function nextAddress(): string {
  return `127.${(process.pid >> 8) & 127}.${process.pid & 255}.${1 + (addresses++ % 250)}`;
}

/** Lines of the exporter with the given UUIDs. */
export function flowLines(uuids: readonly string[]): string[] {
  return uuids.map((uuid, index) =>
    JSON.stringify({
      flow: {
        time: "2026-01-02T03:04:05.060700Z",
        uuid,
        verdict: index % 2 ? "DROPPED" : "FORWARDED",
        IP: { source: "10.0.0.1", destination: "10.0.0.2", ipVersion: "IPv4" },
        l4: { TCP: { source_port: 1024 + (index % 60000), destination_port: 443 } },
        source: { labels: Array.from({ length: 20 }, (_, label) => `k8s:label-${label}=value-of-label-${label}`) },
      },
      node_name: "aks-1/node-1",
    }),
  );
}

let uuidCount = 0;

/** UUIDs that no other call has given. */
export function newUuids(count: number): string[] {
  return Array.from({ length: count }, () => `flow-${String(uuidCount++).padStart(9, "0")}`);
}
