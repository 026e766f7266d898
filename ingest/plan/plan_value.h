#ifndef PGSIFT_INGEST_PLAN_PLAN_VALUE_H_
#define PGSIFT_INGEST_PLAN_PLAN_VALUE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace pgsift {

// A value of EXPLAIN's structured formats: a scalar, a list, or an object whose members keep their
// order. What the text, YAML and XML readers make; keys are those of FORMAT JSON (of XML: with "-"
// in place of blanks and slashes).
struct PlanValue {
  enum class Kind : uint8_t { kScalar, kList, kObject } kind = Kind::kScalar;
  std::string text;              // Of a scalar.
  std::vector<PlanValue> items;  // Of a list.
  struct Member;
  std::vector<Member> members;  // Of an object.
  uint64_t offset = 0;          // Where it begins in the input.
  uint64_t line = 0;            // 1-based.

  static PlanValue Scalar(std::string text);
  static PlanValue List();
  static PlanValue Object();
  PlanValue& Add(std::string key, PlanValue value);
};

struct PlanValue::Member {
  std::string key;
  PlanValue value;
};

inline PlanValue PlanValue::Scalar(std::string text) {
  PlanValue value;
  value.text = std::move(text);
  return value;
}

inline PlanValue PlanValue::List() {
  PlanValue value;
  value.kind = Kind::kList;
  return value;
}

inline PlanValue PlanValue::Object() {
  PlanValue value;
  value.kind = Kind::kObject;
  return value;
}

inline PlanValue& PlanValue::Add(std::string key, PlanValue value) {
  members.push_back({std::move(key), std::move(value)});
  return members.back().value;
}

// Takes a tree apart without recursion: the destructor of a deep one would need a deep stack.
inline void Dismantle(PlanValue root) {
  std::vector<PlanValue> rest;
  rest.push_back(std::move(root));
  while (!rest.empty()) {
    PlanValue value = std::move(rest.back());
    rest.pop_back();
    for (PlanValue& item : value.items) rest.push_back(std::move(item));
    for (PlanValue::Member& member : value.members) {
      if (!member.value.items.empty() || !member.value.members.empty())
        rest.push_back(std::move(member.value));
    }
  }
}

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_PLAN_VALUE_H_
