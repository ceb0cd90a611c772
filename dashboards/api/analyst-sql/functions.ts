/**
 * The functions that analysts may call: a closed list, for some of ClickHouse's read files, sleep, or tell of other
 * sites' rows. In lower case; aggregate functions also with the combinators below.
 */
const PLAIN = `
  and or not xor if multiif equals notequals less lessorequals greater greaterorequals plus minus multiply divide intdiv
  intdivorzero modulo positivemodulo negate abs sign round floor ceil trunc exp log log2 log10 sqrt cbrt pow power least greatest
  in notin globalin isnull isnotnull isnan isfinite ifnull nullif coalesce assumenotnull tonullable materialize identity
  tuple tupleelement untuple array arrayelement arrayjoin map mapkeys mapvalues mapcontains mapcontainskey mapfromarrays mapadd
  cast accuratecastornull _cast lambda concat concatwithseparator length lengthutf8 lower upper lowerutf8 upperutf8
  substring substringutf8 left right trim trimleft trimright trimboth replaceall replaceone replaceregexpall replaceregexpone
  like notlike ilike notilike match extract extractall extractgroups position positioncaseinsensitive positionutf8
  positioncaseinsensitiveutf8 startswith endswith splitbychar splitbystring splitbyregexp arraystringconcat reverse
  empty notempty format formatreadablequantity formatreadablesize formatreadabletimedelta leftpad rightpad
  tostring tofixedstring toint8 toint16 toint32 toint64 touint8 touint16 touint32 touint64 tofloat32 tofloat64 todecimal32
  todecimal64 todecimal128 tobool touuid tointornull toint64ornull tofloat64ornull toint32ornull touint64ornull toint64orzero
  tofloat64orzero todate todate32 todatetime todatetime64 tounixtimestamp tounixtimestamp64milli fromunixtimestamp
  fromunixtimestamp64milli totimezone toyear toquarter tomonth todayofmonth todayofweek todayofyear tohour tominute tosecond
  tostartofyear tostartofquarter tostartofmonth tomonday tostartofweek tostartofday tostartofhour tostartofminute
  tostartoffiveminutes tostartoftenminutes tostartoffifteenminutes tostartofinterval toyyyymm toyyyymmdd toweek toisoweek
  toisoyear datediff date_diff dateadd datesub adddays addweeks addmonths addyears addhours addminutes addseconds subtractdays
  subtractweeks subtractmonths subtractyears subtracthours subtractminutes subtractseconds formatdatetime datename now now64
  today yesterday tointervalsecond tointervalminute tointervalhour tointervalday tointervalweek tointervalmonth
  tointervalquarter tointervalyear parsedatetimebesteffort parsedatetimebesteffortornull
  arraymap arrayfilter arraycount arrayexists arrayall arraysum arrayavg arraymin arraymax arrayfirst arraylast arrayfirstindex
  arraylastindex arraysort arrayreversesort arrayreverse arraydistinct arrayuniq arrayconcat arrayslice arraypushback
  arraypushfront arraypopback arraypopfront arrayenumerate arrayzip arraycumsum arraydifference arrayreduce arrayintersect
  arrayfill arrayreversefill arraysplit arrayflatten arraycompact has hasall hasany indexof countequal range emptyarraystring
  hex bitand bitor bitxor bitshiftleft bitshiftright bittest cityhash64 siphash64 domain path cuturlparameter
  extracturlparameter transform width_bucket runningdifference neighbor rownumberinallblocks
  row_number rank dense_rank ntile lag lead lagInFrame leadInFrame first_value last_value nth_value percent_rank
`;

const AGGREGATE = `
  count sum avg min max any anylast argmin argmax uniq uniqexact uniqcombined uniqhll12 median quantile quantiles quantileexact
  quantileexactinclusive quantiletiming quantiletdigest stddevpop stddevsamp varpop varsamp covarpop covarsamp corr
  grouparray groupuniqarray grouparraysorted groupbitand groupbitor topk topkweighted summap minmap maxmap
  simplelinearregression windowfunnel retention sequencematch sequencecount entropy skewpop kurtpop boundingratio
  deltasum exponentialmovingaverage
`;

const words = (text: string) => text.trim().toLowerCase().split(/\s+/);
const plain = new Set(words(PLAIN));
const aggregates = new Set(words(AGGREGATE));
const COMBINATORS = /(?:if|array|map|distinct|ornull|ordefault)$/;

export function isAllowedFunction(name: string): boolean {
  const lower = name.toLowerCase();
  if (plain.has(lower) || aggregates.has(lower)) return true;
  const inner = lower.replace(COMBINATORS, '');
  return inner !== lower && (aggregates.has(inner) || isAllowedAggregate(inner));
}

/** `sumIfArray`, `uniqExactOrNullIf`: combinators may follow each other. */
function isAllowedAggregate(name: string): boolean {
  const inner = name.replace(COMBINATORS, '');
  return inner !== name && (aggregates.has(inner) || isAllowedAggregate(inner));
}
