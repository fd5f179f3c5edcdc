import CleanRoomModel

/// Random expressions over `HostileValues.columns`, from templates with a letter for each argument's kind.
struct RandomSparkExpression {
  var random: SeededRandom

  /// `#` number, `@` whole number, `$` text, `~` date or timestamp, `?` condition, `*` anything.
  private static let templates: [Character: [String]] = [
    "#": [
      "(# + #)", "(# - #)", "(# * #)", "(# / #)", "(# % #)", "(-#)", "abs(#)", "ceil(#)", "floor(#)", "round(#)",
      "round(#, 2)", "sqrt(#)", "ln(#)", "log(#, #)", "log2(#)", "log10(#)", "exp(#)", "power(#, #)", "cbrt(#)",
      "sin(#)", "cos(#)", "tan(#)", "cot(#)", "acos(#)", "asin(#)", "atan(#)", "atan2(#, #)", "degrees(#)",
      "radians(#)", "sign(#)", "CAST(# AS DOUBLE)", "CAST(# AS DECIMAL(38,10))", "CAST(# AS DECIMAL(3,1))",
      "CAST($ AS DOUBLE)", "CAST($ AS DECIMAL(20,5))", "CAST(# AS FLOAT)", "coalesce(#, #)", "greatest(#, #)",
      "least(#, #)", "nullif(#, #)", "CASE WHEN ? THEN # ELSE # END", "extract(SECOND FROM ~)",
    ],
    "@": [
      "(@ + @)", "(@ - @)", "(@ * @)", "(@ DIV @)", "(@ % @)", "pmod(@, @)", "mod(@, @)", "(-@)", "abs(@)",
      "CAST(# AS BIGINT)", "CAST(# AS INT)", "CAST($ AS INT)", "CAST($ AS BIGINT)", "CAST(@ AS TINYINT)",
      "CAST(@ AS SMALLINT)", "length($)", "octet_length($)", "position($ IN $)", "regexp_count($, '[a-z]+')",
      "regexp_instr($, 'b|c')", "year(~)", "quarter(~)", "month(~)", "day(~)", "dayofweek(~)", "dayofyear(~)",
      "weekday(~)", "weekofyear(~)", "hour(~)", "minute(~)", "second(~)", "datediff(~, ~)", "datediff(SECOND, ~, ~)",
      "datediff(WEEK, ~, ~)", "if(?, @, @)", "nvl2(*, @, @)", "CAST(? AS INT)",
    ],
    "$": [
      "upper($)", "lower($)", "trim($)", "ltrim($)", "rtrim($)", "btrim($, $)", "($ || $)", "concat($, @, ?)",
      "substring($, @)", "substring($, @, @)", "left($, @)", "right($, @)", "lpad($, 30, 'ab')", "rpad($, 30)",
      "repeat($, 3)", "replace($, $, $)", "reverse($)", "translate($, $, $)", "split_part($, 'a', -2)", "md5($)",
      "sha1($)", "sha2($, 256)", "hex($)", "hex(@)", "regexp_replace($, '[^a-z]', '-')", "regexp_substr($, '.+')",
      "CAST(@ AS STRING)", "CAST(~ AS STRING)", "CAST(n AS STRING)", "CAST(? AS STRING)", "coalesce($, 'x')",
      "greatest($, $)", "CASE $ WHEN $ THEN $ END",
    ],
    "~": [
      "date_add(~, @)", "date_sub(~, @)", "add_months(~, @)", "last_day(~)", "make_date(@, @, @)", "trunc(~, 'WEEK')",
      "trunc(~, 'QUARTER')", "date_trunc('WEEK', ~)", "date_trunc('HOUR', ~)", "dateadd(MONTH, @, ~)",
      "dateadd(SECOND, @, ~)", "dateadd(QUARTER, @, ~)", "(~ + INTERVAL '3' MONTH)", "(~ - INTERVAL '999999' DAY)",
      "(~ + INTERVAL '1' MICROSECOND)", "CAST(~ AS DATE)", "CAST(~ AS TIMESTAMP)", "CAST($ AS DATE)",
      "to_date($, 'yyyy-MM-dd')", "to_timestamp($, 'yyyy-MM-dd HH:mm:ss')", "coalesce(~, ~)", "least(~, ~)",
      "nullif(~, ~)",
    ],
    "?": [
      "(# < #)", "(# = #)", "(# <=> #)", "($ = $)", "($ < $)", "(~ >= ~)", "(? AND ?)", "(? OR ?)", "(NOT ?)",
      "(* IS NULL)", "(? IS TRUE)", "(# BETWEEN # AND #)", "($ LIKE '%a_')", "($ ILIKE 'A%')", "($ RLIKE '^[a-c]+')",
      "(@ IN (@, @, NULL))", "($ NOT IN ($, 'a'))", "CAST($ AS BOOLEAN)", "CAST(# AS BOOLEAN)",
      "(~ IS DISTINCT FROM ~)",
      "isnotnull(*)",
    ],
  ]
  private static let leaves: [Character: [String]] = [
    "#": ["y", "h", "i", "l", "n", "w", "q", "f", "x", "0", "1.5", "-2147483648", "1e300", "NULL"],
    "@": ["y", "h", "i", "l", "0", "-1", "7", "9223372036854775807", "-9223372036854775808"],
    "$": ["s", "s", "s", "''", "'a'", "'é🎉'"],
    "~": ["d", "m", "d", "m", "DATE '9999-12-31'", "TIMESTAMP '0001-01-01 00:00:00'"],
    "?": ["b", "TRUE", "(i > 0)"],
  ]

  init(seed: UInt64) { random = SeededRandom(seed) }

  mutating func next(_ kind: Character = "*", depth: Int = 4) -> String {
    let kind = kind == "*" ? random.pick(["#", "@", "$", "~", "?"]) : kind
    guard depth > 0, !random.chance(20), let templates = Self.templates[kind] else {
      return random.pick(Self.leaves[kind] ?? ["i"])
    }
    return filled(random.pick(templates), depth: depth - 1)
  }

  /// Quoted parts stay as they are.
  mutating func filled(_ template: String, depth: Int) -> String {
    var (result, isQuoted) = ("", false)
    for letter in template {
      if letter == "'" { isQuoted.toggle() }
      result +=
        !isQuoted && "#@$~?".contains(letter) || (letter == "*" && isHole(template))
        ? next(letter, depth: depth) : String(letter)
    }
    return result
  }

  /// `*` is a hole but in products and COUNT(*).
  private func isHole(_ template: String) -> Bool {
    !template.contains(" * ") && !template.contains("(*)") || template.contains("(*,")
  }
}
