// What Scripts/bench-synthetic runs.
import CleanRoomSynthetic
import Glibc

let rows = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 20_000_000

func table() throws -> TableGenerator {
  guard let name = TableName("retailer.purchases"), let from = CalendarDay("2025-01-01"),
    let to = CalendarDay("2025-12-31")
  else { exit(70) }
  let columns = [
    ColumnSpecification("email", .email), ColumnSpecification("full_name", .fullName),
    ColumnSpecification("purchase_date", .date(DayRange(from: from, to: to, months: [12: 3]))),
    ColumnSpecification(
      "category", .category([Weighted("Electronics", 20), Weighted("Home", 15), Weighted("Garden", 5)])),
    ColumnSpecification("amount", .amount(AmountRange(.lognormal(median: 40, sigma: 0.8)))),
  ]
  let people = max(1, rows / 10)
  let table = TableSpecification(
    name: name, people: .count(people), rows: rows, rowsPerPerson: .zipf(1.1), columns: columns)
  return try DataGenerator(DataSpecification(seed: 1, people: 2 * people, tables: [table])).tables[0]
}

func usage() -> (seconds: Double, megabytes: Double) {
  var usage = rusage()
  getrusage(0, &usage)  // RUSAGE_SELF, which glibc declares as another type
  let seconds = Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
  return (seconds + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6, Double(usage.ru_maxrss) / 1000)
}

let generator = try table()
let sink = open("/dev/null", O_WRONLY)
let clock = ContinuousClock()
let before = usage().seconds
var (buffer, bytes) = (generator.header(), 0)
let elapsed = clock.measure {
  for first in stride(from: 0, to: generator.rows, by: 8192) {
    generator.append(rows: first..<min(generator.rows, first + 8192), to: &buffer)
    bytes += buffer.withUnsafeBytes { write(sink, $0.baseAddress, $0.count) }
    buffer.removeAll(keepingCapacity: true)
  }
}
let after = usage()
let perSecond = Double(rows) / (after.seconds - before)
print("\(rows) rows, \(bytes) bytes, \(elapsed)")
print("\(Int(perSecond)) rows per second of one core, \(Int(after.megabytes)) MB at most")
exit(perSecond >= 1_000_000 && after.megabytes <= 50 ? 0 : 1)
