import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { packageFile } from "./package-file.js";

// Puts the module into OCI images in build/images, an image layout, from which a release copies them into a registry. Each
// is nothing but the file hubble-adx.wasm: an image volume mounts it, and `oras pull` unpacks it. Needs oras and tar.

const layout = fileURLToPath(packageFile("build/images"));
const { version, license, description } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as Record<
  "version" | "license" | "description",
  string
>;

/** Kubernetes' names for processors, with the compiler's. */
const PLATFORMS = [
  { architecture: "amd64", object: "hubble-adx.x86_64.aot" },
  { architecture: "arm64", object: "hubble-adx.aarch64.aot" },
];

const MEDIA_TYPES = {
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
};

/** The images, by their tag: an index with a manifest for each processor, so that a node gets its own. */
const IMAGES = [
  { tag: version, fileOf: () => "hubble-adx.wasm" },
  { tag: `${version}-aot`, fileOf: ({ object }: (typeof PLATFORMS)[number]) => object },
];

const directory = mkdtempSync(join(tmpdir(), "hubble-adx-images-"));
try {
  rmSync(layout, { recursive: true, force: true });
  for (const { tag, fileOf } of IMAGES) {
    const digests = PLATFORMS.map((platform) => pushManifest(platform.architecture, built(fileOf(platform))));
    const annotations = Object.entries(about()).flatMap(([key, value]) => ["--annotation", `${key}=${value}`]);
    oras(["manifest", "index", "create", "--oci-layout", ...annotations, `${layout}:${tag}`, ...digests]);
    console.log(`${tag} ${oras(["resolve", "--oci-layout", `${layout}:${tag}`])}`);
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true });
}

/** Puts an image of one file for one processor into the layout; returns its manifest's digest. */
function pushManifest(architecture: string, file: string): string {
  const tar = tarOf(file);
  const digest = `sha256:${createHash("sha256").update(tar).digest("hex")}`;
  const config = { architecture, os: "linux", config: {}, rootfs: { type: "layers", diff_ids: [digest] } };
  write("layer.tar.gz", gzipSync(tar, { level: 9 }));
  write("config.json", JSON.stringify(config));
  // With a title and `unpack`, `oras pull` writes what is in the layer; without them it would leave it out.
  const unpacked = { "org.opencontainers.image.title": ".", "io.deis.oras.content.unpack": "true" };
  write("annotations.json", JSON.stringify({ $manifest: about(), "layer.tar.gz": unpacked }));
  return oras([
    ...["push", "--oci-layout", "--no-tty", "--format", "go-template={{.digest}}"],
    ...["--config", `config.json:${MEDIA_TYPES.config}`, "--annotation-file", "annotations.json"],
    layout,
    `layer.tar.gz:${MEDIA_TYPES.layer}`,
  ]);
}

/** An archive of the file, as hubble-adx.wasm, that depends on nothing but its bytes. */
function tarOf(file: string): Buffer {
  const content = join(directory, "content");
  mkdirSync(content, { recursive: true });
  const placed = join(content, "hubble-adx.wasm");
  copyFileSync(file, placed);
  utimesSync(placed, 0, 0);
  const owner = ["--owner=0", "--group=0", "--numeric-owner", "--mode=0644"];
  return execFileSync("tar", ["--format=ustar", ...owner, "--create", "--directory", content, "hubble-adx.wasm"], {
    maxBuffer: 64 << 20,
  });
}

/** What an image says of itself. A registry shows it beside the repository that GITHUB_REPOSITORY names. */
function about(): Record<string, string> {
  const { GITHUB_REPOSITORY: repository, GITHUB_SERVER_URL: server = "https://github.com" } = process.env;
  const values = {
    // In place of the time of the build, so that the same files make the same image.
    created: "1970-01-01T00:00:00Z",
    title: "hubble-adx",
    description,
    version,
    licenses: license,
    ...(repository && { source: `${server}/${repository}` }),
  };
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`org.opencontainers.image.${key}`, value]));
}

function oras(args: string[]): string {
  try {
    const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
    return execFileSync("oras", args, { cwd: directory, encoding: "utf8", stdio }).trim();
  } catch (cause) {
    const { code, stderr } = cause as { code?: string; stderr?: string };
    if (code !== "ENOENT") throw new Error(`oras ${args.join(" ")} failed:\n${stderr}`, { cause });
    throw new Error("oras is not on PATH: go install oras.land/oras/cmd/oras@v1.3.6", { cause });
  }
}

function built(name: string): string {
  const file = fileURLToPath(packageFile(`build/${name}`));
  if (existsSync(file)) return file;
  throw new Error(`${file} is missing: run "npm run build:wasm" and "npm run build:aot"`);
}

function write(name: string, content: string | Uint8Array): void {
  writeFileSync(join(directory, name), content);
}
