import { Environment } from "@marcbachmann/cel-js";
import type { ASTNode } from "@marcbachmann/cel-js";
import { checkCel, declareFlow } from "./cel.js";
import { celFlow, isPresent, messageClass } from "./cel-flow.js";
import { flowTypes } from "./event.js";
import type { Json } from "./event.js";

/** The name under which `has` is called: the library's own takes a default for a field that is set. */
const PRESENT = "isPresent__";

let environment: Environment | undefined;
let constants: Record<string, unknown> | undefined;

function celEnvironment(): Environment {
  if (environment) return environment;
  const env = declareFlow(new Environment(), messageClass, { "google.protobuf.BoolValue": "dyn" });
  env.registerFunction(`${PRESENT}(dyn, string): bool`, isPresent);
  return (environment = env);
}

/** The enums of the package `flow`, by themselves and below `flow`. */
function packageConstants(): Record<string, unknown> {
  if (constants) return constants;
  const enums = Object.entries(flowTypes().enums).map(([name, values]) => {
    const numbers = Object.entries(values).map(([value, number]) => [value, BigInt(number)]);
    return [name.replace(/^flow\./, ""), Object.fromEntries(numbers)] as const;
  });
  const flow = Object.fromEntries(enums.filter(([name]) => !name.includes(".")));
  return (constants = { ...flow, flow });
}

/**
 * Whether one of the expressions holds, as Cilium's filter has it: an expression that fails ends the list.
 * @throws Error saying why an expression cannot be tried here.
 */
export function celTest(expressions: readonly string[]): (flow: Json | undefined) => boolean {
  const programs = expressions.map((expression) => {
    const verdict = checkCel(expression);
    if ("unknown" in verdict) throw new Error(`"${expression}" cannot be tried: ${verdict.unknown}`);
    return celEnvironment().parse(withPresence(expression));
  });
  return (flow) => {
    const variables = { ...packageConstants(), _flow: celFlow(flow) };
    try {
      return programs.some((program) => program(variables) === true);
    } catch {
      return false;
    }
  };
}

/** An expression with `has(a.b)` as a question of the message a. */
function withPresence(expression: string): string {
  const found: { start: number; end: number; text: string }[] = [];
  const visit = (node: ASTNode) => {
    if (node.op === "call" && node.args[0] === "has") {
      const [field] = node.args[1];
      const [of, name] = field?.op === "." ? field.args : [undefined, undefined];
      if (of) {
        const text = `${PRESENT}(${node.input.slice(of.range.start, of.range.end)}, ${JSON.stringify(name)})`;
        found.push({ ...node.range, text });
      }
    }
    for (const inner of [node.args].flat(3)) {
      if (inner !== null && typeof inner === "object" && "op" in inner) visit(inner);
    }
  };
  visit(celEnvironment().parse(expression).ast);
  let text = expression;
  for (const one of found.sort((a, b) => b.start - a.start)) {
    text = text.slice(0, one.start) + one.text + text.slice(one.end);
  }
  return text;
}
