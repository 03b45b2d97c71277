/** The keys of a record or an export event that mean something to the filter. */
export const enum Key {
  Other,
  /** The keys that may hold an event as text, in the order in which they are searched. */
  Log,
  Message,
  LogMessage,
  UpperMessage,
  Msg,
  /** The event's own time and node name. */
  Time,
  NodeName,
  /** The event. */
  Flow,
  LostEvents,
  AgentEvent,
  DebugEvent,
  NodeStatus,
}

/** Whether a key of this length can be one of them: 3, 4, 7, 9, 10 or 11 bytes. */
// @ts-ignore: decorator
@inline
export function mayBeKey(length: usize): bool {
  return length < 12 && ((0b1110_1001_1000 >> (<u32>length)) & 1) != 0;
}

/** Which key the `length` bytes at `key` are. */
export function keyOf(key: usize, length: usize): Key {
  switch (<i32>length) {
    case 3: {
      const word = load<u32>(key) & 0xff_ffff;
      if (word == 0x676f6c) return Key.Log; // log
      if (word == 0x67736d) return Key.Msg; // msg
      break;
    }
    case 4: {
      const word = load<u32>(key);
      if (word == 0x656d6974) return Key.Time; // time
      if (word == 0x776f6c66) return Key.Flow; // flow
      break;
    }
    case 7: {
      const word = load<u64>(key) & 0xff_ffff_ffff_ffff;
      if (word == 0x6567617373656d) return Key.Message; // message
      if (word == 0x4547415353454d) return Key.UpperMessage; // MESSAGE
      break;
    }
    case 9:
      if (load<u64>(key) == 0x6d616e5f65646f6e && load<u8>(key, 8) == 0x65) return Key.NodeName; // node_nam e
      break;
    case 10:
      if (load<u64>(key) == 0x61737365_4d676f4c && load<u16>(key, 8) == 0x6567) return Key.LogMessage; // LogMessa ge
      break;
    case 11: {
      const first = load<u64>(key);
      const last = load<u32>(key, 7);
      if (first == 0x6576655f74736f6c && last == 0x73746e65) return Key.LostEvents; // lost_eve ents
      if (first == 0x76655f746e656761 && last == 0x746e6576) return Key.AgentEvent; // agent_ev vent
      if (first == 0x76655f6775626564 && last == 0x746e6576) return Key.DebugEvent; // debug_ev vent
      if (first == 0x6174735f65646f6e && last == 0x73757461) return Key.NodeStatus; // node_sta atus
      break;
    }
    default:
      break;
  }
  return Key.Other;
}

// @ts-ignore: decorator
@inline
export function isTextKey(key: Key): bool {
  return key >= Key.Log && key <= Key.Msg;
}
