import { evaluate } from "@marcbachmann/cel-js";
import { bigNumber, enumNumber, flowTypes, object } from "./event.js";
import type { Json } from "./event.js";

type Constructor = new (value: unknown) => object;

/** The library's own class of unsigned numbers, which it does not export. */
const Uint = (evaluate("0u") as object).constructor as new (value: bigint) => object;

const classes = new Map<string, Constructor>();

/** The class that stands for a message of the protocol in CEL. */
export function messageClass(name: string): Constructor {
  const known = classes.get(name);
  if (known) return known;
  const fields = flowTypes().messages[name]!;
  /** What is set stands in the object itself, the defaults of the rest in its prototype. */
  class Message {
    constructor(value: unknown) {
      const given = object(value) ?? {};
      for (const [field, { type, repeated }] of Object.entries(fields)) {
        if (!Object.hasOwn(given, field) || given[field] === null) continue;
        const read = repeated ? listOf(type, given[field]) : valueOf(type, given[field]);
        const isMessage = type in messages() || type.startsWith("google.");
        const isSet = repeated ? (read as unknown[]).length > 0 : isMessage || !isDefault(read);
        if (isSet) Object.defineProperty(this, field, { value: read, enumerable: true });
      }
    }
  }
  classes.set(name, Message);
  for (const [field, { type, repeated }] of Object.entries(fields)) {
    Object.defineProperty(Message.prototype, field, { get: () => (repeated ? [] : valueOf(type, undefined)) });
  }
  return Message;
}

/** Whether a message has a field set, as CEL's `has` sees it. */
export function isPresent(value: object | null, field: string): boolean {
  return value !== null && Object.hasOwn(value, field);
}

/** A flow as CEL sees it: unset fields have their defaults, enums are numbers. */
export function celFlow(flow: Json | undefined): object {
  return new (messageClass("flow.Flow"))(flow);
}

const messages = () => flowTypes().messages;

function listOf(type: string, value: unknown): unknown[] {
  return Array.isArray(value) ? value.map((one) => valueOf(type, one)) : [];
}

/** A value of JSON as CEL has it, the default where it is undefined. */
function valueOf(type: string, value: unknown): unknown {
  switch (type) {
    case "string":
    case "bytes":
      return typeof value === "string" ? value : "";
    case "bool":
      return value === true;
    case "int32":
    case "int64":
      return bigNumber(value ?? 0);
    case "uint32":
    case "uint64":
      return new Uint(bigNumber(value ?? 0));
    case "google.protobuf.BoolValue":
      return typeof value === "boolean" ? value : null;
    case "google.protobuf.Timestamp":
      return new Date(typeof value === "string" ? value : 0);
    case "google.protobuf.Any":
      return value ?? null;
  }
  if (type in messages()) return new (messageClass(type))(value);
  return BigInt(Math.trunc(enumNumber(type, value)) || 0);
}

function isDefault(value: unknown): boolean {
  if (value === "" || value === false || value === 0n) return true;
  return value instanceof Uint && value.valueOf() === (0n as unknown);
}
