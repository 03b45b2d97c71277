import binaryen from "assemblyscript/binaryen";
import { describe, expect, it, vi } from "vitest";
import { filterFunctions } from "../tools/host.js";
import { filterModule } from "./support/modules.js";

/** Binaryen prints what it finds, through the console.error that there is when it is imported. */
const print = vi.hoisted(() => vi.spyOn(console, "error").mockImplementation(() => {}));

const { Features } = binaryen;

/** What Fluent Bit's WAMR can run in all its versions: 1.3 as they build it. */
const runtimeFeatures =
  Features.BulkMemory |
  Features.BulkMemoryOpt |
  Features.MutableGlobals |
  Features.Multivalue |
  Features.NontrappingFPToInt |
  Features.ReferenceTypes |
  Features.SignExt;

/** Why a module is not valid where there are only these features. */
function complaints(features: number, wasm: Uint8Array): string[] {
  print.mockClear();
  const module = binaryen.readBinaryWithFeatures(wasm, features);
  try {
    module.setFeatures(features);
    const isValid = module.validate() === 1;
    const printed = print.mock.calls.map((line) => line.join(" "));
    return isValid || printed.length > 0 ? printed : ["invalid"];
  } finally {
    module.dispose();
  }
}

function assemble(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  try {
    module.setFeatures(Features.All);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

describe("hubble-adx.wasm", () => {
  const bytes = filterModule();
  const module = new WebAssembly.Module(new Uint8Array(bytes));

  it("exports what Fluent Bit calls, and nothing else", () => {
    const kinds = Object.fromEntries(WebAssembly.Module.exports(module).map(({ name, kind }) => [name, kind]));
    const functions = ["malloc", "free", ...filterFunctions].map((name) => [name, "function"]);
    expect(kinds).toEqual({ memory: "memory", ...Object.fromEntries(functions) });
  });

  it("imports nothing", () => {
    expect(WebAssembly.Module.imports(module)).toEqual([]);
  });

  it("is smaller than 56 KiB", () => {
    expect(bytes.length).toBeLessThan(56 * 1024);
  });

  it("uses no feature that Fluent Bit's runtime lacks", () => {
    expect(complaints(runtimeFeatures, bytes)).toEqual([]);
  });
});

describe("the check of features finds", () => {
  it("nothing in a module without any", () => {
    expect(complaints(runtimeFeatures, assemble('(module (func (export "f") (result i32) (i32.const 1)))'))).toEqual(
      [],
    );
  });

  it.each([
    ["SIMD", "(module (func (result v128) (v128.const i64x2 0 0)))"],
    ["tail calls", "(module (func $f (return_call $f)))"],
    ["exceptions", "(module (tag $t) (func (throw $t)))"],
    ["threads", "(module (memory 1 1 shared) (func (result i32) (i32.atomic.load (i32.const 0))))"],
    ["64-bit memory", "(module (memory i64 1))"],
    ["several memories", "(module (memory 1) (memory 1))"],
    ["GC", "(module (type $s (struct (field i32))) (func (result (ref $s)) (struct.new_default $s)))"],
  ])("%s", (_, text) => {
    expect(complaints(runtimeFeatures, assemble(text))).not.toEqual([]);
  });
});
