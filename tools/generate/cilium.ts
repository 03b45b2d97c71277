import { compose } from "../exporter/compose.js";
import { presets } from "../exporter/presets.js";

/**
 * The generated files of `cilium/`: for each preset the ConfigMap of the dynamic exporter and the Helm values of the
 * static one.
 * @returns file contents by path from the package's root.
 */
export function ciliumFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const { words, about } of presets) {
    for (const [folder, format] of [
      ["dynamic", "configmap"],
      ["static", "helm-static"],
    ] as const) {
      const head = ["Generated from tools/exporter/presets.ts: `npm run generate`.", "", ...about, ""];
      const comment = [...head, "Works with Cilium {needs} and later."];
      files.set(`cilium/${folder}/${words.name}.yaml`, compose([words], { format, comment }).yaml);
    }
  }
  return files;
}
