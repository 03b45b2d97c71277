import { readString } from "./strings";

export function isNull(value: string): bool {
  return value == "null";
}

export function isBool(value: string): bool {
  return value == "true" || value == "false";
}

export function isString(value: string): bool {
  return value.startsWith('"');
}

export function isObject(value: string): bool {
  return value.startsWith("{");
}

export function isArray(value: string): bool {
  return value.startsWith("[");
}

export function isNumber(value: string): bool {
  return !isNull(value) && !isBool(value) && !isString(value) && !isObject(value) && !isArray(value);
}

/** Whether a value is a string, a number, true or false. */
export function isScalar(value: string): bool {
  return !isNull(value) && !isObject(value) && !isArray(value);
}

/** The integer of at most 18 digits that a string value holds (protobuf writes 64-bit numbers so), or null. */
export function integerText(value: string): string | null {
  if (!isString(value)) return null;
  const text = readString(value);
  const digits = text.startsWith("-") ? text.substring(1) : text;
  if (digits.length < 1 || digits.length > 18) return null;
  if (digits.startsWith("0") && digits.length > 1) return null;
  for (let i = 0; i < digits.length; i++) {
    if (digits.charCodeAt(i) < 0x30 || digits.charCodeAt(i) > 0x39) return null;
  }
  return text;
}
