#ifndef PGSIFT_RULES_ADVISOR_EXISTING_INDEXES_H_
#define PGSIFT_RULES_ADVISOR_EXISTING_INDEXES_H_

#include <string>
#include <vector>

#include "rules/evidence.h"

namespace pgsift {

struct ExistingIndexLimits {
  double bytes_min = 32'768;      // Smaller indexes are not worth a word.
  double days_min = 30;           // The counters must be that old before silence means something.
  double scans_rare = 50;         // Fewer: rarely used.
  double bloat_share = 0.5;       // Of its size that is air,
  double bloat_bytes = 16 << 20;  // and at least so much.
};

// Something about an index that is there, told by its counters and size.
struct IndexFact {
  enum class Kind : uint8_t {
    kUnused,
    kRarelyUsed,  // Written far more often than read.
    kInvalid,
    kBloated,
    kLowCardinality,
    kOversize,  // Most rows are null: a partial index would do.
    kNoPrimaryKey,
  } kind = Kind::kUnused;
  const Relation* table = nullptr;
  const Relation* index = nullptr;  // Null: about the table, or the schema lacks it:
  QualifiedName missing;            // an invalid index that only the statistics show; else empty.
  double bytes = -1;                // -1: not known.
  std::string reason;
  std::string sql, undo_sql;
};
std::string_view IndexFactName(IndexFact::Kind kind);

// By table and index. Without statistics: invalid indexes and missing primary keys alone. What
// enforces something (constraints, unique indexes, replica identity) is never called unused.
std::vector<IndexFact> FactsOfIndexes(const Evidence& evidence, const ExistingIndexLimits& limits);

}  // namespace pgsift

#endif  // PGSIFT_RULES_ADVISOR_EXISTING_INDEXES_H_
