// What is used of @stryker-mutator/instrumenter, which `npm ci` of this folder installs: the types are checked without it.

/** Lines and columns count from 0. */
export interface Position {
  line: number;
  column: number;
}

export interface Mutant {
  fileName: string;
  mutatorName: string;
  replacement: string;
  location: { start: Position; end: Position };
}

export class Instrumenter {
  constructor(logger: Record<string, unknown>);
  instrument(
    files: { name: string; content: string; mutate: boolean }[],
    options: Record<string, unknown>,
  ): Promise<{ mutants: Mutant[] }>;
}
