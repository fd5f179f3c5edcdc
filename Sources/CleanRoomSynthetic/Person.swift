/// What makes a person: a function of seed and number, the same in every table.
final class PersonTraits: Sendable {
  /// How many there are in all.
  let people: Int
  private let locales: [LocaleData]
  private let localeTable: AliasTable
  private let localeDraw: RandomStream
  private let nameDraw: RandomStream
  private let addressDraw: RandomStream
  /// Numbers in e-mail addresses: short ones for small populations.
  let mailNumbers: Permutation
  let phoneNumbers: Permutation
  let mailDraw: RandomStream

  init(_ specification: DataSpecification) {
    let seed = specification.seed
    people = specification.people
    locales = specification.locales.map(\.value.data)
    localeTable = AliasTable(weights: specification.locales.map(\.weight))
    localeDraw = RandomStream(seed: seed, "locale")
    nameDraw = RandomStream(seed: seed, "name")
    addressDraw = RandomStream(seed: seed, "address")
    mailDraw = RandomStream(seed: seed, "email")
    mailNumbers = Permutation(size: max(10_000, specification.people), seed: seed, "email")
    phoneNumbers = Permutation(size: PhoneShape.people, seed: seed, "phone")
  }

  @inline(__always)
  func locale(_ person: Int) -> LocaleData {
    locales.count == 1 ? locales[0] : locales[localeTable.draw(localeDraw[person])]
  }

  /// Indexes into the locale's lists.
  @inline(__always)
  func name(_ person: Int, _ locale: LocaleData) -> (first: Int, last: Int) {
    let bits = nameDraw[person]
    return (bits.skewedIndex(below: locale.firstNames.count), bits.next.skewedIndex(below: locale.lastNames.count))
  }

  func address(_ person: Int) -> UInt64 { addressDraw[person] }
}
