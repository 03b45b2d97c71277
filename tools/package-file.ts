import { existsSync } from "node:fs";

/**
 * The URL of a file of this package, by its path from the package's root, the same from the sources (`tools/`) and
 * from the compiled code (`build/tools/`).
 */
export function packageFile(path: string): URL {
  return new URL(path, root);
}

const root = findRoot(import.meta.url);

function findRoot(from: string): string {
  const parent = new URL("..", from).href;
  if (existsSync(new URL("package.json", parent))) return parent;
  if (parent === from) throw new Error(`no package.json above ${import.meta.url}`);
  return findRoot(parent);
}
