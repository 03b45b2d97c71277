import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** A Kubernetes object. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  [field: string]: unknown;
}

const require = createRequire(import.meta.url);

/**
 * What is wrong with a manifest by the Kubernetes API's own schemas (kubernetes-models, made from its OpenAPI): values
 * of the wrong type or form by the JSON schemas, and fields that do not exist by the types.
 * @returns messages; empty for a valid manifest.
 */
export function validate(manifest: Manifest): string[] {
  const module = moduleOf(manifest);
  if (!module) return [`no schema for ${manifest.apiVersion} ${manifest.kind}`];
  return [...wrongValues(manifest, module), ...unknownFields(manifest, module)];
}

function moduleOf({ apiVersion, kind }: Manifest): string | undefined {
  const packages = ["kubernetes-models", "@kubernetes-models/prometheus-operator"];
  return packages
    .map((name) => `${name}/${apiVersion}/${kind}`)
    .find((name) => {
      try {
        return require.resolve(name);
      } catch {
        return undefined;
      }
    });
}

function wrongValues(manifest: Manifest, module: string): string[] {
  // Kustomize breaks base64 into lines. The API server's decoder passes over line breaks, the schema's format does not.
  const binaryData = manifest["binaryData"] as Record<string, string> | undefined;
  const joined = Object.entries(binaryData ?? {}).map(([key, value]) => [key, value.replaceAll("\n", "")]);
  const models = require(module) as Record<string, new (manifest: Manifest) => { validate(): void }>;
  try {
    new models[manifest.kind]!({
      ...manifest,
      ...(binaryData && { binaryData: Object.fromEntries(joined) }),
    }).validate();
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** The files of declarations, read once for all manifests. */
const declarations = new Map<string, ts.SourceFile | undefined>();

/** The compiler refuses unknown fields in an object literal that has to fit a type. */
function unknownFields(manifest: Manifest, module: string): string[] {
  const file = fileURLToPath(new URL("manifest.generated.ts", import.meta.url));
  const source = `import type { I${manifest.kind} } from "${module}";\nexport const manifest: I${manifest.kind} = ${JSON.stringify(manifest, null, 2)};\n`;
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    ignoreDeprecations: "5.0",
    noEmit: true,
    skipLibCheck: true,
    strict: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const onDisk = { ...host };
  host.fileExists = (name) => name === file || onDisk.fileExists(name);
  host.readFile = (name) => (name === file ? source : onDisk.readFile(name));
  host.getSourceFile = (name, target, ...rest) => {
    if (name === file) return ts.createSourceFile(name, source, target);
    if (!declarations.has(name)) declarations.set(name, onDisk.getSourceFile(name, target, ...rest));
    return declarations.get(name);
  };
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}
