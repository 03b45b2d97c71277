import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { packageFile } from "../tools/package-file.js";

interface Descriptor {
  digest: string;
  mediaType: string;
  platform?: { os: string; architecture: string };
  annotations?: Record<string, string>;
}
interface Manifest {
  config: Descriptor;
  layers: Descriptor[];
}

const path = (file: string) => fileURLToPath(packageFile(file));
const objects = ["hubble-adx.x86_64.aot", "hubble-adx.aarch64.aot"];
const missing = [
  ...(spawnSync("oras", ["version"]).status === 0 ? [] : ["oras"]),
  ...objects.map((name) => `build/${name}`).filter((file) => !existsSync(path(file))),
];
const { version } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string };

const sha256 = (bytes: Uint8Array) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const blob = (digest: string) => readFileSync(path(`build/images/blobs/${digest.replace(":", "/")}`));
const json = <T>(digest: string) => JSON.parse(blob(digest).toString()) as T;

describe.skipIf(missing.length > 0)(
  `images of the module${missing.length ? ` (skipped: no ${missing.join(", ")})` : ""}`,
  () => {
    const build = () =>
      execFileSync("npx", ["tsx", "tools/build-images.ts"], { cwd: path("."), encoding: "utf8", stdio: "pipe" });
    let printed: string;
    beforeAll(() => {
      printed = build();
    });

    test("the same files make the same images", () => {
      expect(build()).toBe(printed);
    });

    describe.each([
      [version, "amd64", "hubble-adx.wasm"],
      [version, "arm64", "hubble-adx.wasm"],
      [`${version}-aot`, "amd64", objects[0]!],
      [`${version}-aot`, "arm64", objects[1]!],
    ])("%s for %s", (tag, architecture, file) => {
      const bytes = () => readFileSync(path(`build/${file}`));

      test(`is a valid image of ${file} alone`, () => {
        const digest = printed
          .split("\n")
          .map((line) => line.split(" "))
          .find(([name]) => name === tag)![1]!;
        const { manifests } = json<{ manifests: Descriptor[] }>(digest);
        expect(manifests.map(({ platform }) => platform)).toEqual([
          { os: "linux", architecture: "amd64" },
          { os: "linux", architecture: "arm64" },
        ]);
        const { config, layers } = json<Manifest>(
          manifests.find((one) => one.platform!.architecture === architecture)!.digest,
        );
        expect([config.mediaType, layers.map(({ mediaType }) => mediaType)]).toEqual([
          "application/vnd.oci.image.config.v1+json",
          ["application/vnd.oci.image.layer.v1.tar+gzip"],
        ]);
        const archive = gunzipSync(blob(layers[0]!.digest));
        expect(json(config.digest)).toMatchObject({
          os: "linux",
          architecture,
          rootfs: { diff_ids: [sha256(archive)] },
        });
        // The head of a tar: the name, then the file from byte 512 on, and zeros to the end.
        expect(archive.subarray(0, 16).toString()).toBe("hubble-adx.wasm\0");
        const end = 512 + bytes().length;
        expect(archive.subarray(512, end).equals(bytes())).toBe(true);
        expect(archive.subarray(end).every((byte) => byte === 0)).toBe(true);
      });

      test("oras unpacks it", () => {
        const folder = mkdtempSync(join(tmpdir(), "hubble-adx-pull-"));
        try {
          const platform = `linux/${architecture}`;
          const image = `${path("build/images")}:${tag}`;
          execFileSync("oras", ["pull", "--no-tty", "--oci-layout", "--platform", platform, "--output", folder, image]);
          expect(readdirSync(folder)).toEqual(["hubble-adx.wasm"]);
          expect(readFileSync(join(folder, "hubble-adx.wasm")).equals(bytes())).toBe(true);
        } finally {
          rmSync(folder, { recursive: true });
        }
      });
    });
  },
);
