#include "rules/facts/volatility.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace pgsift {
namespace {

// PostgreSQL's own volatile functions that can stand in a DEFAULT, and those of the extensions that
// come with it (uuid-ossp, pgcrypto). SELECT proname FROM pg_proc WHERE provolatile = 'v'.
constexpr auto kVolatile = std::to_array<std::string_view>({"clock_timestamp",
                                                            "currval",
                                                            "gen_random_bytes",
                                                            "gen_random_uuid",
                                                            "gen_salt",
                                                            "lastval",
                                                            "nextval",
                                                            "pg_advisory_lock",
                                                            "pg_sleep",
                                                            "random",
                                                            "random_normal",
                                                            "setseed",
                                                            "setval",
                                                            "timeofday",
                                                            "txid_current_if_assigned",
                                                            "uuid_generate_v1",
                                                            "uuid_generate_v1mc",
                                                            "uuid_generate_v4",
                                                            "uuidv4",
                                                            "uuidv7"});

// Stable or immutable functions that DEFAULTs and index predicates commonly call.
constexpr auto kNotVolatile = std::to_array<std::string_view>({"abs",
                                                               "age",
                                                               "array_append",
                                                               "array_cat",
                                                               "btrim",
                                                               "ceil",
                                                               "coalesce",
                                                               "concat",
                                                               "current_database",
                                                               "current_schema",
                                                               "current_setting",
                                                               "date",
                                                               "date_part",
                                                               "date_trunc",
                                                               "decode",
                                                               "encode",
                                                               "extract",
                                                               "floor",
                                                               "format",
                                                               "greatest",
                                                               "hashtext",
                                                               "initcap",
                                                               "int4range",
                                                               "json_build_array",
                                                               "json_build_object",
                                                               "jsonb_build_array",
                                                               "jsonb_build_object",
                                                               "jsonb_set",
                                                               "justify_hours",
                                                               "least",
                                                               "left",
                                                               "length",
                                                               "lower",
                                                               "lpad",
                                                               "ltrim",
                                                               "make_date",
                                                               "make_interval",
                                                               "make_timestamp",
                                                               "make_timestamptz",
                                                               "md5",
                                                               "mod",
                                                               "now",
                                                               "nullif",
                                                               "pg_backend_pid",
                                                               "pg_current_xact_id",
                                                               "pg_get_serial_sequence",
                                                               "power",
                                                               "quote_ident",
                                                               "quote_literal",
                                                               "regexp_replace",
                                                               "repeat",
                                                               "replace",
                                                               "right",
                                                               "round",
                                                               "row_to_json",
                                                               "rpad",
                                                               "rtrim",
                                                               "sha256",
                                                               "sign",
                                                               "split_part",
                                                               "sqrt",
                                                               "statement_timestamp",
                                                               "strpos",
                                                               "substr",
                                                               "substring",
                                                               "timezone",
                                                               "to_char",
                                                               "to_date",
                                                               "to_json",
                                                               "to_jsonb",
                                                               "to_number",
                                                               "to_timestamp",
                                                               "to_tsvector",
                                                               "transaction_timestamp",
                                                               "translate",
                                                               "trim",
                                                               "trunc",
                                                               "txid_current",
                                                               "upper",
                                                               "version"});

template <typename List>
bool Contains(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

Volatility OfFunction(const Expr& call, const Catalog& catalog) {
  const std::string name(call.LastName());
  const std::string schema = call.name.size() > 1 ? call.name[call.name.size() - 2] : "";
  const auto known = catalog.FindFunctions({schema, name});
  if (!known.empty()) {
    Volatility most = Volatility::kImmutable;
    for (const CatalogFunction* function : known) {
      const Volatility own = function->volatility == 'i'   ? Volatility::kImmutable
                             : function->volatility == 's' ? Volatility::kStable
                                                           : Volatility::kVolatile;
      most = std::max(most, own);
    }
    return most;
  }
  if (Contains(kVolatile, name)) return Volatility::kVolatile;
  if (Contains(kNotVolatile, name)) return Volatility::kStable;
  return Volatility::kUnknown;
}

}  // namespace

Volatility VolatilityOf(const Expr& expr, const Catalog& catalog, std::string* culprit) {
  Volatility most = Volatility::kImmutable;
  WalkExpr(expr, [&](const Expr& inner) {
    Volatility own = Volatility::kImmutable;
    if (inner.kind == ExprKind::kValueFunction) own = Volatility::kStable;
    if (inner.kind == ExprKind::kFunction) own = OfFunction(inner, catalog);
    // A volatile part is certain; an unknown one only possible.
    const bool worse = own == Volatility::kVolatile ? most != Volatility::kVolatile
                                                    : most != Volatility::kVolatile && own > most;
    if (!worse) return;
    most = own;
    if (culprit != nullptr) *culprit = std::string(inner.LastName());
  });
  return most;
}

}  // namespace pgsift
