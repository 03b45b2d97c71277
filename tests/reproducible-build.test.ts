import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

test("the same source gives the same module, wherever it is built", () => {
  const directory = mkdtempSync(join(tmpdir(), "hubble-adx-build-"));
  try {
    for (const part of ["assembly", "asconfig.json", "package.json"]) {
      cpSync(join(root, part), join(directory, part), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
    execFileSync("npx", ["asc", "assembly/index.ts", "--target", "release"], { cwd: directory, stdio: "pipe" });
    expect(sha256(join(directory, "build/hubble-adx.wasm"))).toBe(sha256(join(root, "build/hubble-adx.wasm")));
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("the module imports nothing", () => {
  const module = new WebAssembly.Module(readFileSync(join(root, "build/hubble-adx.wasm")));
  expect(WebAssembly.Module.imports(module)).toEqual([]);
});

function sha256(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
