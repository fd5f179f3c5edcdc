/// Guesses what a misspelled word should have been.
public enum Misspelling {
  /// The known word closest to the text; nil when none is close enough to be meant.
  public static func closest(to text: String, among words: some Sequence<String>) -> String? {
    let tolerated = text.count < 5 ? 1 : text.count < 12 ? 2 : 3
    let near = words.map { (word: $0, distance: distance(text, $0)) }.filter { $0.distance <= tolerated }
    return near.min { ($0.distance, $0.word) < ($1.distance, $1.word) }?.word
  }

  /// Letters to insert, remove, replace or swap with the next, whatever their case.
  static func distance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left.lowercased()), Array(right.lowercased()))
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
      var current = [row + 1]
      for column in right.indices {
        let isSame = left[row] == right[column]
        var best = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }
}
