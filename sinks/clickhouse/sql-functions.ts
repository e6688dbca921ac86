const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");

/**
 * Functions a statement of somebody else may call: they compute, and reach nothing outside the
 * ledger's tables. Names as the engine's parser prints them, compared without case.
 */
export const allowedFunctions: ReadonlySet<string> = new Set(
  words(`
  equals notEquals less greater lessOrEquals greaterOrEquals and or not xor in notIn globalIn
  globalNotIn nullIn notNullIn isNull isNotNull isNotDistinctFrom isDistinctFrom like notLike ilike
  notIlike match if multiIf caseWithExpression case coalesce ifNull nullIf assumeNotNull toNullable
  plus minus multiply divide intDiv intDivOrZero modulo negate abs sign round roundBankers floor ceil
  ceiling trunc truncate sqrt pow power exp log log2 log10 greatest least
  bitAnd bitOr bitXor cityHash64 sipHash64 xxHash64 halfMD5 hex
  count countIf countDistinct sum sumIf sumMap sumMapIf avg avgIf min minIf max maxIf any anyIf anyLast anyLastIf
  argMin argMinIf argMax argMaxIf median quantile quantiles quantileExact quantilesExact quantileIf
  uniq uniqExact uniqIf uniqExactIf groupArray groupArrayIf groupUniqArray groupUniqArrayIf topK stddevPop
  stddevSamp varPop varSamp corr groupBitAnd groupBitOr first_value last_value row_number rank
  dense_rank lag lead lagInFrame leadInFrame ntile grouping
  CAST toString toInt8 toInt16 toInt32 toInt64 toUInt8 toUInt16 toUInt32 toUInt64 toInt64OrNull
  toInt64OrZero toInt32OrNull toInt32OrZero toFloat32 toFloat64 toFloat64OrNull toFloat64OrZero toDecimal32 toDecimal64
  toDecimal128 toDecimal64OrNull toDecimal64OrZero toDecimal128OrNull toDecimal128OrZero accurateCast
  accurateCastOrNull toBool toTypeName toFixedString
  toDate toDate32 toDateOrNull toDateTime toDateTime64 toDateTimeOrNull toDateTime64OrNull
  parseDateTimeBestEffort parseDateTimeBestEffortOrNull parseDateTime64BestEffort
  parseDateTime64BestEffortOrNull toUnixTimestamp toUnixTimestamp64Milli fromUnixTimestamp
  fromUnixTimestamp64Milli toYear toQuarter toMonth toDayOfMonth toDayOfWeek toDayOfYear toHour
  toMinute toSecond toStartOfYear toStartOfQuarter toStartOfMonth toStartOfWeek toStartOfDay
  toStartOfHour toStartOfMinute toStartOfFiveMinutes toStartOfInterval toYYYYMM toYYYYMMDD toMonday
  dateDiff date_diff timeDiff dateAdd dateSub dateTrunc addSeconds addMinutes addHours addDays addWeeks
  addMonths addYears subtractSeconds subtractMinutes subtractHours subtractDays subtractMonths
  formatDateTime now now64 today yesterday toIntervalSecond toIntervalMinute toIntervalHour
  toIntervalDay toIntervalWeek toIntervalMonth toIntervalYear toTimeZone
  length lengthUTF8 empty notEmpty lower upper lowerUTF8 upperUTF8 concat concatWithSeparator substring
  substringUTF8 left right trim trimBoth trimLeft trimRight replace replaceOne replaceAll replaceRegexpOne
  replaceRegexpAll position positionCaseInsensitive startsWith endsWith splitByChar splitByString
  arrayStringConcat extract extractAll leftPad rightPad reverse format char ascii concat_ws
  array tuple tupleElement arrayElement map mapFromArrays mapContains mapKeys mapValues mapFilter mapApply mapAdd
  has hasAny hasAll indexOf arrayJoin arrayMap arrayFilter arrayExists arrayAll arrayCount arraySum
  arrayMin arrayMax arrayAvg arraySort arrayReverseSort arrayDistinct arrayConcat arraySlice arrayUniq
  arrayEnumerate arrayZip arrayFirst arrayLast arrayReduce arrayCompact arrayFlatten arrayIntersect lambda range
  JSONExtract JSONExtractString JSONExtractInt JSONExtractFloat JSONExtractBool JSONExtractKeys
  JSONExtractRaw JSONExtractArrayRaw JSONExtractKeysAndValues JSONHas JSONLength isValidJSON toJSONString
  `).map((name) => name.toLowerCase()),
);

/** Parts of a statement that only read. Anything the parser prints besides these is refused. */
export const allowedParts: ReadonlySet<string> = new Set(
  words(`
  SelectWithUnionQuery SelectIntersectExceptQuery SelectQuery ExpressionList Function Identifier Literal
  TablesInSelectQuery TablesInSelectQueryElement TableExpression TableIdentifier TableJoin ArrayJoin
  Subquery Asterisk QualifiedAsterisk OrderByElement WithElement WindowDefinition WindowListElement
  ColumnsTransformerList ColumnsExceptTransformer ColumnsReplaceTransformer
  ColumnsReplaceTransformer::Replacement InterpolateElement
  `),
);
