import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageFile } from "../tools/package-file.js";
import {
  configMap,
  expectLeastPrivilege,
  folder,
  MAX_APPLIED,
  path,
  podOf,
  renderChart,
  renderKustomization,
  sources,
  type PodSpec,
} from "./kubernetes/manifests.js";
import { findProgram } from "./kubernetes/tools.js";
import { validate, type Manifest } from "./kubernetes/validate.js";

// Other ways for the module to come than the ConfigMap of base: compiled ahead of time, or out of an image.

const kubectl = findProgram("kubectl");
const helm = findProgram("helm");
const chart = process.env["FLUENT_BIT_CHART"];
const { version } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string };

/** Stand-ins of the objects' size, so that none has to be compiled for a test of manifests. */
const objects = { x86_64: Buffer.alloc(140_000, 0xfe), aarch64: Buffer.alloc(140_000, 0xff) };

const image = `ghcr.io/OWNER/hubble-adx:${version}`;
const imageVolume = { name: "module", image: { reference: image, pullPolicy: "IfNotPresent" } };

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "hubble-adx-"));
  cpSync(path(folder), copy, { recursive: true });
  for (const [name, bytes] of Object.entries(objects)) writeFileSync(join(copy, `aot/hubble-adx.${name}.aot`), bytes);
  // A rendering reads the module, but nothing here looks at it.
  writeFileSync(join(copy, "base/hubble-adx.wasm"), "\0asm\x01\0\0\0");
});
afterAll(() => rmSync(copy, { recursive: true }));

const rendered = new Map<string, Manifest[]>();

/** What a source's kustomization gives with this component, whose lines there have lost their comment. */
function render(source: string, component: string): Manifest[] {
  const key = `${source} with ${component}`;
  if (!rendered.has(key)) rendered.set(key, renderAnew(source, component));
  return rendered.get(key)!;
}

function renderAnew(source: string, component: string): Manifest[] {
  const file = join(copy, source, "kustomization.yaml");
  const shipped = readFileSync(path(`${folder}/${source}/kustomization.yaml`), "utf8");
  const taken = shipped
    .replace("# components:", "components:")
    .replace(`#   - ../${component}\n`, `  - ../${component}\n`);
  expect(taken).not.toBe(shipped);
  writeFileSync(file, taken);
  try {
    return renderKustomization(kubectl!, join(copy, source));
  } finally {
    writeFileSync(file, shipped);
  }
}

const volume = ({ volumes }: PodSpec) => volumes.find(({ name }) => name === "module")!;
/** A pod without what may differ from one way to the other. */
const rest = (spec: PodSpec) => ({
  ...spec,
  initContainers: undefined,
  nodeSelector: undefined,
  volumes: spec.volumes.filter(({ name }) => name !== "module").sort((one, other) => (one.name < other.name ? -1 : 1)),
});

describe.skipIf(!kubectl)(`components, rendered by kubectl${kubectl ? "" : " (skipped: no kubectl)"}`, () => {
  describe.each(sources)("%s", (source, folders) => {
    let plain: PodSpec;
    beforeAll(() => {
      plain = podOf(renderKustomization(kubectl!, join(copy, source))).spec;
    });

    test.each(["aot", "image-volume", "init-container"])(
      "%s: valid, without privileges, and nothing else changes",
      (component) => {
        const manifests = render(source, component);
        const found = manifests.filter(({ kind }) => kind === "DaemonSet");
        expect(found.flatMap(validate)).toEqual([]);
        const daemonSets = found.map(({ metadata }) => metadata.name);
        expect(daemonSets).toEqual(component === "aot" ? ["hubble-adx", "hubble-adx-arm64"] : ["hubble-adx"]);
        for (const name of daemonSets) {
          const { spec } = podOf(manifests, name);
          expectLeastPrivilege(spec, folders);
          expect(rest(spec)).toEqual(rest(plain));
          const mount = spec.containers[0]!.volumeMounts.find(({ name }) => name === "module");
          expect(mount).toEqual({ name: "module", mountPath: "/fluent-bit/wasm", readOnly: true });
        }
      },
    );

    test.each([
      ["hubble-adx", "amd64", "hubble-adx-x86-64", objects.x86_64],
      ["hubble-adx-arm64", "arm64", "hubble-adx-aarch64", objects.aarch64],
    ])("aot: %s runs on %s nodes, with their object", (name, architecture, map, bytes) => {
      const manifests = render(source, "aot");
      const { spec } = podOf(manifests, name);
      expect(spec.nodeSelector).toEqual({ "kubernetes.io/os": "linux", "kubernetes.io/arch": architecture });
      expect(volume(spec).configMap!.name).toMatch(new RegExp(`^${map}-\\w{10}$`));
      const { binaryData } = configMap(manifests, map);
      expect(Object.keys(binaryData!)).toEqual(["hubble-adx.wasm"]);
      expect(Buffer.from(binaryData!["hubble-adx.wasm"]!, "base64").equals(bytes)).toBe(true);
      expect(JSON.stringify(binaryData).length).toBeLessThan(MAX_APPLIED);
    });
  });

  test("aot: the second DaemonSet does not select the first one's pods", () => {
    const manifests = render("acns", "aot");
    const second = manifests.find(({ metadata }) => metadata.name === "hubble-adx-arm64")!;
    const { matchLabels } = (second["spec"] as { selector: { matchLabels: Record<string, string> } }).selector;
    expect(podOf(manifests, "hubble-adx").metadata.labels).not.toMatchObject(matchLabels);
    expect(podOf(manifests, "hubble-adx-arm64").metadata.labels).toMatchObject(matchLabels);
    expect(second.metadata.labels).toEqual({ "app.kubernetes.io/name": "hubble-adx" });
  });

  test("image-volume: the image is that of this version", () => {
    expect(volume(podOf(render("acns", "image-volume")).spec)).toEqual(imageVolume);
  });

  describe("init-container", () => {
    const container = () => podOf(render("acns", "init-container")).spec.initContainers![0]!;

    /** Runs the command with a `uname` that says this, and an `oras` that prints what it is called with. */
    function runOn(processor: string): { status: number | null; stdout: string; stderr: string } {
      const folder = mkdtempSync(join(copy, "bin-"));
      for (const [name, script] of Object.entries({ uname: `echo ${processor}`, oras: 'printf "%s\\n" "$@"' })) {
        writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
        chmodSync(join(folder, name), 0o755);
      }
      const { command, env } = container();
      const [program, ...args] = command!;
      const variables = Object.fromEntries(env!.map(({ name, value }) => [name, value]));
      return spawnSync(program!, args, {
        env: { PATH: `${folder}:${process.env.PATH}`, ...variables },
        encoding: "utf8",
      });
    }

    test.each([
      ["x86_64", "linux/amd64"],
      ["aarch64", "linux/arm64"],
    ])("a node of %s gets the image of %s, into the folder that Fluent Bit reads", (processor, platform) => {
      const { status, stdout } = runOn(processor);
      expect(status).toBe(0);
      const mounted = container().volumeMounts[0]!.mountPath;
      expect(mounted).toBe("/fluent-bit/wasm");
      expect(stdout.split("\n")).toEqual(["pull", "--no-tty", "--platform", platform, "--output", mounted, image, ""]);
    });

    test("a node of another processor is refused", () => {
      const { status, stderr } = runOn("riscv64");
      expect(status).toBe(1);
      expect(stderr).toBe("No module for riscv64.\n");
    });

    test("the program is pinned by digest", () => {
      expect(container().image).toMatch(/@sha256:[0-9a-f]{64}$/);
    });
  });
});

describe.skipIf(!helm || !chart)(
  `the chart with the objects${helm && chart ? "" : " (skipped: needs helm and FLUENT_BIT_CHART)"}`,
  () => {
    test.each([
      ["amd64", "hubble-adx", "hubble-adx-x86-64", true],
      ["arm64", "hubble-adx-arm64", "hubble-adx-aarch64", false],
    ])("%s", (architecture, name, map, hasAccount) => {
      const values = `${folder}/aot/helm-values-${architecture}.yaml`;
      const manifests = renderChart(helm!, chart!, "acns", [values]);
      expect(manifests.flatMap(validate)).toEqual([]);
      const { spec } = podOf(manifests, name);
      expectLeastPrivilege(spec, ["/var/log/acns/hubble"]);
      expect(spec.nodeSelector).toEqual({ "kubernetes.io/os": "linux", "kubernetes.io/arch": architecture });
      expect(volume(spec)).toEqual({ name: "module", configMap: { name: map } });
      expect(spec.serviceAccountName).toBe("hubble-adx");
      expect(manifests.some(({ kind }) => kind === "ServiceAccount")).toBe(hasAccount);
    });

    test("out of the image", () => {
      const manifests = renderChart(helm!, chart!, "acns", [`${folder}/image-volume/helm-values.yaml`]);
      expect(manifests.flatMap(validate)).toEqual([]);
      expect(volume(podOf(manifests).spec)).toEqual(imageVolume);
    });
  },
);
