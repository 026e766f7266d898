#include "parser/fingerprint.h"

#include <pg_query.h>

#include <algorithm>

#include "parser/splitter.h"

namespace pgsift {
namespace {

// The grammar recurses for every level of nesting.
bool TooDeep(const std::string& sql) {
  const SplitSql split = SplitStatements(sql);
  return std::any_of(split.pieces.begin(), split.pieces.end(),
                     [](const Piece& piece) { return piece.nesting > kIdentifiedNestingMax; });
}

// Logs hold a statement as it was sent: with or without its semicolon.
std::string WithoutTail(std::string sql) {
  const size_t last = sql.find_last_not_of("; \t\r\n");
  sql.resize(last == sql.npos ? 0 : last + 1);
  return sql;
}

bool Fingerprint(const char* sql, uint64_t* fingerprint) {
  const PgQueryFingerprintResult result = pg_query_fingerprint(sql);
  const bool parsed = result.error == nullptr && result.fingerprint_str != nullptr;
  if (parsed) *fingerprint = result.fingerprint;
  pg_query_free_fingerprint_result(result);
  return parsed;
}

}  // namespace

QueryIdentity IdentifyQuery(const std::string& sql) {
  QueryIdentity identity;
  if (sql.size() > kIdentifiedBytesMax || sql.find('\0') != sql.npos || TooDeep(sql)) {
    return identity;
  }
  const PgQueryNormalizeResult normalized = pg_query_normalize(sql.c_str());
  if (normalized.error == nullptr && normalized.normalized_query != nullptr) {
    identity.normalized = WithoutTail(normalized.normalized_query);
  }
  pg_query_free_normalize_result(normalized);
  if (identity.normalized.empty()) return identity;
  // The fingerprint of the normalized text, so that a literal and a parameter are one query. Where
  // a parameter may not stand (SET x = $1) the normalized text is no SQL any more.
  identity.parsed = Fingerprint(identity.normalized.c_str(), &identity.fingerprint) ||
                    Fingerprint(sql.c_str(), &identity.fingerprint);
  if (!identity.parsed) identity.normalized.clear();
  return identity;
}

}  // namespace pgsift
