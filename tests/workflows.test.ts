import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { packageFile } from "../tools/package-file.js";

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  permissions?: Record<string, string>;
  services?: Record<string, { image: string }>;
  steps: Step[];
}
interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const names = readdirSync(packageFile(".github/workflows"));
const read = (name: string) => parse(readFileSync(packageFile(`.github/workflows/${name}`), "utf8")) as Workflow;
const actions = (name: string) =>
  Object.values(read(name).jobs)
    .flatMap(({ steps }) => steps)
    .filter(({ uses }) => uses !== undefined);

describe.each(names)("%s", (name) => {
  test("pins each action by its commit", () => {
    expect(actions(name).length).toBeGreaterThan(0);
    for (const { uses } of actions(name)) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  test("leaves no credentials in the checkout", () => {
    for (const { uses, with: options } of actions(name).filter(({ uses }) => uses!.startsWith("actions/checkout@")))
      expect(options, uses).toMatchObject({ "persist-credentials": false });
  });

  test("may write nothing unless a job says so", () => {
    expect(Object.values(read(name).permissions).filter((level) => level !== "read")).toEqual([]);
  });
});

test("a release takes nothing from a cache", () => {
  const setups = actions("release.yml").filter(({ uses }) => uses!.startsWith("actions/setup-node@"));
  expect(setups.length).toBeGreaterThan(0);
  for (const { with: options } of setups) {
    expect(options).toMatchObject({ "package-manager-cache": false });
    expect(options).not.toHaveProperty("cache");
  }
});

test("what may write in a release runs nothing of the repository", () => {
  const writers = Object.entries(read("release.yml").jobs).filter(([, { permissions }]) =>
    Object.values(permissions ?? {}).includes("write"),
  );
  expect(writers.map(([name]) => name)).toEqual(["publish", "npm"]);
  for (const [, { steps }] of writers) {
    expect(steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"))).toEqual([]);
    expect(steps.filter(({ run }) => /npm (ci|install|run|pack)/.test(run ?? ""))).toEqual([]);
  }
});

test("a release signs all that it publishes: files by their sums, images by their digests", () => {
  const { build, publish } = read("release.yml").jobs;
  const sums = build!.steps.find(({ run }) => run?.includes("> SHA256SUMS") || run?.includes("tee SHA256SUMS"))!.run!;
  const summed = /sha256sum (.*) \| tee/.exec(sums)![1]!.split(" ");
  const released = publish!.steps.find(({ run }) => run?.includes("gh release create"))!.run!;
  const files = /^\s*SHA256SUMS (.*)$/m.exec(released)![1]!.split(" ");
  expect(files.sort()).toEqual(summed.sort());
  const subjects = publish!.steps
    .filter(({ uses }) => uses?.startsWith("actions/attest@"))
    .map(({ with: options }) => [options!["subject-checksums"] ?? options!["subject-digest"], options!["sbom-path"]]);
  expect(subjects).toEqual([
    ["build/SHA256SUMS", undefined],
    ["build/SHA256SUMS", "build/hubble-adx.cdx.json"],
    ["${{ steps.images.outputs.module }}", undefined],
    ["${{ steps.images.outputs.aot }}", undefined],
  ]);
});

test("images are pinned by digest where one is known, Fluent Bit's the same everywhere", () => {
  const services = Object.values(read("ci.yml").jobs).flatMap(({ services }) => Object.values(services ?? {}));
  expect(services.length).toBe(1);
  for (const { image } of services) expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
  const file = (name: string) => readFileSync(packageFile(name), "utf8");
  const pinned = /image: cr\.fluentbit\.io\/fluent\/fluent-bit:(5\.1\.1@sha256:[0-9a-f]{64})$/m;
  const [, image] = pinned.exec(file("fluent-bit/kubernetes/base/daemonset.yaml"))!;
  const [tag, digest] = image!.split("@");
  expect(parse(file("fluent-bit/kubernetes/base/helm-values.yaml"))).toMatchObject({ image: { tag, digest } });
  for (const name of names) {
    const versions = [...file(`.github/workflows/${name}`).matchAll(/\b5\.1\.1(\S*)/g)].map(([version]) => version);
    expect(new Set(versions)).toEqual(new Set([image]));
  }
});

test("the release's archive has the module, its objects, and the published image in place of OWNER", () => {
  const root = mkdtempSync(join(tmpdir(), "hubble-adx-archive-"));
  try {
    for (const part of ["fluent-bit", "adx", "cilium", "docs", "package.json", ".github"])
      cpSync(fileURLToPath(packageFile(part)), join(root, part), { recursive: true });
    mkdirSync(join(root, "build"));
    const kubernetes = "fluent-bit/kubernetes";
    const carried = [`${kubernetes}/base/hubble-adx.wasm`, `${kubernetes}/aot/hubble-adx.x86_64.aot`];
    for (const file of carried) writeFileSync(join(root, file), "any bytes");
    const object = join(root, `${kubernetes}/aot/hubble-adx.aarch64.aot`);
    rmSync(object, { force: true });
    const { version } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string };
    const [module, aot] = ["0123456789abcdef", "fedcba9876543210"].map((digits) => `sha256:${digits.repeat(4)}`);
    writeFileSync(join(root, "build/images.txt"), `${version} ${module}\n${version}-aot ${aot}\n`);
    const image = "ghcr.io/someone/something";
    const make = () => spawnSync(join(root, ".github/archive.sh"), [image], { encoding: "utf8" });
    expect(make()).toMatchObject({ status: 1, stderr: expect.stringContaining("aarch64.aot is missing") as string });
    writeFileSync(object, "any bytes");
    expect(make()).toMatchObject({ status: 0, stderr: "" });
    const archive = join(root, "build/hubble-adx.tar.gz");
    const held = execFileSync("tar", ["-tzf", archive], { encoding: "utf8" }).split("\n");
    expect(held).toEqual(expect.arrayContaining([...carried, `${kubernetes}/aot/hubble-adx.aarch64.aot`]));
    for (const file of ["image-volume/volume.yaml", "image-volume/helm-values.yaml", "init-container/pull.yaml"]) {
      const text = execFileSync("tar", ["-xzOf", archive, `${kubernetes}/${file}`], { encoding: "utf8" });
      expect(text).toContain(`: ${image}:${version}@${module}\n`);
      expect(text).toContain(`# ${image}:${version}-aot@${aot} is`);
      expect(text).not.toContain("OWNER");
    }
  } finally {
    rmSync(root, { recursive: true });
  }
});

/** Programs that judge workflows, with what makes them print nothing else. */
const judges: [program: string, args: string[]][] = [
  ["actionlint", []],
  ["zizmor", ["--offline", "--no-progress", "--quiet", ".github/workflows"]],
];
for (const [program, args] of judges) {
  const isThere = spawnSync(program, ["--version"]).status === 0;
  test.skipIf(!isThere)(`${program} finds nothing${isThere ? "" : ` (skipped: no ${program})`}`, () => {
    const { status, stdout } = spawnSync(program, args, { cwd: fileURLToPath(packageFile(".")), encoding: "utf8" });
    expect(stdout.trim()).toMatch(/^$|^No findings to report/);
    expect(status).toBe(0);
  });
}
