#ifndef PGSIFT_RULES_EVIDENCE_H_
#define PGSIFT_RULES_EVIDENCE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"
#include "base/rule_info.h"
#include "base/source.h"
#include "ingest/snapshot/snapshot.h"
#include "parser/catalog.h"
#include "parser/query_blocks.h"

namespace pgsift {

struct IndexAdviceResult;
struct Plan;
struct PoolerConfig;
class Workload;

// Where a query was met; decides what is worth saying about it.
enum class QueryOrigin : uint8_t {
  kLog,        // A shape of a log, with its figures.
  kStatement,  // A statement of a SQL file: it runs once, when the file does.
  kView,
  kRoutine,  // A statement in the body of a function, procedure or DO block.
};

// A query shape that a log or a schema shows, taken apart. Owns its text, and its tree or a share
// in it; not movable once made, since the blocks point into the tree.
struct ObservedQuery {
  QueryOrigin origin = QueryOrigin::kLog;
  std::string id;          // The shape's id in the report; empty for a view or function.
  std::string sql;         // As it will be shown.
  std::string example;     // One real call, with its values; equals `sql` where no log has one.
  std::string parameters;  // Values of its $n, as a log's DETAIL gives them; else empty.
  Statement statement;     // Of `example`, which it views.
  std::vector<QueryBlock> blocks;
  uint64_t calls = 0;  // 0: not seen in a log.
  double total_ms = 0;
  double mean_ms = 0;
  double p95_ms = 0;
  double held_p95_ms = 0;  // How long transactions that the log shows kept its locks; 0: none.
  double max_ms = 0;
  Span span;  // Of an example in its input.
  // What added to an offset of the tree gives the place in the file of `span`; nothing: the tree's
  // text stands in no file as it is.
  std::optional<uint64_t> base;
  EvidenceItem evidence;
};

// The value of $n in "$1 = '…', $2 = NULL", unquoted; "" if it is not there or null.
std::string ParameterValue(std::string_view parameters, std::string_view n);

// Parses `query->example` and takes it apart; no blocks if the grammar rejects it.
void TakeApart(const Catalog& catalog, ObservedQuery* query);

// All that is known when rules run that join inputs. Nothing in it is owned.
struct Evidence {
  const SourceSet* sources = nullptr;
  const Catalog* catalog = nullptr;    // The schema at the end; never null.
  const Workload* workload = nullptr;  // Null: no log was given.
  std::span<const Plan> plans;
  std::span<const std::unique_ptr<ObservedQuery>> queries;
  std::span<const Snapshot> snapshots;    // In the order in which they were taken.
  std::span<const PoolerConfig> poolers;  // What pgbouncer.ini says.
  // What the index advisor says of all this, where it has been asked; null: not yet.
  const IndexAdviceResult* advice = nullptr;
  PgVersion pg = kNewestPgVersion;

  // The newest statistics; null: none were given.
  const Snapshot* snapshot() const { return snapshots.empty() ? nullptr : &snapshots.back(); }
};

}  // namespace pgsift

#endif  // PGSIFT_RULES_EVIDENCE_H_
