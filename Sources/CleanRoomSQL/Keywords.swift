/// The words that have a meaning somewhere in a query, so that the parser compares numbers and not texts.
enum Keyword: String, Sendable, CaseIterable {
  case all, and, anti, any, `as`, asc, between, both, by, `case`, cast, cluster, cross, cube, current, date, desc
  case distinct, distribute, div, `else`, end, escape, except, exclude, exists, extract, `false`, fetch, filter, first
  case following, `for`, from, full, group, grouping, having, ilike, `in`, include, inner, intersect, interval, into,
    `is`
  case join, last, lateral, leading, left, like, limit, minus, natural, not, null, nulls, of, offset, on, or, order
  case outer, over, partition, pivot, preceding, precision, qualify, r, range, recursive, regexp, replace, right, rlike
  case rollup, row, rows, select, semi, sets, similar, some, sort, table, tablesample, then, timestamp, to, trailing
  case `true`, unbounded, union, unknown, unpivot, using, values, version, view, when, `where`, window, with, within, x
  case systemTime = "system_time"
  case systemVersion = "system_version"
  case timestampLocal = "timestamp_ltz"
  case timestampPlain = "timestamp_ntz"
  case tryCast = "try_cast"

  // Functions that are written without parentheses.
  case currentDate = "current_date"
  case currentTimestamp = "current_timestamp"
  case currentUser = "current_user"
  case localTimestamp = "localtimestamp"

  // Units of intervals.
  case year, years, month, months, week, weeks, day, days, hour, hours, minute, minutes, second, seconds
  case millisecond, milliseconds, microsecond, microseconds

  // Statements that people try.
  case alter, analyze, attach, cache, call, checkpoint, copy, create, delete, describe, detach, drop, execute, explain
  case export, grant, `import`, insert, install, load, merge, pragma, prepare, refresh, reset, revoke, set, show
  case summarize, truncate, uncache, unload, update, use, vacuum

  /// As messages write it.
  var display: String { rawValue.uppercased() }
}

extension Keyword {
  /// Cannot be used as a name without quotes.
  var isReserved: Bool {
    switch self {
    case .all, .and, .anti, .as, .between, .both, .by, .case, .cast, .cross, .distinct, .else, .end, .escape, .except,
      .exists, .false, .fetch, .for, .from, .full, .group, .having, .ilike, .in, .inner, .intersect, .into, .is, .join,
      .lateral, .leading, .left, .like, .limit, .minus, .natural, .not, .null, .offset, .on, .or, .order, .outer,
      .qualify, .regexp, .right, .rlike, .select, .semi, .similar, .some, .table, .then, .trailing, .true, .union,
      .using, .values, .when, .where, .window, .with:
      true
    default: false
    }
  }

  static let reservedNames = Set(allCases.filter(\.isReserved).map(\.rawValue))

  /// Begins a statement that is refused by name.
  var isStatement: Bool {
    switch self {
    case .alter, .analyze, .attach, .cache, .call, .checkpoint, .copy, .create, .delete, .describe, .detach, .drop,
      .execute, .explain, .export, .grant, .import, .insert, .install, .load, .merge, .pivot, .pragma, .prepare,
      .refresh, .reset, .revoke, .set, .show, .summarize, .truncate, .uncache, .unload, .update, .use, .vacuum:
      true
    default: false
    }
  }

  /// The statement as its manual names it.
  var statementName: String { self == .cache ? "CACHE TABLE" : display }

  var isBareFunction: Bool {
    switch self {
    case .currentDate, .currentTimestamp, .currentUser, .localTimestamp: true
    default: false
    }
  }

  var isIntervalUnit: Bool {
    switch self {
    case .year, .years, .month, .months, .week, .weeks, .day, .days, .hour, .hours, .minute, .minutes, .second,
      .seconds, .millisecond, .milliseconds, .microsecond, .microseconds:
      true
    default: false
    }
  }

  var beginsQuery: Bool { self == .select || self == .with || self == .values }

  /// May follow a query in parentheses.
  var continuesQuery: Bool {
    switch self {
    case .union, .except, .minus, .intersect, .order, .limit, .offset: true
    default: false
    }
  }

  var beginsJoin: Bool {
    switch self {
    case .join, .inner, .cross, .left, .right, .full, .semi, .anti: true
    default: false
    }
  }

  /// May begin a clause that is refused by name.
  var mayBeginUnavailable: Bool {
    switch self {
    case .lateral, .cluster, .distribute, .sort, .timestamp, .version, .for, .fetch, .into, .tablesample, .pivot,
      .unpivot, .union, .except, .minus, .intersect:
      true
    default: false
    }
  }

  /// LIKE and its kin, BETWEEN and IN: what NOT may stand before.
  var isNegatablePredicate: Bool {
    switch self {
    case .between, .in, .like, .ilike, .rlike, .regexp, .similar: true
    default: false
    }
  }
}
