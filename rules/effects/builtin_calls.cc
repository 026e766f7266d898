// Functions that come with PostgreSQL, tablefunc's among them, and lock what they are asked about
// until the transaction ends, or run the query that they are given as text. Source: what servers 13
// to 18 hold after such a call.

#include <algorithm>
#include <array>
#include <string_view>

#include "parser/dynamic_sql.h"
#include "parser/sql_file.h"
#include "rules/effects/query_effects.h"

namespace pgsift {
namespace {

// Whether the argument at `position` is the text of a query that the function runs.
bool IsQueryArgument(std::string_view function, size_t position) {
  if (function == "ts_rewrite") return position == 1;
  if (function == "crosstab") return position <= 1;
  return position == 0 &&
         (function == "ts_stat" || function == "query_to_xml" || function == "query_to_xmlschema" ||
          function == "query_to_xml_and_xmlschema" || function == "crosstab2" ||
          function == "crosstab3" || function == "crosstab4");
}

const Query* AsQuery(const Statement& statement, std::shared_ptr<const Query>* kept) {
  const auto* select = statement.As<Select>();
  if (select != nullptr) *kept = std::make_shared<const Query>(Query{*select});
  return kept->get();
}

}  // namespace

void QueryEffects::AddBuiltinCall(const Expr& call, int depth) {
  if (call.kind != ExprKind::kFunction || call.args.empty()) return;
  const std::string_view name = call.LastName();
  for (size_t i = 0; i < call.args.size(); ++i) {
    if (!IsQueryArgument(name, i)) continue;
    const auto text = ConstantText(call.args[i], {});
    if (!text.has_value()) continue;
    const Statement statement = ReadStatement(*text);
    std::shared_ptr<const Query> kept;
    if (const Query* query = AsQuery(statement, &kept)) Add(*query, depth + 1);
  }
  static constexpr auto kAsked = std::to_array<std::string_view>(
      {"connectby", "pg_partition_tree", "pg_get_viewdef", "satisfies_hash_partition"});
  if (std::find(kAsked.begin(), kAsked.end(), name) == kAsked.end()) return;
  const auto text = ConstantText(call.args.front(), {});
  const Relation* relation = text.has_value() ? catalog().Find(ParseQualifiedName(*text)) : nullptr;
  if (relation == nullptr) return;
  if (name == "connectby") {
    out_.Lock(*relation, LockMode::kAccessShare);
    return Use(*relation, {.name = relation->name}, RelationUse::kRead, depth + 1, nullptr);
  }
  if (name == "satisfies_hash_partition") return out_.Lock(*relation, LockMode::kAccessShare);
  if (name == "pg_partition_tree") {
    return out_.LockDescendants(*relation, LockMode::kAccessShare);
  }
  if (relation->kind != RelationKind::kView || relation->query == nullptr) return;
  if (out_.release() < 16) out_.Lock(*relation, LockMode::kAccessShare);
  VisitRelations(*relation->query, [&](const RelationRef& ref, RelationUse, const Expr*) {
    const Relation* read = catalog().FindIn(*relation, ref.name);
    if (read != nullptr) out_.Lock(*read, LockMode::kAccessShare);
  });
}

}  // namespace pgsift
