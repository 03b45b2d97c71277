/** Why and where a text is not JSON. `offset` counts UTF-16 code units from the start of the text. */
export class JsonError {
  constructor(
    readonly reason: string,
    readonly offset: i32,
  ) {}
}

/** Whether a character is JSON white space. */
export function isWhiteSpace(code: i32): bool {
  return code == 0x20 || code == 0x09 || code == 0x0a || code == 0x0d;
}

/** Returns the first index at or after `index` that does not hold JSON white space. */
export function skipWhiteSpace(text: string, index: i32): i32 {
  while (index < text.length && isWhiteSpace(text.charCodeAt(index))) index++;
  return index;
}

/** Whether `part` stands in `text` at `index`. */
export function hasAt(text: string, index: i32, part: string): bool {
  return text.substr(index, part.length) == part;
}

/** What a text may hold beyond what RFC 8259 asks every reader to accept. */
export enum Strictness {
  /** Lone surrogates, arrays and objects in each other to any depth, numbers of any size. */
  Lenient,
  /** Neither lone surrogates nor more than 64 arrays and objects in each other nor numbers of 1e308 or more. */
  Strict,
}

const MAXIMUM_DEPTH = 64;
/** The digits in front of its point that a number may have, its exponent counted in. */
const MAXIMUM_MAGNITUDE = 308;
/** A larger exponent makes no difference: no text has so many digits. */
const LARGE_EXPONENT = 1_000_000_000;

/**
 * Checks that `text` holds, from `start` to its end, one JSON value (RFC 8259) with white space around it. json-as
 * itself reads many texts that are not JSON, so that everything is checked here before json-as sees it. Returns null
 * where the text is sound.
 */
export function validateJson(text: string, start: i32, strictness: Strictness): JsonError | null {
  return new Validator(text, start, strictness == Strictness.Strict).run();
}

class Validator {
  private error: JsonError | null = null;
  /** The brackets that are open, outermost first. */
  private open: Array<i32> = [];

  constructor(
    private text: string,
    private index: i32,
    private strict: bool,
  ) {}

  run(): JsonError | null {
    this.value();
    while (!this.error && this.open.length > 0) this.afterValue();
    this.skip();
    if (!this.error && this.index < this.text.length) this.fail("text after the JSON value");
    return this.error;
  }

  /** The character at the index, or -1 at the end of the text. */
  private peek(): i32 {
    return this.index < this.text.length ? this.text.charCodeAt(this.index) : -1;
  }

  private skip(): void {
    this.index = skipWhiteSpace(this.text, this.index);
  }

  private fail(reason: string): void {
    if (!this.error) this.error = new JsonError(this.peek() < 0 ? "the text ends too early" : reason, this.index);
  }

  /** Reads a scalar whole; of an array or object what stands before the end of its first value. */
  private value(): void {
    while (true) {
      this.skip();
      const code = this.peek();
      if (code == CharCode.LeftBrace || code == CharCode.LeftBracket) {
        if (this.strict && this.open.length == MAXIMUM_DEPTH) return this.fail("nesting is too deep");
        this.open.push(code);
        this.index++;
        this.skip();
        if (this.peek() == closing(code)) return;
        if (code == CharCode.LeftBrace) this.name();
        if (this.error) return;
      } else if (code == CharCode.Quote) {
        return this.string();
      } else if (code == CharCode.Minus || isDigit(code)) {
        return this.number();
      } else {
        return this.literal();
      }
    }
  }

  /** Closes the innermost array or object, or reads on to its next value. */
  private afterValue(): void {
    this.skip();
    const open = this.open[this.open.length - 1];
    if (this.peek() == closing(open)) {
      this.open.pop();
      this.index++;
    } else if (this.peek() == CharCode.Comma) {
      this.index++;
      this.skip();
      if (open == CharCode.LeftBrace) this.name();
      if (!this.error) this.value();
    } else {
      this.fail("a comma or a closing bracket is missing");
    }
  }

  private name(): void {
    if (this.peek() != CharCode.Quote) return this.fail("a name is missing");
    this.string();
    this.skip();
    if (this.error) return;
    if (this.peek() != CharCode.Colon) return this.fail("a colon is missing");
    this.index++;
  }

  private string(): void {
    this.index++;
    while (true) {
      const code = this.peek();
      if (code == CharCode.Quote) break;
      if (code < 0x20) return this.fail("a control character in a string");
      if (this.strict && isLowSurrogate(code)) return this.fail("a lone surrogate");
      if (this.strict && isHighSurrogate(code)) {
        this.index++;
        if (!isLowSurrogate(this.peek())) return this.fail("a lone surrogate");
        this.index++;
      } else if (code == CharCode.Backslash) {
        this.escape();
        if (this.error) return;
      } else {
        this.index++;
      }
    }
    this.index++;
  }

  private escape(): void {
    this.index++;
    const code = this.peek();
    if (code == CharCode.u) {
      const unit = this.hexadecimal();
      if (this.error || !this.strict) return;
      if (isLowSurrogate(unit)) return this.fail("a lone surrogate");
      if (!isHighSurrogate(unit)) return;
      if (this.peek() != CharCode.Backslash) return this.fail("a lone surrogate");
      this.index++;
      if (this.peek() != CharCode.u) return this.fail("a lone surrogate");
      const second = this.hexadecimal();
      if (!this.error && !isLowSurrogate(second)) this.fail("a lone surrogate");
    } else if (code >= 0 && '"\\/bfnrt'.includes(String.fromCharCode(code))) {
      this.index++;
    } else {
      this.fail("an unknown escape");
    }
  }

  /** Reads `uXXXX` and returns the UTF-16 code unit that it stands for. */
  private hexadecimal(): i32 {
    this.index++;
    let unit = 0;
    for (let i = 0; i < 4; i++) {
      const digit = hexadecimalDigit(this.peek());
      if (digit < 0) {
        this.fail("an unknown escape");
        return 0;
      }
      unit = (unit << 4) | digit;
      this.index++;
    }
    return unit;
  }

  private number(): void {
    if (this.peek() == CharCode.Minus) this.index++;
    const start = this.index;
    if (this.peek() == CharCode._0) this.index++;
    else this.digits();
    let magnitude: i64 = this.index - start;
    if (this.peek() == CharCode.Dot) {
      this.index++;
      this.digits();
    }
    if (this.peek() == CharCode.e || this.peek() == CharCode.E) {
      this.index++;
      const isNegative = this.peek() == CharCode.Minus;
      if (isNegative || this.peek() == CharCode.Plus) this.index++;
      const exponentStart = this.index;
      this.digits();
      const exponent = this.exponent(exponentStart);
      magnitude += isNegative ? -exponent : exponent;
    }
    if (this.strict && magnitude > MAXIMUM_MAGNITUDE) this.fail("a number out of range");
  }

  /** The number of the digits from `start` to here. */
  private exponent(start: i32): i64 {
    let exponent: i64 = 0;
    for (let i = start; i < this.index && exponent < LARGE_EXPONENT; i++) {
      exponent = exponent * 10 + this.text.charCodeAt(i) - CharCode._0;
    }
    return exponent;
  }

  private digits(): void {
    if (!isDigit(this.peek())) return this.fail("a digit is missing");
    while (isDigit(this.peek())) this.index++;
  }

  private literal(): void {
    for (let i = 0; i < LITERALS.length; i++) {
      if (hasAt(this.text, this.index, LITERALS[i])) {
        this.index += LITERALS[i].length;
        return;
      }
    }
    this.fail("a value is missing");
  }
}

const LITERALS = ["true", "false", "null"];

const enum CharCode {
  Quote = 0x22,
  Plus = 0x2b,
  Comma = 0x2c,
  Minus = 0x2d,
  Dot = 0x2e,
  _0 = 0x30,
  _9 = 0x39,
  Colon = 0x3a,
  E = 0x45,
  LeftBracket = 0x5b,
  Backslash = 0x5c,
  RightBracket = 0x5d,
  e = 0x65,
  u = 0x75,
  LeftBrace = 0x7b,
  RightBrace = 0x7d,
}

function closing(open: i32): i32 {
  return open == CharCode.LeftBrace ? CharCode.RightBrace : CharCode.RightBracket;
}

function isDigit(code: i32): bool {
  return code >= CharCode._0 && code <= CharCode._9;
}

function hexadecimalDigit(code: i32): i32 {
  if (isDigit(code)) return code - CharCode._0;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

/** Whether a UTF-16 code unit is the first of a surrogate pair. */
export function isHighSurrogate(code: i32): bool {
  return (code & 0xfc00) == 0xd800;
}

/** Whether a UTF-16 code unit is the second of a surrogate pair. */
export function isLowSurrogate(code: i32): bool {
  return (code & 0xfc00) == 0xdc00;
}
