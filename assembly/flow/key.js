"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.keyOf = keyOf;
exports.isTextKey = isTextKey;
/** Which key the `length` bytes at `key` are. */
function keyOf(key, length) {
    switch (length) {
        case 3: {
            const word = load(key) & 0xff_ffff;
            if (word == 0x676f6c)
                return 1 /* Key.Log */; // log
            if (word == 0x67736d)
                return 5 /* Key.Msg */; // msg
            break;
        }
        case 4: {
            const word = load(key);
            if (word == 0x656d6974)
                return 6 /* Key.Time */; // time
            if (word == 0x776f6c66)
                return 8 /* Key.Flow */; // flow
            break;
        }
        case 7: {
            const word = load(key) & 0xff_ffff_ffff_ffff;
            if (word == 0x6567617373656d)
                return 2 /* Key.Message */; // message
            if (word == 0x4547415353454d)
                return 4 /* Key.UpperMessage */; // MESSAGE
            break;
        }
        case 9:
            if (load(key) == 0x6d616e5f65646f6e && load(key, 8) == 0x65)
                return 7 /* Key.NodeName */; // node_nam e
            break;
        case 10:
            if (load(key) == 0x61737365_4d676f4c && load(key, 8) == 0x6567)
                return 3 /* Key.LogMessage */; // LogMessa ge
            break;
        case 11: {
            const first = load(key);
            const last = load(key, 7);
            if (first == 0x6576655f74736f6c && last == 0x73746e65)
                return 9 /* Key.LostEvents */; // lost_eve ents
            if (first == 0x76655f746e656761 && last == 0x746e6576)
                return 10 /* Key.AgentEvent */; // agent_ev vent
            if (first == 0x76655f6775626564 && last == 0x746e6576)
                return 11 /* Key.DebugEvent */; // debug_ev vent
            if (first == 0x6174735f65646f6e && last == 0x73757461)
                return 12 /* Key.NodeStatus */; // node_sta atus
            break;
        }
        default:
            break;
    }
    return 0 /* Key.Other */;
}
// @ts-ignore: decorator
function isTextKey(key) {
    return key >= 1 /* Key.Log */ && key <= 5 /* Key.Msg */;
}
