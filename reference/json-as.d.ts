// What the reference uses of json-as and of AssemblyScript's runtime, whose own sources only asc can check.

export namespace JSON {
  /** A JSON value as its source text. */
  class Raw {
    data: string;
    constructor(data: string);
  }
  function parse<T>(data: string): T;
  function stringify<T>(data: T): string;
  namespace Util {
    function skipWhitespace(start: usize, end: usize): usize;
    function scanValueEnd<T>(start: usize, end: usize): usize;
    function ptrToStr(start: usize, end: usize): string;
  }
}

declare global {
  function __collect(): void;
  function json(constructor: Function): void;
  function omit(target: object, name: string): void;
  function omitnull(target: object, name: string): void;
  function deserializer(shape: string): (target: object, name: string) => void;
}
