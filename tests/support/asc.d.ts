// What the tests use of the compiler. Its own types also declare globals, such as an Array.at that never gives undefined.
export function compileString(
  source: string,
  options: Record<string, unknown>,
): Promise<{ error: Error | null; binary: Uint8Array | null }>;
