/// `ada.bauer4821@post.example`: the number at the end of the local part is the person's alone.
struct EmailCells: CellWriter {
  let traits: PersonTraits

  private static let domains: [[UInt8]] = [
    "mail", "post", "inbox", "letters", "webmail", "quickmail", "home", "office", "bluepost", "northnet", "citymail",
    "fastpost",
  ].map { Array("@\($0).example".utf8) }

  func write(_ record: Record, to out: inout [UInt8]) {
    let locale = traits.locale(record.person)
    let name = traits.name(record.person, locale)
    let bits = traits.mailDraw[record.person]
    Self.local(bits, locale.firstSlugs[name.first], locale.lastSlugs[name.last], to: &out)
    out.append(decimal: traits.mailNumbers[record.person])
    out.append(contentsOf: Self.domains[bits.skewedIndex(below: Self.domains.count)])
  }

  @inline(__always)
  private static func local(_ bits: UInt64, _ first: [UInt8], _ last: [UInt8], to out: inout [UInt8]) {
    switch bits & 7 {
    case 0:
      out.append(first[0])
      out.append(contentsOf: last)
    case 1:
      out.append(contentsOf: last)
      out.append(UInt8(ascii: "."))
      out.append(contentsOf: first)
    case 2: out.append(contentsOf: first)
    case 3:
      out.append(contentsOf: first)
      out.append(UInt8(ascii: "_"))
      out.append(contentsOf: last)
    default:
      out.append(contentsOf: first)
      out.append(UInt8(ascii: "."))
      out.append(contentsOf: last)
    }
  }
}

struct PhoneCells: CellWriter {
  let traits: PersonTraits
  let format: PhoneFormat

  func write(_ record: Record, to out: inout [UInt8]) {
    let shape = traits.locale(record.person).phone
    shape.write(traits.phoneNumbers[record.person], format == .e164 ? shape.e164 : shape.national, to: &out)
  }

  func writeReformatted(_ record: Record, _ bits: UInt64, to out: inout [UInt8]) {
    let shape = traits.locale(record.person).phone
    let others = shape.others + [format == .e164 ? shape.national : shape.e164]
    shape.write(traits.phoneNumbers[record.person], others[bits.index(below: others.count)], to: &out)
  }
}

struct NameCells: CellWriter {
  enum Part { case first, last, full }

  let traits: PersonTraits
  let part: Part

  func write(_ record: Record, to out: inout [UInt8]) {
    let locale = traits.locale(record.person)
    let name = traits.name(record.person, locale)
    if part != .last { out.append(contentsOf: locale.firstNames[name.first]) }
    if part == .full { out.append(UInt8(ascii: " ")) }
    if part != .first { out.append(contentsOf: locale.lastNames[name.last]) }
  }

  /// `Bauer, Ada`
  func writeReformatted(_ record: Record, _ bits: UInt64, to out: inout [UInt8]) {
    let locale = traits.locale(record.person)
    let name = traits.name(record.person, locale)
    out.append(contentsOf: locale.lastNames[name.last])
    out.append(contentsOf: [UInt8(ascii: ","), UInt8(ascii: " ")])
    out.append(contentsOf: locale.firstNames[name.first])
  }
}

/// Where a person lives, or parts of it.
struct AddressCells: CellWriter {
  enum Part { case street, city, postcode, line }

  let traits: PersonTraits
  let part: Part

  var mayNeedQuotes: Bool { part == .line }

  func write(_ record: Record, to out: inout [UInt8]) {
    let locale = traits.locale(record.person)
    let bits = traits.address(record.person)
    let city = locale.cities[bits.skewedIndex(below: locale.cities.count)]
    switch part {
    case .street: Self.street(bits.next, locale, to: &out)
    case .city: out.append(contentsOf: city.name)
    case .postcode: Self.postcode(bits.next, city, locale, to: &out)
    case .line:
      Self.street(bits.next, locale, to: &out)
      out.append(contentsOf: [UInt8(ascii: ","), UInt8(ascii: " ")])
      if !locale.postcodeBeforeCity {
        out.append(contentsOf: city.name)
        out.append(UInt8(ascii: " "))
      }
      Self.postcode(bits.next, city, locale, to: &out)
      guard locale.postcodeBeforeCity else { return }
      out.append(UInt8(ascii: " "))
      out.append(contentsOf: city.name)
    }
  }

  private static func street(_ bits: UInt64, _ locale: LocaleData, to out: inout [UInt8]) {
    let street = locale.streets[bits.index(below: locale.streets.count)]
    let number = 1 + bits.next.skewedIndex(below: locale.houseNumberFirst ? 400 : 120)
    if locale.houseNumberFirst {
      out.append(decimal: number)
      out.append(UInt8(ascii: " "))
    }
    out.append(contentsOf: street)
    guard !locale.houseNumberFirst else { return }
    out.append(UInt8(ascii: " "))
    out.append(decimal: number)
  }

  private static func postcode(_ bits: UInt64, _ city: LocaleData.City, _ locale: LocaleData, to out: inout [UInt8]) {
    out.append(contentsOf: city.prefix)
    var bits = bits.next.next
    for byte in locale.postcodeShape {
      switch byte {
      case UInt8(ascii: "#"): out.append(48 + UInt8(bits.index(below: 10)))
      case UInt8(ascii: "@"): out.append(65 + UInt8(bits.index(below: 26)))
      default: out.append(byte)
      }
      bits = bits.next
    }
  }
}
