import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { packageFile } from "../tools/package-file.js";

const { dependencies, optionalDependencies } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as Record<
  "dependencies" | "optionalDependencies",
  Record<string, string>
>;

// Generators and builders, which run in a clone alone.
const onlyInClone = ["build-aot.ts", "build-images.ts", "generate.ts", "generate/"];

test("the packages that the command line loads come with it", () => {
  const files = readdirSync(packageFile("tools"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .filter((file) => !onlyInClone.some((path) => file.startsWith(path)));
  const loaded = files.flatMap((file) => {
    const text = readFileSync(packageFile(`tools/${file}`), "utf8");
    const names = [...text.matchAll(/^import (?!type ).*?from "([^"]+)"|(?:\bimport|\brequire)\("([^"]+)"\)/gm)];
    return names.map(([, from, called]) => from ?? called!);
  });
  const packages = new Set(
    loaded
      .filter((name) => !name.startsWith(".") && !isBuiltin(name))
      .map((name) =>
        name
          .split("/")
          .slice(0, name.startsWith("@") ? 2 : 1)
          .join("/"),
      ),
  );
  expect(packages.size).toBeGreaterThan(5);
  expect([...packages].filter((name) => !(name in dependencies) && !(name in optionalDependencies))).toEqual([]);
});

test("each relative link of a packed page leads to something in the tarball", () => {
  const output = execFileSync("npm", ["pack", "--json", "--dry-run", "--ignore-scripts"], {
    cwd: fileURLToPath(packageFile(".")),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [{ files }] = JSON.parse(output) as [{ files: { path: string }[] }];
  const packed = files.map(({ path }) => path);
  const links = packed
    .filter((path) => path.endsWith(".md"))
    .flatMap((page) =>
      [...readFileSync(packageFile(page), "utf8").matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
        .filter(([, target]) => !/^[a-z]+:/.test(target!))
        .map(([, target]) => ({ page, target: posix.join(posix.dirname(page), target!).replace(/\/$/, "") })),
    );
  expect(links.length).toBeGreaterThan(20);
  const dead = links.filter(({ target }) => !packed.some((path) => path === target || path.startsWith(`${target}/`)));
  expect(dead).toEqual([]);
});
