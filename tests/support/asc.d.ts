// What the tests use of the compiler. Its own types also declare globals, such as an Array.at that never gives undefined.
export function compileString(
  source: string,
  options: Record<string, unknown>,
): Promise<{ error: Error | null; binary: Uint8Array | null }>;

/** The compiler's command line, with files from where the host takes them. */
export function main(
  args: string[],
  host: {
    readFile(name: string, directory: string): string | null;
    writeFile(name: string, contents: string | Uint8Array, directory: string): void;
    listFiles(directory: string): string[];
    stderr: { write(text: string): void };
  },
): Promise<{ error: Error | null }>;
