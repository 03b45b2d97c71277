import { JSON } from "json-as";
import { readString } from "./strings";
import { withoutLoneSurrogates } from "./surrogates";
import { integerText, isBool, isNull, isNumber, isObject, isScalar } from "./values";

/** One name and value of an object. */
export class Field {
  /** Whether a column or the search for the event has used the value. */
  used: bool = false;
  /** The fields of the value, where they were looked at one by one. */
  inner: Fields | null = null;

  /** @param name unescaped @param value the JSON value as it stands in the source, without white space around it */
  constructor(
    readonly name: string,
    readonly value: string,
  ) {}
}

/**
 * An object as the list of its fields, in the order of the source, with names that stand twice. Every value is kept as
 * source text, so that numbers keep their digits; json-as's own Map would keep one of two equal names only.
 *
 * The methods that give a column's value mark it as used. What is not used in the end has no column.
 */
@json
export class Fields {

  @omit list: Field[] = [];


  @deserializer("object")
  deserialize(source: string): Fields {
    const fields = new Fields();
    const end = changetype<usize>(source) + ((<usize>source.length) << 1);
    let at = afterSpace(changetype<usize>(source), end);
    at = afterSpace(at + sizeof<u16>(), end);
    while (at < end && load<u16>(at) != 0x7d /* } */) {
      const nameEnd = JSON.Util.scanValueEnd<string>(at, end);
      const name = JSON.Util.ptrToStr(at, nameEnd);
      const colon = afterSpace(nameEnd, end);
      const valueStart = afterSpace(colon + sizeof<u16>(), end);
      const valueEnd = JSON.Util.scanValueEnd<JSON.Raw>(valueStart, end);
      fields.list.push(new Field(readName(name), JSON.Util.ptrToStr(valueStart, valueEnd)));
      at = afterSpace(valueEnd, end);
      if (at < end && load<u16>(at) == 0x2c /* , */) at = afterSpace(at + sizeof<u16>(), end);
    }
    return fields;
  }

  /** The value under `name` if it is a scalar: what a `string` column takes. */
  scalar(name: string): JSON.Raw | null {
    return raw(this.last(name, isScalar));
  }

  /** The value under `name` if it is true or false. */
  bool(name: string): JSON.Raw | null {
    return raw(this.last(name, isBool));
  }

  /** The value under `name` if it is a number or an integer in quotes, which loses them: what `int` and `long` take. */
  integer(name: string): JSON.Raw | null {
    const value = this.last(name, isInteger);
    return value == null || isNumber(value) ? raw(value) : new JSON.Raw(integerText(value)!);
  }

  /** The value under `name` if it is an object or an array: what a `dynamic` column takes. */
  dynamic(name: string): JSON.Raw | null {
    return raw(this.last(name, isDynamic));
  }

  /** The fields of the object under `name`; of all of them if the name stands more than once; none if there is none. */
  object(name: string): Fields {
    const fields = new Fields();
    for (let i = 0; i < this.list.length; i++) {
      const field = this.list[i];
      if (field.name != name || !isObject(field.value)) continue;
      let inner = field.inner;
      if (inner == null) inner = field.inner = JSON.parse<Fields>(field.value);
      fields.list = fields.list.concat(inner.list);
    }
    return fields;
  }

  /** The last value under `name` that `fits`. */
  last(name: string, fits: (value: string) => bool): string | null {
    let value: string | null = null;
    for (let i = 0; i < this.list.length; i++) {
      const field = this.list[i];
      if (field.name != name || !fits(field.value)) continue;
      field.used = true;
      value = field.value;
    }
    return value;
  }

  /** Marks every value under `name` as used. */
  use(name: string): void {
    this.last(name, (_value: string) => true);
  }

  /** Whether a value other than null stands under `name`. */
  has(name: string): bool {
    for (let i = 0; i < this.list.length; i++) {
      if (this.list[i].name == name && !isNull(this.list[i].value)) return true;
    }
    return false;
  }

  /** The unused values that are not null, by dotted path, those of inner fields included. */
  addUnusedTo(additional: Map<string, JSON.Raw>, path: string): void {
    for (let i = 0; i < this.list.length; i++) {
      const field = this.list[i];
      const inner = field.inner;
      if (field.used || isNull(field.value)) continue;
      if (inner != null) inner.addUnusedTo(additional, path + field.name + ".");
      else additional.set(path + field.name, new JSON.Raw(field.value));
    }
  }
}

/** Names are freed of lone surrogates before they are compared, so that no two of a row become one. */
function readName(name: string): string {
  return readString(withoutLoneSurrogates(name));
}

function raw(value: string | null): JSON.Raw | null {
  return value == null ? null : new JSON.Raw(value);
}

function isInteger(value: string): bool {
  return isNumber(value) || integerText(value) != null;
}

function isDynamic(value: string): bool {
  return !isScalar(value) && !isNull(value);
}

function afterSpace(at: usize, end: usize): usize {
  return JSON.Util.skipWhitespace(at, end);
}
