#include "ingest/plan/text_plan_node.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "ingest/plan/plan_fields.h"

namespace pgsift {
namespace {

void Put(PlanValue* node, std::string_view key, std::string_view text) {
  node->Add(std::string(key), PlanValue::Scalar(std::string(text)));
}

bool Take(std::string_view* text, std::string_view prefix) {
  if (!text->starts_with(prefix)) return false;
  text->remove_prefix(prefix.size());
  return true;
}

// An identifier as SQL writes it; unquoted.
std::string TakeIdentifier(std::string_view* text) {
  std::string name;
  if (text->starts_with('"')) {
    size_t i = 1;
    for (; i < text->size(); ++i) {
      if ((*text)[i] != '"') {
        name += (*text)[i];
      } else if (i + 1 < text->size() && (*text)[i + 1] == '"') {
        name += '"';
        ++i;
      } else {
        break;
      }
    }
    text->remove_prefix(std::min(i + 1, text->size()));
    return name;
  }
  const size_t end = std::min(text->find_first_of(" ."), text->size());
  name = std::string(text->substr(0, end));
  text->remove_prefix(end);
  return name;
}

// "public.orders o": what a scan reads. `key` is where FORMAT JSON has its name.
void ReadTarget(std::string_view text, std::string_view key, PlanValue* node) {
  std::string name = TakeIdentifier(&text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    Put(node, "Schema", name);
    name = TakeIdentifier(&text);
  }
  text = Trim(text);
  const std::string alias = text.empty() ? name : TakeIdentifier(&text);
  if (!key.empty()) Put(node, key, name);
  Put(node, "Alias", alias);
}

struct ScanType {
  std::string_view name;
  std::string_view key;  // Of what it scans; empty: only its alias is known.
};
constexpr ScanType kScans[] = {
    {"Seq Scan", "Relation Name"},
    {"Sample Scan", "Relation Name"},
    {"Bitmap Heap Scan", "Relation Name"},
    {"Tid Range Scan", "Relation Name"},
    {"Tid Scan", "Relation Name"},
    {"Foreign Scan", "Relation Name"},
    {"Subquery Scan", ""},
    {"Values Scan", ""},
    {"Function Scan", "Function Name"},
    {"Table Function Scan", "Table Function Name"},
    {"CTE Scan", "CTE Name"},
    {"WorkTable Scan", "CTE Name"},
    {"Named Tuplestore Scan", "Tuplestore Name"},
};

constexpr std::string_view kPlain[] = {
    "Result",   "ProjectSet",       "Append",    "Merge Append", "Recursive Union", "BitmapAnd",
    "BitmapOr", "Gather Merge",     "Gather",    "Materialize",  "Memoize",         "Sort",
    "Group",    "Incremental Sort", "WindowAgg", "Unique",       "LockRows",        "Limit",
    "Hash"};

struct Aggregate {
  std::string_view name, strategy;
};
constexpr Aggregate kAggregates[] = {{"HashAggregate", "Hashed"},
                                     {"GroupAggregate", "Sorted"},
                                     {"MixedAggregate", "Mixed"},
                                     {"Aggregate", "Plain"}};

bool ReadJoin(std::string_view name, PlanValue* node) {
  std::string_view rest = name;
  std::string_view type;
  if (Take(&rest, "Nested Loop")) {
    type = "Nested Loop";
    if (!rest.empty() && !Take(&rest, " ")) return false;
  } else if (Take(&rest, "Hash ")) {
    type = "Hash Join";
  } else if (Take(&rest, "Merge ")) {
    type = "Merge Join";
  } else {
    return false;
  }
  if (rest == "Join" || (rest.empty() && type == "Nested Loop")) {
    rest = "Inner";
  } else if (rest.ends_with(" Join")) {
    rest.remove_suffix(5);
    static constexpr std::string_view kTypes[] = {"Left", "Full",       "Right",     "Semi",
                                                  "Anti", "Right Semi", "Right Anti"};
    if (std::find(std::begin(kTypes), std::end(kTypes), rest) == std::end(kTypes)) return false;
  } else {
    return false;
  }
  Put(node, "Node Type", type);
  Put(node, "Join Type", rest);
  return true;
}

bool ReadAggregate(std::string_view name, PlanValue* node) {
  std::string_view mode = "Simple";
  if (Take(&name, "Partial ")) mode = "Partial";
  if (Take(&name, "Finalize ")) mode = "Finalize";
  for (const Aggregate& aggregate : kAggregates) {
    if (name != aggregate.name) continue;
    Put(node, "Node Type", "Aggregate");
    Put(node, "Strategy", aggregate.strategy);
    Put(node, "Partial Mode", mode);
    return true;
  }
  return false;
}

bool ReadSetOp(std::string_view name, PlanValue* node) {
  const bool hashed = Take(&name, "HashSetOp ");
  if (!hashed && !Take(&name, "SetOp ")) return false;
  Put(node, "Node Type", "SetOp");
  Put(node, "Strategy", hashed ? "Hashed" : "Sorted");
  Put(node, "Command", name);
  return true;
}

bool ReadModify(std::string_view name, PlanValue* node) {
  for (std::string_view operation : {"Insert", "Update", "Delete", "Merge"}) {
    std::string_view rest = name;
    if (!Take(&rest, operation) || !Take(&rest, " on ")) continue;
    Put(node, "Node Type", "ModifyTable");
    Put(node, "Operation", operation);
    ReadTarget(rest, "Relation Name", node);
    return true;
  }
  return false;
}

bool ReadScan(std::string_view name, PlanValue* node) {
  std::string_view rest = name;
  if (Take(&rest, "Bitmap Index Scan on ")) {
    Put(node, "Node Type", "Bitmap Index Scan");
    Put(node, "Index Name", TakeIdentifier(&rest));
    return true;
  }
  for (std::string_view type : {"Index Only Scan", "Index Scan"}) {
    rest = name;
    if (!Take(&rest, type)) continue;
    Put(node, "Node Type", type);
    Put(node, "Scan Direction", Take(&rest, " Backward") ? "Backward" : "Forward");
    if (!Take(&rest, " using ")) return false;
    Put(node, "Index Name", TakeIdentifier(&rest));
    if (Take(&rest, " on ")) ReadTarget(rest, "Relation Name", node);
    return true;
  }
  rest = name;
  if (Take(&rest, "Custom Scan")) {
    Put(node, "Node Type", "Custom Scan");
    if (Take(&rest, " (")) {
      const size_t close = std::min(rest.find(')'), rest.size());
      Put(node, "Custom Plan Provider", rest.substr(0, close));
      rest.remove_prefix(std::min(close + 1, rest.size()));
    }
    if (Take(&rest, " on ")) ReadTarget(rest, "Relation Name", node);
    return true;
  }
  for (std::string_view operation : {"Insert", "Update", "Delete"}) {
    rest = name;
    if (!Take(&rest, "Foreign ") || !Take(&rest, operation) || !Take(&rest, " on ")) continue;
    Put(node, "Node Type", "Foreign Scan");
    Put(node, "Operation", operation);
    ReadTarget(rest, "Relation Name", node);
    return true;
  }
  for (const ScanType& scan : kScans) {
    rest = name;
    if (!Take(&rest, scan.name)) continue;
    if (!rest.empty() && !rest.starts_with(" on ")) continue;
    Put(node, "Node Type", scan.name);
    if (scan.name == "Foreign Scan") Put(node, "Operation", "Select");
    if (Take(&rest, " on ")) ReadTarget(rest, scan.key, node);
    return true;
  }
  return false;
}

// The number that stands at the start of `text` ("12.5kB").
std::string_view NumberAt(std::string_view text) {
  size_t i = 0;
  while (i < text.size() && ((text[i] >= '0' && text[i] <= '9') || text[i] == '.')) ++i;
  return text.substr(0, i);
}

// What follows `name` in `text`: the number in "read=12", or "" if it is not there.
std::string_view NumberAfter(std::string_view text, std::string_view name) {
  for (size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
    if (at > 0 && text[at - 1] != ' ' && text[at - 1] != '(') continue;
    return NumberAt(text.substr(at + name.size()));
  }
  return {};
}

void PutNumber(PlanValue* node, std::string_view key, std::string_view text,
               std::string_view name) {
  const std::string_view number = NumberAfter(text, name);
  if (!number.empty()) Put(node, key, number);
}

// "quicksort  Memory: 25kB"
void ReadSortMethod(std::string_view value, PlanValue* node) {
  const size_t gap = value.find("  ");
  Put(node, "Sort Method", Trim(value.substr(0, gap)));
  if (gap == value.npos) return;
  const std::string_view space = Trim(value.substr(gap));
  const size_t colon = space.find(": ");
  if (colon == space.npos) return;
  Put(node, "Sort Space Used", NumberAt(space.substr(colon + 2)));
  Put(node, "Sort Space Type", space.substr(0, colon));
}

// "1024 (originally 512)  Batches: 4 (originally 1)  Memory Usage: 9kB", behind "Buckets: ".
void ReadHash(std::string_view value, PlanValue* node) {
  const std::string_view buckets = value.substr(0, value.find("  "));
  const size_t at = value.find("Batches: ");
  const std::string_view batches = at == value.npos ? std::string_view() : value.substr(at + 9);
  const std::string_view own = batches.substr(0, batches.find("  "));
  Put(node, "Hash Buckets", NumberAt(buckets));
  Put(node, "Hash Batches", NumberAt(batches));
  const std::string_view before = NumberAfter(buckets, "originally ");
  const std::string_view batches_before = NumberAfter(own, "originally ");
  Put(node, "Original Hash Buckets", before.empty() ? NumberAt(buckets) : before);
  Put(node, "Original Hash Batches", batches_before.empty() ? NumberAt(batches) : batches_before);
  PutNumber(node, "Peak Memory Usage", value, "Memory Usage: ");
}

// "1  Sort Method: quicksort  Average Memory: 25kB  Peak Memory: 25kB"
PlanValue SortGroupsOf(std::string_view value) {
  PlanValue groups = PlanValue::Object();
  Put(&groups, "Group Count", NumberAt(value));
  size_t at = value.find("Sort Method");
  if (at != value.npos) {
    at = value.find(": ", at);
    const std::string_view methods = value.substr(std::min(at + 2, value.size()));
    PlanValue list = PlanValue::List();
    for (std::string& method : SplitList(methods.substr(0, methods.find("  ")))) {
      list.items.push_back(PlanValue::Scalar(std::move(method)));
    }
    groups.Add("Sort Methods Used", std::move(list));
  }
  for (std::string_view kind : {"Memory", "Disk"}) {
    PlanValue space = PlanValue::Object();
    PutNumber(&space, "Average Sort Space Used", value, "Average " + std::string(kind) + ": ");
    PutNumber(&space, "Peak Sort Space Used", value, "Peak " + std::string(kind) + ": ");
    if (!space.members.empty()) groups.Add("Sort Space " + std::string(kind), std::move(space));
  }
  return groups;
}

void AddKeys(std::string_view value, PlanValue* node) {
  PlanValue* keys = nullptr;
  for (auto& [name, member] : node->members) {
    if (name == "Group Key") keys = &member;
  }
  if (keys == nullptr) keys = &node->Add("Group Key", PlanValue::List());
  for (std::string& key : SplitList(value)) {
    const bool known = std::any_of(keys->items.begin(), keys->items.end(),
                                   [&](const PlanValue& item) { return item.text == key; });
    if (!known && key != "()") keys->items.push_back(PlanValue::Scalar(std::move(key)));
  }
}

bool IsAggregate(const PlanValue& node) {
  return std::any_of(node.members.begin(), node.members.end(), [](const auto& member) {
    return member.key == "Node Type" && member.value.text == "Aggregate";
  });
}

}  // namespace

std::vector<std::string> SplitList(std::string_view text) {
  std::vector<std::string> parts;
  int depth = 0;
  char quote = 0;
  size_t begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(' || c == '[') {
      ++depth;
    } else if (c == ')' || c == ']') {
      --depth;
    } else if (c == ',' && depth <= 0) {
      parts.emplace_back(Trim(text.substr(begin, i - begin)));
      begin = i + 1;
    }
  }
  if (const std::string_view last = Trim(text.substr(begin)); !last.empty())
    parts.emplace_back(last);
  return parts;
}

bool ReadNodeName(std::string_view name, PlanValue* node) {
  if (Take(&name, "Async ")) Put(node, "Async Capable", "true");
  if (Take(&name, "Parallel ")) Put(node, "Parallel Aware", "true");
  if (ReadAggregate(name, node) || ReadJoin(name, node) || ReadSetOp(name, node) ||
      ReadModify(name, node) || ReadScan(name, node)) {
    return true;
  }
  for (std::string_view plain : kPlain) {
    // A Result may name what it stands for (from 19 on), an Append its relation.
    if (name != plain &&
        !(name.starts_with(plain) && name.substr(plain.size()).starts_with(" on ")))
      continue;
    Put(node, "Node Type", plain);
    return true;
  }
  return false;
}

void ReadNodeNumbers(std::string_view numbers, PlanValue* node) {
  const auto range = [&](std::string_view name, std::string_view from, std::string_view to) {
    const size_t at = numbers.find(name);
    if (at == numbers.npos) return;
    const std::string_view rest = numbers.substr(at + name.size());
    const size_t dots = rest.find("..");
    if (dots == rest.npos) return;
    Put(node, from, rest.substr(0, dots));
    Put(node, to, NumberAt(rest.substr(dots + 2)));
  };
  if (numbers.starts_with("cost=")) {
    range("cost=", "Startup Cost", "Total Cost");
    PutNumber(node, "Plan Rows", numbers, "rows=");
    PutNumber(node, "Plan Width", numbers, "width=");
  } else if (numbers.starts_with("actual")) {
    range("time=", "Actual Startup Time", "Actual Total Time");
    PutNumber(node, "Actual Rows", numbers, "rows=");
    PutNumber(node, "Actual Loops", numbers, "loops=");
  } else if (numbers.starts_with("never executed")) {
    Put(node, "Actual Rows", "0");
    Put(node, "Actual Loops", "0");
  }
}

void ReadBuffers(std::string_view value, PlanValue* node) {
  for (std::string_view kind : {"Shared", "Local", "Temp"}) {
    const size_t at = value.find(Lower(kind) + " ");
    if (at == value.npos) continue;
    const std::string_view part = value.substr(at, value.find(',', at) - at);
    for (std::string_view what : {"Hit", "Read", "Dirtied", "Written"}) {
      PutNumber(node, std::string(kind) + " " + std::string(what) + " Blocks", part,
                Lower(what) + "=");
    }
  }
}

void ReadIoTimings(std::string_view value, PlanValue* node) {
  bool split = false;
  for (std::string_view kind : {"shared/local", "shared", "local", "temp"}) {
    const size_t at = value.find(std::string(kind) + " ");
    if (at == value.npos || (at > 0 && value[at - 1] != ' ')) continue;
    split = true;
    const std::string_view part = value.substr(at, value.find(',', at) - at);
    const std::string name = kind == "local" ? "Local " : kind == "temp" ? "Temp " : "Shared ";
    PutNumber(node, name + "I/O Read Time", part, "read=");
    PutNumber(node, name + "I/O Write Time", part, "write=");
  }
  if (split) return;
  PutNumber(node, "I/O Read Time", value, "read=");
  PutNumber(node, "I/O Write Time", value, "write=");
}

void ReadWal(std::string_view value, PlanValue* node) {
  PutNumber(node, "WAL Records", value, "records=");
  PutNumber(node, "WAL FPI", value, "fpi=");
  PutNumber(node, "WAL Bytes", value, "bytes=");
  PutNumber(node, "WAL Buffers Full", value, "full=");
}

bool ReadNodeProperty(std::string_view key, std::string_view value, PlanValue* node) {
  if (key == "Sort Method") {
    ReadSortMethod(value, node);
  } else if (key == "Buckets") {
    ReadHash(value, node);
  } else if (key == "Planned Partitions" || key == "Batches") {
    const std::string text = std::string(key) + ": " + std::string(value);
    PutNumber(node, "Planned Partitions", text, "Planned Partitions: ");
    PutNumber(node, "HashAgg Batches", text, "Batches: ");
    PutNumber(node, "Peak Memory Usage", text, "Memory Usage: ");
    PutNumber(node, "Disk Usage", text, "Disk Usage: ");
  } else if (key == "Memory Usage") {
    Put(node, "Peak Memory Usage", NumberAt(value));
  } else if (key == "Hits") {
    Put(node, "Cache Hits", NumberAt(value));
    PutNumber(node, "Cache Misses", value, "Misses: ");
    PutNumber(node, "Cache Evictions", value, "Evictions: ");
    PutNumber(node, "Cache Overflows", value, "Overflows: ");
    PutNumber(node, "Peak Memory Usage", value, "Memory Usage: ");
  } else if (key == "Full-sort Groups" || key == "Pre-sorted Groups") {
    node->Add(std::string(key), SortGroupsOf(value));
  } else if (key == "Heap Blocks") {
    PutNumber(node, "Exact Heap Blocks", value, "exact=");
    PutNumber(node, "Lossy Heap Blocks", value, "lossy=");
  } else if (key == "Buffers") {
    ReadBuffers(value, node);
  } else if (key == "I/O Timings") {
    ReadIoTimings(value, node);
  } else if (key == "WAL") {
    ReadWal(value, node);
  } else if (key == "Storage") {
    Put(node, "Storage", value.substr(0, value.find("  ")));
    PutNumber(node, "Maximum Storage", value, "Maximum Storage: ");
  } else if (key == "Tuples") {
    PutNumber(node, "Tuples Inserted", value, "inserted=");
  } else if (key == "Group Key" || key == "Hash Key") {
    AddKeys(value, node);
  } else if (key == "Sort Key" && IsAggregate(*node)) {
    // Of one of the grouping sets.
  } else {
    const PlanField field = FieldOf(key);
    if (field.kind == PlanField::Kind::kTexts) {
      PlanValue list = PlanValue::List();
      for (std::string& item : SplitList(value))
        list.items.push_back(PlanValue::Scalar(std::move(item)));
      node->Add(std::string(key), std::move(list));
    } else if (field.kind != PlanField::Kind::kIgnored) {
      Put(node, key, value);
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace pgsift
