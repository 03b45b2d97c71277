"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.failedAt = exports.failure = void 0;
exports.fail = fail;
exports.failure = 0 /* Failure.Unexpected */;
exports.failedAt = 0;
/** Notes why and where scanning stopped. Returns 0, the address that stands for failure. */
function fail(reason, at) {
    exports.failure = reason;
    exports.failedAt = at;
    return 0;
}
