extension FuzzedRooms {
  /// AGGREGATION, LIST and CUSTOM rules; the lines of a room's own rule follow the last table.
  static let tables = """
    table purchases of 123456789012
      column hashed_email string
      column purchase_date date
      column product_category string
      column purchase_amount decimal(12,2)
      column store_region string
      AGGREGATION
      aggregate SUM purchase_amount
      aggregate AVG purchase_amount
      aggregate COUNT_DISTINCT hashed_email
      join hashed_email
      join-required
      dimension product_category, store_region, purchase_date
      functions TRUNC, YEAR, MONTH
      minimum 25 hashed_email
    table ad_impressions of 987654321098
      column hashed_email string
      column campaign_name string
      column impression_date date
      column channel string
      LIST
      join hashed_email
      operators OR
      list campaign_name, impression_date, channel
    table sales of 123456789012
      column person string
      column tiny tinyint
      column small smallint
      column whole int
      column big bigint
      column price decimal(12,2)
      column precise decimal(38,10)
      column weight float
      column score double
      column member boolean
      column day date
      column moment timestamp
      column region string
      column payload binary
      AGGREGATION
      aggregate SUM tiny_m, whole_m, price_m, score_m, name_m
      aggregate COUNT person, whole_m
      aggregate COUNT_DISTINCT person
      aggregate SUM_DISTINCT price_m
      aggregate AVG whole_m, price_m, score_m
      column tiny_m tinyint
      column whole_m int
      column price_m decimal(12,2)
      column score_m double
      column name_m string
      dimension tiny, small, whole, big, price, precise, weight, score, member, day, moment, region, payload
      functions ABS, CAST, CEILING, COALESCE, CONVERT, CURRENT_DATE, DATEADD, EXTRACT, FLOOR, GETDATE, LN, LOG, LOWER, ROUND, RTRIM, SQRT, SUBSTRING, TO_CHAR, TO_DATE, TO_NUMBER, TO_TIMESTAMP, TRIM, TRUNC, UPPER
      minimum 10 person
    table orders of 123456789012
      column email string
      column digest string sha256-hex
      column phone string
      column account bigint
      column zone string
      column amount decimal(10,2)
      column status string
      AGGREGATION
      aggregate SUM amount
      aggregate COUNT_DISTINCT email
      join email, phone, account, digest
      operators AND, OR
      dimension zone, status
      functions UPPER, COALESCE
      minimum 50 email
    table clicks of 555555555555
      column email string
      column page string
      AGGREGATION
      aggregate COUNT_DISTINCT email
      join email
      join-required
      dimension page
      minimum 20 email
      minimum 5 page
    table members of 123456789012
      column email string
      column phone string
      column tier string
      column since date
      LIST
      join email, phone
      operators AND, OR
      list tier, since
    table audience of 987654321098
      column email string
      column phone string
      column segment string
      column score int
      LIST
      join email, phone
      operators OR
      list segment, score
    table partners of 555555555555
      column email string
      column segment string
      LIST
      join email
      list segment
    table guests of 444455556666
      column email string
      column region string
      column age int
      column spend decimal(12,2)
      column joined date
      column active boolean
      column score double
      CUSTOM
      allow ANY_QUERY
      providers 123456789012, 444455556666
      threshold 20 email ANY_EXPRESSION
    table visits of 123456789012
      column email string
      column page string
      column seen timestamp
      column age bigint
      CUSTOM
      allow ANY_QUERY
      providers 123456789012, 444455556666
    table people of 444455556666
      column email string
      column region string
      column age int
      column spend decimal(12,2)
      column joined date
      column active boolean
      column score double
      CUSTOM
      allow ANY_QUERY
      providers 123456789012, 444455556666

    """
}
