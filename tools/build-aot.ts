import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { packageFile } from "./package-file.js";

// Compiles build/hubble-adx.wasm ahead of time, with WAMR's compiler, into objects that Fluent Bit's wasm_path takes.

/** Fluent Bit's own name for the compiler, when it is built with FLB_WAMRC. */
const COMPILERS = ["wamrc", "flb-wamrc"];
/** The version of WAMR in Fluent Bit 4.1 and later; a runtime loads only what the compiler of its own version made. */
const WAMR_VERSION = "2.4.1";

/** The oldest processor of each kind will do: newer instructions gain nothing measurable here. */
const TARGETS = [
  { name: "x86_64", cpu: "x86-64" },
  { name: "aarch64", cpu: "generic" },
];

/** Fluent Bit's runtime has no SIMD. Bounds are checked in code, so that the object is safe in builds without guard pages. */
const OPTIONS = ["--opt-level=3", "--disable-simd", "--bounds-checks=1"];

const HOW_TO_GET_IT = `It comes with WebAssembly Micro Runtime (https://github.com/bytecodealliance/wasm-micro-runtime): take
wamrc ${WAMR_VERSION} from its releases or build the directory wamr-compiler of its tag WAMR-${WAMR_VERSION}. Or build Fluent Bit
with -DFLB_WAMRC=On and take its flb-wamrc.`;

const WHERE_IT_RUNS = `Fluent Bit 4.1 and later (WAMR ${WAMR_VERSION}) load it. Earlier ones do not: they start all the same, log
"AOT module load failed: unknown binary version" and let every record through UNFILTERED, but for the rule only_rows
of the shipped configurations. Give those the .wasm.`;

process.exitCode = build();

/** Builds the objects. Returns the exit code. */
function build(): number {
  const wasm = file("hubble-adx.wasm");
  if (!existsSync(wasm)) return refuse(`${wasm} is missing: run "npm run build:wasm" to make it.`);
  const compiler = COMPILERS.find((name) => spawnSync(name, ["--version"]).status === 0);
  if (!compiler) return refuse(`Neither ${COMPILERS.join(" nor ")} is on PATH.\n${HOW_TO_GET_IT}`);
  const version = spawnSync(compiler, ["--version"], { encoding: "utf8" }).stdout.trim();
  if (!version.endsWith(` ${WAMR_VERSION}`)) {
    return refuse(`${compiler} is "${version}"; Fluent Bit 4.1 and later need ${WAMR_VERSION}.\n${HOW_TO_GET_IT}`);
  }
  for (const { name, cpu } of TARGETS) {
    const object = file(`hubble-adx.${name}.aot`);
    const options = [`--target=${name}`, `--cpu=${cpu}`, ...OPTIONS, "-o", object, wasm];
    const { status, stdout, stderr } = spawnSync(compiler, options, { encoding: "utf8" });
    if (status !== 0) return refuse(`${compiler} ${options.join(" ")} failed:\n${stdout}${stderr}`);
    // Where the component for Kubernetes takes it from.
    copyFileSync(object, fileURLToPath(packageFile(`fluent-bit/kubernetes/aot/hubble-adx.${name}.aot`)));
    console.log(`wrote build/hubble-adx.${name}.aot`);
  }
  console.log(WHERE_IT_RUNS);
  return 0;
}

function file(name: string): string {
  return fileURLToPath(packageFile(`build/${name}`));
}

function refuse(why: string): number {
  process.stderr.write(`${why}\n`);
  return 1;
}
