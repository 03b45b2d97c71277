import { Environment } from "@marcbachmann/cel-js";
import type { ASTNode } from "@marcbachmann/cel-js";
import { flowTypes } from "./event.js";

/** CEL's types for the scalars of protocol buffers; enums are `int`. */
const SCALARS: Record<string, string> = {
  string: "string",
  bool: "bool",
  bytes: "bytes",
  int32: "int",
  int64: "int",
  uint32: "uint",
  uint64: "uint",
  double: "double",
  float: "double",
  "google.protobuf.Timestamp": "google.protobuf.Timestamp",
  "google.protobuf.BoolValue": "bool",
  "google.protobuf.Any": "dyn",
};

let environment: Environment | undefined;

function flowEnvironment(): Environment {
  return (environment ??= declareFlow(new Environment()));
}

/**
 * Declares the variable `_flow` and the enums of the package `flow`, as Cilium's filter does.
 * @param classOf gives the class of a message's values; without it none can be evaluated.
 * @param others types that take the place of those for scalars.
 */
export function declareFlow(
  env: Environment,
  classOf?: (message: string) => new (value: unknown) => object,
  others: Record<string, string> = {},
): Environment {
  const { messages, enums } = flowTypes();
  const typeOf = ({ type, repeated }: { type: string; repeated?: boolean }) => {
    const one = others[type] ?? SCALARS[type] ?? (type in enums ? "int" : type);
    return repeated ? `list<${one}>` : one;
  };
  // A type must be known before one that has it as a field.
  const registered = new Set<string>();
  const register = (name: string) => {
    if (registered.has(name) || !(name in messages)) return;
    registered.add(name);
    for (const { type } of Object.values(messages[name]!)) register(type);
    const fields = Object.entries(messages[name]!).map(([field, of]) => [field, typeOf(of)] as const);
    env.registerType(name, { fields: Object.fromEntries(fields), ...(classOf ? { ctor: classOf(name) } : {}) });
  };
  for (const name of Object.keys(messages)) register(name);
  env.registerFunction("int(uint): int", (value: bigint) => value);
  env.registerVariable("_flow", "flow.Flow");
  const packageFields: Record<string, string> = {};
  for (const [name, values] of Object.entries(enums)) {
    const short = name.replace(/^flow\./, "");
    // Tunnel.Protocol and its like are no plain name.
    if (short.includes(".")) continue;
    env.registerType(`enum.${short}`, { fields: Object.fromEntries(Object.keys(values).map((one) => [one, "int"])) });
    env.registerVariable(short, `enum.${short}`);
    packageFields[short] = `enum.${short}`;
  }
  env.registerType("package.flow", { fields: packageFields });
  env.registerVariable("flow", "package.flow");
  return env;
}

/** What a CEL expression is to Cilium: taken, refused for a reason, or not to be judged here for a reason. */
export type CelVerdict = { taken: true } | { refused: string } | { unknown: string };

/**
 * Checks a CEL expression of a flow filter: its syntax, the fields and types it uses, that it gives a boolean
 * (pkg/hubble/filters/cel_expression.go of Cilium 1.20.2).
 */
export function checkCel(expression: string): CelVerdict {
  // Messages made in an expression, which the library does not read.
  if (/\b[A-Z]\w*\s*\{/.test(expression)) return { unknown: "it makes a message" };
  const env = flowEnvironment();
  const { valid, type, error } = env.check(expression);
  if (!valid) return { refused: error?.message.split("\n")[0] ?? "it cannot be read" };
  const root = env.parse(expression).ast;
  const wrong = stricter(root, env);
  if (wrong !== undefined) return { refused: wrong };
  // A wrapper may be null.
  if (type !== "bool" || (root.op === "." && root.args[1] === "is_reply")) {
    return { refused: `it gives ${type === "bool" ? "a bool or null" : String(type)}, where a bool is wanted` };
  }
  return { taken: true };
}

/** What cel-go refuses and the library takes: orders between int and uint, `has` of no field, an index on a message. */
function stricter(node: ASTNode, env: Environment): string | undefined {
  const textOf = ({ input, range }: ASTNode) => input.slice(range.start, range.end);
  // Undefined below a macro's own variable, which stands for nothing by itself.
  const typeOf = (one: ASTNode) => env.check(textOf(one)).type;
  if (["<", "<=", ">", ">="].includes(node.op)) {
    const [left, right] = (node.args as [ASTNode, ASTNode]).map(typeOf);
    const isNumber = (type: unknown) => type === "int" || type === "uint" || type === "double";
    if (isNumber(left) && isNumber(right) && left !== right) {
      return `${String(left)} ${node.op} ${String(right)}: write a number with u behind it for a uint`;
    }
  }
  if (node.op === "[]" && String(typeOf(node.args[0])).startsWith("flow."))
    return `${textOf(node)}: a message has no index`;
  if (node.op === "call" && node.args[0] === "has") {
    const [field] = node.args[1];
    const checked = field && env.check(textOf(field));
    if (checked && !checked.valid && /No such key/.test(checked.error?.message ?? "")) {
      return checked.error!.message.split("\n")[0];
    }
  }
  for (const inner of [node.args].flat(3)) {
    if (inner === null || typeof inner !== "object" || !("op" in inner)) continue;
    const wrong = stricter(inner, env);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
