const REPLACEMENT = "\ufffd";

/** Decodes UTF-8. Each byte that is part of no character becomes U+FFFD. */
export function decodeUtf8(bytes: usize, length: i32): string {
  const text = String.UTF8.decodeUnsafe(bytes, length);
  return isUtf8(text, bytes, length) ? text : decodeReplacing(bytes, length);
}

/** Bytes are UTF-8 if they come out again after decoding, which AssemblyScript does without any check. */
function isUtf8(text: string, bytes: usize, length: i32): bool {
  const again = String.UTF8.encode(text);
  if (again.byteLength != length || memory.compare(changetype<usize>(again), bytes, length) != 0) return false;
  for (let i = 2; i < length; i++) {
    // The bytes of a surrogate, which come out again too.
    if (load<u8>(bytes + i - 2) == 0xed && load<u8>(bytes + i - 1) >= 0xa0) return false;
  }
  return true;
}

function decodeReplacing(bytes: usize, length: i32): string {
  const characters: string[] = [];
  let index = 0;
  while (index < length) {
    const size = min(characterSize(load<u8>(bytes + index)), length - index);
    const character = String.UTF8.decodeUnsafe(bytes + index, size);
    const sound = isUtf8(character, bytes + index, size);
    characters.push(sound ? character : REPLACEMENT);
    index += sound ? size : 1;
  }
  return characters.join("");
}

function characterSize(first: u8): i32 {
  return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}
