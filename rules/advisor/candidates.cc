#include "rules/advisor/candidates.h"

#include <algorithm>
#include <set>

namespace pgsift {
namespace {

using Keys = std::vector<DesignKey>;

// The types that a btree sorts.
bool IsSortable(const TypeName& type) {
  constexpr std::string_view kNot[] = {
      "json",     "xml",     "point",    "polygon",   "box",  "circle",   "line", "path", "jsonb",
      "tsvector", "tsquery", "geometry", "geography", "lseg", "jsonpath", "xid",  "cid"};
  return type.array_dimensions == 0 &&
         std::find(std::begin(kNot), std::end(kNot), type.name.name) == std::end(kNot);
}

bool IsRangeType(std::string_view name) {
  return name.ends_with("range") || name == "box" || name == "point" || name == "polygon" ||
         name == "circle" || name == "geometry" || name == "geography" || name == "inet" ||
         name == "cidr";
}

// Bounds of numbers may be the program's own; those of times move on.
bool IsNumber(const CatalogColumn* column) {
  constexpr std::string_view kTypes[] = {"int2", "int4", "int8", "numeric", "float4", "float8"};
  return column != nullptr && column->type.array_dimensions == 0 &&
         std::find(std::begin(kTypes), std::end(kTypes), column->type.name.name) !=
             std::end(kTypes);
}

DesignKey KeyOf(const Need& need) {
  return {.key = need.key,
          .expression = need.expression,
          .column = need.column,
          .descending = false,
          .nulls_first = false,
          .opclass = {}};
}

class TableCandidates {
 public:
  TableCandidates(const StatementCost& statement, size_t level, size_t table,
                  const CandidateContext& context, const CandidateRules& rules,
                  std::vector<IndexDesign>* out)
      : statement_(statement),
        level_(statement.scans().levels[level]),
        index_(level),
        table_(table),
        facts_(*statement.FactsOf(level, table)),
        relation_(*facts_.relation),
        context_(context),
        rules_(rules),
        out_(*out) {}

  void Run() {
    Sort();
    Btrees({}, {});
    Partials();
    Lossy();
    Or();
  }

 private:
  bool Indexable(const Need& need) const {
    if (need.key.empty()) return false;
    if (need.expression) return true;
    const CatalogColumn* column = relation_.FindColumn(need.key);
    return column != nullptr && IsSortable(column->type);
  }

  void Sort() {
    for (size_t n = 0; n < level_.needs.size(); ++n) {
      const Need& need = level_.needs[n];
      if (need.table != table_ || !Indexable(need)) continue;
      const double share = statement_.ShareOf(index_, n);
      switch (need.kind) {
        case NeedKind::kEqual:
        case NeedKind::kNull:
          equal_.push_back({&need, share});
          break;
        case NeedKind::kIn:
          listed_.push_back({&need, share});
          break;
        case NeedKind::kRange:
        case NeedKind::kPrefix:
          ranges_.push_back({&need, share});
          break;
        default:
          break;
      }
    }
    const auto by_share = [&](const Weighed& a, const Weighed& b) {
      if (a.share != b.share) return a.share < b.share;
      const double x = context_.popularity(relation_, a.need->key);
      const double y = context_.popularity(relation_, b.need->key);
      return x != y ? x > y : a.need->key < b.need->key;
    };
    std::sort(equal_.begin(), equal_.end(), by_share);
    std::sort(listed_.begin(), listed_.end(), by_share);
    std::sort(ranges_.begin(), ranges_.end(), by_share);
    for (const std::string& column : statement_.JoinColumnsOf(index_, table_)) {
      const CatalogColumn* known = relation_.FindColumn(column);
      const bool bound = std::any_of(equal_.begin(), equal_.end(),
                                     [&](const Weighed& one) { return one.need->key == column; });
      if (known != nullptr && IsSortable(known->type) && !bound) joins_.push_back(column);
    }
    order_ = OrderKeys();
  }

  Keys OrderKeys() const {
    Keys keys;
    const std::vector<OrderKey>& from = level_.grouped       ? level_.group
                                        : level_.order_known ? level_.order
                                                             : level_.group;
    std::vector<OrderKey> wanted = from;
    if (level_.extremes[0].has_value()) wanted = {*level_.extremes[0]};
    for (const OrderKey& order : wanted) {
      if (order.table != table_) return {};
      if (!order.expression) {
        const CatalogColumn* column = relation_.FindColumn(order.key);
        if (column == nullptr || !IsSortable(column->type)) return {};
      }
      keys.push_back({.key = order.key,
                      .expression = order.expression,
                      .column = order.expression ? "" : order.key,
                      .descending = order.descending,
                      .nulls_first = order.nulls_first,
                      .opclass = {}});
    }
    // One direction for all is the same as none: the index is read backwards.
    const bool flip =
        !keys.empty() && std::all_of(keys.begin(), keys.end(), [](const DesignKey& k) {
          return k.descending == k.nulls_first && k.descending;
        });
    if (flip) {
      for (DesignKey& key : keys) key.descending = key.nulls_first = false;
    }
    return keys;
  }

  std::string PatternClass(const Need& need) const {
    const CatalogColumn* column = relation_.FindColumn(need.key);
    if (column == nullptr) return "text_pattern_ops";
    if (column->collation == "C") return "";
    if (column->type.name.name == "varchar") return "varchar_pattern_ops";
    if (column->type.name.name == "bpchar") return "bpchar_pattern_ops";
    return "text_pattern_ops";
  }

  DesignKey RangeKey(const Need& need) const {
    DesignKey key = KeyOf(need);
    if (need.kind == NeedKind::kPrefix) key.opclass = PatternClass(need);
    return key;
  }

  static void Append(Keys* keys, const DesignKey& key) {
    for (const DesignKey& one : *keys) {
      if (one.key == key.key) return;
    }
    keys->push_back(key);
  }
  static Keys With(Keys keys, const Keys& more) {
    for (const DesignKey& key : more) Append(&keys, key);
    return keys;
  }
  static DesignKey Plain(const std::string& column) {
    return {.key = column, .expression = false, .column = column, .opclass = {}};
  }

  // All btrees; `without`: the conditions that a partial index answers by its predicate.
  void Btrees(const std::vector<Need>& predicate, const std::vector<const Need*>& without) {
    const auto left_out = [&](const Need* need) {
      return std::find(without.begin(), without.end(), need) != without.end();
    };
    Keys equal;
    std::vector<Keys> heads;
    for (const Weighed& one : equal_) {
      if (!left_out(one.need)) Append(&equal, KeyOf(*one.need));
    }
    Keys lists;
    for (const Weighed& one : listed_) {
      if (!left_out(one.need)) Append(&lists, KeyOf(*one.need));
    }
    Keys prefix;
    for (const DesignKey& key : equal) {
      Append(&prefix, key);
      heads.push_back(prefix);
      heads.push_back({key});
    }
    if (equal.size() >= 2 && equal.size() <= 4) {
      // The columns that other statements ask for too come first.
      Keys shared = equal;
      std::stable_sort(shared.begin(), shared.end(), [&](const DesignKey& a, const DesignKey& b) {
        return context_.popularity(relation_, a.key) > context_.popularity(relation_, b.key);
      });
      heads.push_back(shared);
      Keys reversed(equal.rbegin(), equal.rend());
      heads.push_back(reversed);
      heads.push_back({shared[0], shared[1]});
    }
    for (const DesignKey& key : lists) {
      heads.push_back({key});
      if (!equal.empty()) {
        heads.push_back(With(equal, {key}));
        heads.push_back(With({key}, equal));
      }
    }
    if (lists.size() > 1) heads.push_back(With(equal, lists));
    std::vector<Keys> all = heads;
    const auto extend = [&](const Keys& tail) {
      if (tail.empty()) return;
      all.push_back(tail);
      for (const Keys& head : heads) all.push_back(With(head, tail));
    };
    for (size_t i = 0; i < ranges_.size() && i < 3; ++i) {
      if (!left_out(ranges_[i].need)) extend({RangeKey(*ranges_[i].need)});
    }
    if (!order_.empty()) {
      extend(order_);
      // Behind the order, a range that narrows in the index.
      for (size_t i = 0; i < ranges_.size() && i < 1; ++i) {
        if (left_out(ranges_[i].need)) continue;
        all.push_back(With(With(equal, order_), {RangeKey(*ranges_[i].need)}));
      }
      // Lists behind the order are checked in the index.
      if (!lists.empty()) all.push_back(With(With(equal, order_), lists));
    }
    for (const std::string& join : joins_) {
      const Keys key = {Plain(join)};
      all.push_back(key);
      if (!equal.empty()) {
        all.push_back(With(key, equal));
        all.push_back(With(equal, key));
        all.push_back(With(key, {equal[0]}));
      }
      if (!lists.empty()) all.push_back(With(key, lists));
      for (size_t i = 0; i < ranges_.size() && i < 2; ++i) {
        if (left_out(ranges_[i].need)) continue;
        all.push_back(With(key, {RangeKey(*ranges_[i].need)}));
        all.push_back(With(With(key, equal), {RangeKey(*ranges_[i].need)}));
      }
      if (!order_.empty()) all.push_back(With(key, order_));
      for (const std::string& other : joins_) {
        if (other != join) all.push_back(With(key, {Plain(other)}));
      }
    }
    if (all.empty() && !predicate.empty()) {
      // Nothing is left to search by: the predicate's own column, which is small.
      DesignKey key = KeyOf(predicate.front());
      if (!key.key.empty()) all.push_back({key});
    }
    for (Keys& keys : all) Emit(std::move(keys), predicate);
  }

  void Partials() {
    std::vector<const Need*> several;
    double share_of_all = 1;
    for (size_t n = 0; n < level_.needs.size(); ++n) {
      const Need& need = level_.needs[n];
      if (need.table != table_ || need.sql.empty() || need.outer || need.per_call) continue;
      if (need.kind == NeedKind::kInfix || need.kind == NeedKind::kContains ||
          need.kind == NeedKind::kPrefix || need.kind == NeedKind::kOther) {
        continue;
      }
      if (need.kind == NeedKind::kRange &&
          (need.expression || !IsNumber(relation_.FindColumn(need.key)))) {
        continue;
      }
      const double share = statement_.ShareOf(index_, n);
      const double rows = share * facts_.rows;
      const bool state = need.kind == NeedKind::kNull || need.kind == NeedKind::kNotNull ||
                         (need.kind == NeedKind::kEqual && facts_.Column(need.key).distinct <= 100);
      if (state && rows >= 1 && context_.constant(need)) {
        several.push_back(&need);
        share_of_all *= share;
      }
      if (share > rules_.share_partial || rows < 1) continue;
      // A handful of rows of many: the constant is one of many, not a state.
      if (need.kind == NeedKind::kEqual && !need.expression &&
          facts_.Column(need.key).distinct > 100) {
        continue;
      }
      if (!context_.constant(need)) continue;
      Btrees({need}, {&need});
    }
    NotNull();
    if (several.size() < 2 || several.size() > 3 || share_of_all > rules_.share_partial) return;
    std::vector<Need> predicate;
    for (const Need* need : several) predicate.push_back(*need);
    Btrees(predicate, several);
  }

  // A column that is null almost everywhere: a comparison with it finds none of these rows.
  void NotNull() {
    for (const std::vector<Weighed>* list : {&equal_, &listed_, &ranges_}) {
      for (const Weighed& one : *list) {
        const Need& need = *one.need;
        if (need.kind == NeedKind::kNull || need.expression) continue;
        const ColumnFacts& column = facts_.Column(need.key);
        if (column.statistics == nullptr || 1 - column.null_fraction > rules_.share_partial)
          continue;
        Need known;
        known.kind = NeedKind::kNotNull;
        known.table = need.table;
        known.key = known.column = need.key;
        known.op = "IS NOT NULL";
        known.sql = QuoteIdentifier(need.key) + " IS NOT NULL";
        Btrees({known}, {});
      }
    }
  }

  void Lossy() {
    for (size_t n = 0; n < level_.needs.size(); ++n) {
      if (level_.needs[n].table == table_) LossyFor(level_.needs[n]);
    }
    // Rows in the order of their values, many of them: the smallest index of all.
    for (const Weighed& one : ranges_) {
      if (one.need->kind != NeedKind::kRange || one.need->expression || facts_.pages < 12'800)
        continue;
      if (std::abs(facts_.Column(one.need->key).correlation) < 0.95) continue;
      IndexDesign design;
      design.table = &relation_;
      design.method = "brin";
      design.keys = {KeyOf(*one.need)};
      Push(std::move(design));
    }
  }

  void LossyFor(const Need& need) {
    if (need.key.empty()) return;
    const CatalogColumn* column = relation_.FindColumn(need.column);
    IndexDesign design;
    design.table = &relation_;
    design.keys = {KeyOf(need)};
    if (need.kind == NeedKind::kInfix) {
      design.method = "gin";
      design.keys[0].opclass = "gin_trgm_ops";
      Push(std::move(design));
      return;
    }
    if (need.kind != NeedKind::kContains || column == nullptr) return;
    const std::string_view type = column->type.name.name;
    if (type == "jsonb" && !need.expression) {
      design.method = "gin";
      const bool paths = need.op == "@>" || need.op == "@?" || need.op == "@@";
      if (paths) design.keys[0].opclass = "jsonb_path_ops";
      Push(std::move(design));
    } else if (column->type.array_dimensions > 0 || type == "tsvector" ||
               need.key.starts_with("to_tsvector(")) {
      design.method = "gin";
      Push(std::move(design));
    } else if (IsRangeType(type)) {
      design.method = "gist";
      if (type == "inet" || type == "cidr") design.keys[0].opclass = "inet_ops";
      Push(std::move(design));
    }
  }

  void Or() {
    for (const OrNeed& either : level_.ors) {
      if (either.table != table_) continue;
      for (const std::vector<Need>& arm : either.arms) {
        Keys keys;
        for (const Need& need : arm) {
          if (!Indexable(need)) continue;
          if (need.kind == NeedKind::kEqual || need.kind == NeedKind::kNull ||
              need.kind == NeedKind::kIn) {
            Append(&keys, KeyOf(need));
          }
          LossyFor(need);
        }
        for (const Need& need : arm) {
          const bool ranged = need.kind == NeedKind::kRange || need.kind == NeedKind::kPrefix;
          if (ranged && Indexable(need)) Append(&keys, RangeKey(need));
        }
        if (!keys.empty()) Emit(std::move(keys), {});
      }
    }
  }

  void Emit(Keys keys, const std::vector<Need>& predicate) {
    std::erase_if(keys, [&](const DesignKey& key) { return key.key.empty(); });
    if (keys.empty()) return;
    if (keys.size() > rules_.keys_max) keys.resize(rules_.keys_max);
    // The rows of a predicate in the key's order: a queue.
    const bool queue = !predicate.empty() && !order_.empty() && order_[0].key == keys[0].key;
    if (IsFlagAlone(keys, predicate)) return;
    const bool primary = !queue && BeginsWithPrimaryKey(keys);
    // A join looks up many rows: with what it reads stored beside the key, it need not see the
    // table.
    if (primary && (level_.tables.size() < 2 || !predicate.empty() || keys.size() > 1)) return;
    IndexDesign design;
    design.table = &relation_;
    design.keys = std::move(keys);
    design.predicate = predicate;
    IndexDesign covering = design;
    if (!primary) Push(std::move(design));
    Cover(std::move(covering));
  }

  // One row is found by the primary key's own index.
  bool BeginsWithPrimaryKey(const Keys& keys) const {
    const CatalogConstraint* primary = relation_.PrimaryKey();
    if (primary == nullptr || primary->columns.empty() || primary->columns.size() > keys.size())
      return false;
    return std::all_of(keys.begin(), keys.begin() + static_cast<long>(primary->columns.size()),
                       [&](const DesignKey& key) {
                         return !key.expression &&
                                std::find(primary->columns.begin(), primary->columns.end(),
                                          key.key) != primary->columns.end();
                       });
  }

  // Half of the table, as far as is known.
  bool IsFlagAlone(const Keys& keys, const std::vector<Need>& predicate) const {
    if (keys.size() != 1 || !predicate.empty() || keys[0].expression) return false;
    const CatalogColumn* column = relation_.FindColumn(keys[0].key);
    return column != nullptr && column->type.name.name == "bool" &&
           facts_.Column(keys[0].key).statistics == nullptr;
  }

  void Cover(IndexDesign design) {
    const LevelTable& table = level_.tables[table_];
    // Whether it pays depends on sizes: not without them.
    if (table.written || !facts_.analyzed || facts_.visible < 0.3) return;
    double width = 0;
    for (const std::string& column : ColumnsRead(level_, table_, design)) {
      if (design.Stores(column)) continue;
      if (relation_.FindColumn(column) == nullptr) return;
      if (context_.updated(relation_, column)) return;
      design.include.push_back(column);
      width += facts_.Column(column).width;
    }
    if (design.include.empty() || design.include.size() > rules_.include_max ||
        width > rules_.include_width) {
      return;
    }
    Push(std::move(design));
  }

  void Push(IndexDesign design) {
    // Values that may be longer than an index entry can hold.
    SizeUp(facts_, &design);
    if (seen_.insert(design.Signature()).second) out_.push_back(std::move(design));
  }

  struct Weighed {
    const Need* need;
    double share;
  };

  const StatementCost& statement_;
  const Level& level_;
  const size_t index_, table_;
  const TableFacts& facts_;
  const Relation& relation_;
  const CandidateContext& context_;
  const CandidateRules& rules_;
  std::vector<IndexDesign>& out_;
  std::vector<Weighed> equal_, listed_, ranges_;
  std::vector<std::string> joins_;
  Keys order_;
  std::set<std::string> seen_;
};

bool IsPrefixOf(const IndexDesign& shorter, const IndexDesign& longer) {
  if (shorter.keys.size() > longer.keys.size()) return false;
  for (size_t i = 0; i < shorter.keys.size(); ++i) {
    const DesignKey& a = shorter.keys[i];
    const DesignKey& b = longer.keys[i];
    if (a.key != b.key || a.opclass != b.opclass || a.descending != b.descending ||
        a.nulls_first != b.nulls_first) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::vector<IndexDesign> CandidatesOf(const StatementCost& statement,
                                      const CandidateContext& context,
                                      const CandidateRules& rules) {
  std::vector<IndexDesign> found;
  const std::vector<Level>& levels = statement.scans().levels;
  for (size_t level = 0; level < levels.size(); ++level) {
    for (size_t table = 0; table < levels[level].tables.size() && table < 20; ++table) {
      const TableFacts* facts = statement.FactsOf(level, table);
      if (facts == nullptr) continue;
      const Relation& relation = *facts->relation;
      const bool stored = relation.kind == RelationKind::kTable ||
                          relation.kind == RelationKind::kPartitionedTable ||
                          relation.kind == RelationKind::kMaterializedView;
      if (!stored || relation.persistence == Persistence::kTemporary) continue;
      if (facts->known && (facts->rows < rules.rows_min || facts->pages < rules.pages_min))
        continue;
      TableCandidates(statement, level, table, context, rules, &found).Run();
    }
  }
  std::set<std::string> seen;
  std::erase_if(found,
                [&](const IndexDesign& design) { return !seen.insert(design.Signature()).second; });
  return found;
}

std::optional<IndexDesign> Merged(const IndexDesign& a, const IndexDesign& b,
                                  const TableFacts& facts, const CandidateRules& rules) {
  if (a.table != b.table || a.method != "btree" || b.method != "btree") return std::nullopt;
  if (a.Where() != b.Where()) return std::nullopt;
  IndexDesign merged;
  if (IsPrefixOf(a, b)) {
    merged = b;
  } else if (IsPrefixOf(b, a)) {
    merged = a;
  } else {
    // K1, then what K2 has more: serves K2 where K1's columns are bound too.
    return std::nullopt;
  }
  for (const IndexDesign* one : {&a, &b}) {
    for (const std::string& column : one->include) {
      if (!merged.Stores(column)) merged.include.push_back(column);
    }
  }
  double width = 0;
  for (const std::string& column : merged.include) width += facts.Column(column).width;
  if (merged.include.size() > rules.include_max || width > rules.include_width) return std::nullopt;
  SizeUp(facts, &merged);
  return merged;
}

}  // namespace pgsift
