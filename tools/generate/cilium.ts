import { renderAcns } from "../acns/resource.js";
import { compose } from "../exporter/compose.js";
import { acnsPresets, presets } from "../exporter/presets.js";

/**
 * The generated files of `cilium/`: for each preset the ConfigMap of the dynamic exporter and the Helm values of the
 * static one; for those of AKS the resource.
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
  for (const { words, about } of acnsPresets) {
    const comment = ["Generated from tools/exporter/presets.ts: `npm run generate`.", "", ...about];
    files.set(`cilium/acns/${words.name}.yaml`, renderAcns([words], comment));
  }
  return files;
}
