import { wordCharacterEnd } from "./word-characters.js";

/**
 * Functions of KQL that take more than a line of SQL, as DuckDB macros. Arguments and results are in the engine's
 * representation (see `translate/value.ts`).
 */
export const macros = [
  // Ticks ↔ DuckDB's timestamp, which has microseconds.
  "kusto_timestamp(t) AS make_timestamp(t // 10 - 62135596800000000)",
  "kusto_ticks(ts) AS epoch_us(ts) * 10 + 621355968000000000",

  // Rounded down to a multiple; not for a null bin or one that is not positive.
  "kusto_bin_integer(x, b) AS CASE WHEN b > 0 THEN x - ((x % b) + b) % b END",
  "kusto_bin_real(x, b) AS CASE WHEN b > 0 THEN floor(x / b) * b END",

  // "A small non-negative number", whatever the signs.
  "kusto_modulo(a, b) AS ((a % b) + abs(b)) % abs(b)",

  `kusto_datetime_text(t) AS CASE WHEN t IS NULL THEN '' ELSE
    strftime(kusto_timestamp(t), '%Y-%m-%dT%H:%M:%S') || '.' || lpad(CAST(t % 10000000 AS VARCHAR), 7, '0') || 'Z' END`,
  `kusto_timespan_text(t) AS CASE WHEN t IS NULL THEN '' ELSE
    CASE WHEN t < 0 THEN '-' ELSE '' END
    || CASE WHEN abs(t) >= 864000000000 THEN CAST(abs(t) // 864000000000 AS VARCHAR) || '.' ELSE '' END
    || lpad(CAST(abs(t) // 36000000000 % 24 AS VARCHAR), 2, '0') || ':'
    || lpad(CAST(abs(t) // 600000000 % 60 AS VARCHAR), 2, '0') || ':'
    || lpad(CAST(abs(t) // 10000000 % 60 AS VARCHAR), 2, '0')
    || CASE WHEN t % 10000000 <> 0 THEN '.' || lpad(CAST(abs(t) % 10000000 AS VARCHAR), 7, '0') ELSE '' END END`,

  // ISO 8601: a date, or date and time with a fraction, of which seven digits count, and an offset.
  `kusto_parse_datetime(s) AS
    CASE WHEN regexp_full_match(s, '\\s*\\d{4}-\\d\\d-\\d\\d([T ]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?)?\\s*(Z|z|[+-]\\d\\d:?\\d\\d)?\\s*') THEN
      kusto_ticks(try_cast(
        regexp_extract(s, '\\d{4}-\\d\\d-\\d\\d') || ' '
        || CASE WHEN regexp_matches(s, '[T ]\\d\\d:\\d\\d:\\d\\d') THEN regexp_extract(s, '[T ](\\d\\d:\\d\\d:\\d\\d)', 1)
                WHEN regexp_matches(s, '[T ]\\d\\d:\\d\\d') THEN regexp_extract(s, '[T ](\\d\\d:\\d\\d)', 1) || ':00'
                ELSE '00:00:00' END
        || CASE WHEN regexp_matches(s, '[+-]\\d\\d:?\\d\\d\\s*$') AND contains(s, ':')
             THEN regexp_replace(regexp_extract(s, '([+-]\\d\\d:?\\d\\d)\\s*$', 1), '(\\d\\d):?(\\d\\d)$', '\\1:\\2') ELSE '+00:00' END
        AS TIMESTAMPTZ))
      + CAST(rpad(substr(regexp_extract(s, '\\.(\\d+)', 1), 1, 7), 7, '0') AS BIGINT) END`,
  `kusto_parse_timespan(s) AS CASE
    WHEN regexp_full_match(s, '\\s*-?(\\d+\\.)?\\d{1,2}:\\d\\d(:\\d\\d(\\.\\d{1,7})?)?\\s*') THEN
      (CASE WHEN regexp_matches(s, '^\\s*-') THEN -1 ELSE 1 END) * (
        coalesce(try_cast(regexp_extract(s, '(\\d+)\\.\\d{1,2}:', 1) AS BIGINT), 0) * 864000000000
        + CAST(regexp_extract(s, '(\\d{1,2}):', 1) AS BIGINT) * 36000000000
        + CAST(regexp_extract(s, '\\d:(\\d\\d)', 1) AS BIGINT) * 600000000
        + coalesce(try_cast(regexp_extract(s, '\\d:\\d\\d:(\\d\\d)', 1) AS BIGINT), 0) * 10000000
        + CAST(rpad(regexp_extract(s, ':\\d\\d\\.(\\d{1,7})', 1), 7, '0') AS BIGINT))
    WHEN regexp_full_match(s, '\\s*-?\\d+(\\.\\d+)?\\s*(d|h|m|s|ms)\\s*') THEN
      CAST(round(CAST(regexp_extract(s, '-?\\d+(\\.\\d+)?') AS DOUBLE)
        * CASE regexp_extract(s, '[a-z]+') WHEN 'd' THEN 864000000000 WHEN 'h' THEN 36000000000 WHEN 'm' THEN 600000000
          WHEN 's' THEN 10000000 ELSE 10000 END) AS BIGINT) END`,
  "kusto_parse_long(s) AS CASE WHEN regexp_full_match(s, '\\s*[-+]?\\d+\\s*') THEN try_cast(trim(s) AS BIGINT) END",
  "kusto_parse_real(s) AS try_cast(trim(s) AS DOUBLE)",
  `kusto_parse_bool(s) AS CASE WHEN lower(trim(s)) IN ('true', '1') THEN TRUE WHEN lower(trim(s)) IN ('false', '0') THEN FALSE END`,

  // Dynamics: JSON null is null, a string comes out without its quotes.
  "kusto_not_null(j) AS CASE WHEN CAST(j AS VARCHAR) = 'null' THEN NULL ELSE j END",
  "kusto_pointer(k) AS '/' || replace(replace(k, '~', '~0'), '/', '~1')",
  `kusto_member(j, k) AS CASE WHEN json_type(j) = 'OBJECT' THEN kusto_not_null(json_extract(j, kusto_pointer(k))) END`,
  "kusto_item(j, i) AS kusto_not_null(json_extract(j, '$[' || CASE WHEN i < 0 THEN '#' ELSE '' END || i || ']'))",
  "kusto_parse_json(s) AS kusto_not_null(CASE WHEN s = '' THEN NULL WHEN json_valid(s) THEN CAST(s AS JSON) ELSE to_json(s) END)",
  `kusto_dynamic_long(j) AS CASE json_type(j)
    WHEN 'UBIGINT' THEN try_cast(CAST(j AS VARCHAR) AS BIGINT) WHEN 'BIGINT' THEN try_cast(CAST(j AS VARCHAR) AS BIGINT)
    WHEN 'DOUBLE' THEN try_cast(trunc(try_cast(CAST(j AS VARCHAR) AS DOUBLE)) AS BIGINT)
    WHEN 'BOOLEAN' THEN CASE WHEN CAST(j AS VARCHAR) = 'true' THEN 1 ELSE 0 END
    WHEN 'VARCHAR' THEN kusto_parse_long(json_extract_string(j, '$')) END`,
  `kusto_dynamic_real(j) AS CASE WHEN json_type(j) IN ('OBJECT', 'ARRAY', 'BOOLEAN') THEN NULL ELSE kusto_parse_real(json_extract_string(j, '$')) END`,
  `kusto_dynamic_bool(j) AS CASE json_type(j) WHEN 'BOOLEAN' THEN CAST(j AS VARCHAR) = 'true'
    WHEN 'VARCHAR' THEN kusto_parse_bool(json_extract_string(j, '$')) WHEN 'OBJECT' THEN NULL WHEN 'ARRAY' THEN NULL
    ELSE kusto_dynamic_long(j) <> 0 END`,
  `kusto_gettype(j) AS CASE coalesce(json_type(j), 'NULL') WHEN 'OBJECT' THEN 'dictionary' WHEN 'ARRAY' THEN 'array' WHEN 'VARCHAR' THEN 'string'
    WHEN 'BOOLEAN' THEN 'bool' WHEN 'DOUBLE' THEN 'double' WHEN 'NULL' THEN 'null' ELSE 'long' END`,
  "kusto_array_length(j) AS CASE WHEN json_type(j) = 'ARRAY' THEN CAST(json_array_length(j) AS BIGINT) END",
  // The cast is for a literal null, of whose type a lambda would know nothing.
  "kusto_list(j) AS CAST(json_extract(j, '$[*]') AS JSON[])",
  "kusto_bag_keys(j) AS CASE WHEN json_type(j) = 'OBJECT' THEN to_json(json_keys(j)) END",
  // The members of a bag whose keys a list holds (or does not hold), as JSON pairs.
  `kusto_pairs(j, keys) AS list_transform(keys, lambda k: CAST(to_json(k) AS VARCHAR) || ':' || CAST(json_extract(j, kusto_pointer(k)) AS VARCHAR))`,
  `kusto_bag_merge(a, b) AS CASE
    WHEN coalesce(json_type(a), '') <> 'OBJECT' THEN CASE WHEN json_type(b) = 'OBJECT' THEN b END
    WHEN coalesce(json_type(b), '') <> 'OBJECT' THEN a
    ELSE CAST('{' || array_to_string(list_concat(kusto_pairs(a, json_keys(a)),
      kusto_pairs(b, list_filter(json_keys(b), lambda k: NOT list_contains(json_keys(a), k)))), ',') || '}' AS JSON) END`,
  `kusto_bag_remove_keys(j, keys) AS CASE WHEN json_type(j) = 'OBJECT' THEN CAST('{' || array_to_string(
      kusto_pairs(j, list_filter(json_keys(j), lambda k: NOT list_contains(keys, k))), ',') || '}' AS JSON) END`,
  "kusto_strings(j) AS CASE WHEN json_type(j) = 'ARRAY' THEN list_transform(kusto_list(j), lambda x: coalesce(json_extract_string(x, '$'), '')) END",
  "kusto_items(j) AS CASE WHEN json_type(j) = 'ARRAY' THEN kusto_list(j) ELSE [j] END",
  // What mv-expand makes of a value: nothing of an empty array or bag, one null of a null, bags of one member of a bag.
  `kusto_expand(j) AS CASE coalesce(json_type(j), 'NULL') WHEN 'NULL' THEN [CAST(NULL AS JSON)]
    WHEN 'ARRAY' THEN list_transform(kusto_list(j), lambda x: kusto_not_null(x))
    WHEN 'OBJECT' THEN list_transform(kusto_pairs(j, json_keys(j)), lambda p: CAST('{' || p || '}' AS JSON))
    ELSE [j] END`,

  // Strings.
  "kusto_substring(s, b, n) AS substring(s, CAST(CASE WHEN b >= 0 THEN b + 1 ELSE greatest(length(s) + b, 0) + 1 END AS BIGINT), CAST(greatest(n, 0) AS BIGINT))",
  "kusto_escape(s) AS regexp_replace(s, '([^\\w\\s\\x{80}-\\x{10FFFF}])', '\\\\\\1', 'g')",
  // A term is a run of letters and digits. DuckDB compiles a regular expression wherever it stands in a query, which for
  // the class of all letters takes a millisecond or two: so only what is not plain is looked up, in the engine's bits.
  `kusto_is_word(c) AS get_bit(getvariable('kusto_word_bits'), CAST(least(unicode(c), ${wordCharacterEnd - 1}) AS INTEGER)) = 1`,
  // Whether a term of letters and digits stands alone at one of its places, between the parts into which it cuts the text.
  // Of two places that overlap neither does.
  `kusto_has_alone(s, t) AS list_transform([string_split(' ' || s || ' ', t)], lambda parts: len(list_filter(range(1, len(parts)),
    lambda i: NOT kusto_is_word(right(t || parts[i], 1)) AND NOT kusto_is_word(left(parts[i + 1] || t, 1)))) > 0)[1]`,
  // For a literal of plain letters and digits: in a plain text RE2 finds it faster.
  `kusto_has_term(s, t) AS contains(s, t) AND CASE WHEN strlen(s) = length(s)
    THEN regexp_matches(s, '(^|[^0-9A-Za-z])' || t || '($|[^0-9A-Za-z])') ELSE kusto_has_alone(s, t) END`,
  "kusto_has_delimited(s, t) AS regexp_matches(s, '(^|[^\\pL\\pN])' || kusto_escape(t) || '($|[^\\pL\\pN])')",
  `kusto_has(s, t) AS contains(s, t) AND CASE WHEN regexp_full_match(t, '[\\pL\\pN]+') THEN kusto_has_alone(s, t) ELSE kusto_has_delimited(s, t) END`,
  "kusto_hasprefix(s, t) AS regexp_matches(s, '(^|[^\\pL\\pN])' || kusto_escape(t))",
  "kusto_hassuffix(s, t) AS regexp_matches(s, kusto_escape(t) || '($|[^\\pL\\pN])')",
  // An address in a text, whole or, where the prefix ends in a dot, from its start.
  `kusto_has_ipv4_prefix(s, p) AS p <> '' AND regexp_matches(s, '(^|[^\\pL\\pN.])' || kusto_escape(p) || CASE WHEN ends_with(p, '.') THEN '\\d' ELSE '($|[^\\pL\\pN.])' END)`,
  `kusto_countof(s, t) AS CASE WHEN t = '' THEN 0 ELSE len(list_filter(range(1, length(s) + 1), lambda i: substring(s, i, length(t)) = t)) END`,

  // RFC 3986, appendix B, and the parts of its authority.
  `kusto_parse_url(u) AS json_object(
    'Scheme', regexp_extract(u, '^([a-zA-Z][\\w+.-]*)://', 1),
    'Host', regexp_extract(u, '^[a-zA-Z][\\w+.-]*://(?:[^/?#@]*@)?(\\[[^\\]]*\\]|[^/?#:]*)', 1),
    'Port', regexp_extract(u, '^[a-zA-Z][\\w+.-]*://(?:[^/?#@]*@)?(?:\\[[^\\]]*\\]|[^/?#:]*):(\\d+)', 1),
    'Path', regexp_extract(u, '^(?:[a-zA-Z][\\w+.-]*://[^/?#]*)?([^?#]*)', 1),
    'Username', regexp_extract(u, '^[a-zA-Z][\\w+.-]*://([^/?#@:]*)(?::[^/?#@]*)?@', 1),
    'Password', regexp_extract(u, '^[a-zA-Z][\\w+.-]*://[^/?#@:]*:([^/?#@]*)@', 1),
    'Query Parameters', CASE WHEN regexp_extract(u, '^[^?#]*\\?([^#]*)', 1) = '' THEN CAST('{}' AS JSON) ELSE
      CAST('{' || array_to_string(list_transform(string_split(regexp_extract(u, '^[^?#]*\\?([^#]*)', 1), '&'),
        lambda p: CAST(to_json(split_part(p, '=', 1)) AS VARCHAR) || ':' || CAST(to_json(regexp_replace(p, '^[^=]*=?', '')) AS VARCHAR)), ',') || '}' AS JSON) END,
    'Fragment', regexp_extract(u, '#(.*)$', 1))`,

  // IPv4 addresses as numbers; null for what is none.
  `kusto_parse_ipv4(s) AS CASE WHEN regexp_full_match(s, '((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)') THEN
    CAST(split_part(s, '.', 1) AS BIGINT) * 16777216 + CAST(split_part(s, '.', 2) AS BIGINT) * 65536
    + CAST(split_part(s, '.', 3) AS BIGINT) * 256 + CAST(split_part(s, '.', 4) AS BIGINT) END`,
  `kusto_ipv4_prefix(r) AS CASE WHEN contains(r, '/') THEN CASE WHEN regexp_full_match(split_part(r, '/', 2), '3[0-2]|[12]?\\d') THEN CAST(split_part(r, '/', 2) AS BIGINT) END ELSE 32 END`,
  // `least` passes over nulls.
  `kusto_ipv4_shift(p, q) AS CASE WHEN p IS NOT NULL AND q IS NOT NULL THEN 32 - least(p, q) END`,
  `kusto_ipv4_is_in_range(s, r) AS
    (kusto_parse_ipv4(split_part(s, '/', 1)) >> kusto_ipv4_shift(kusto_ipv4_prefix(r), kusto_ipv4_prefix(s)))
    = (kusto_parse_ipv4(split_part(r, '/', 1)) >> kusto_ipv4_shift(kusto_ipv4_prefix(r), kusto_ipv4_prefix(s)))`,
].map((definition) => `CREATE MACRO ${definition}`);
