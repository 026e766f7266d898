#include "rules/suppressions.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_format.h"
#include "base/text.h"

namespace pgsift {

namespace suppression_rules {
extern const Rule kUnusedSuppression;
extern const Rule kSuppressionWithoutReason;
extern const Rule kUnknownSuppression;
}  // namespace suppression_rules

namespace {

struct Suppression {
  Span span;
  bool whole_file = false;
  std::vector<std::string> rules;
  std::string reason;
  // The statement it is about; the file's whole text for ignore-file.
  Span scope;
  bool used = false;
};

// The words of a `-- pgsift: …` comment, or false if it is another comment.
bool ParseComment(std::string_view text, Suppression* suppression) {
  if (text.starts_with("--")) {
    text.remove_prefix(2);
  } else if (text.starts_with("/*") && text.size() >= 4) {
    text = text.substr(2, text.size() - 4);
  }
  text = Trim(text);
  if (!StartsWithIgnoringCase(text, "pgsift:")) return false;
  text = Trim(text.substr(7));
  if (StartsWithIgnoringCase(text, "ignore-file")) {
    suppression->whole_file = true;
    text.remove_prefix(11);
  } else if (StartsWithIgnoringCase(text, "ignore")) {
    text.remove_prefix(6);
  } else {
    return false;
  }
  std::string_view names = text;
  const std::string lower = Lower(text);
  if (const size_t because = lower.find("because"); because != lower.npos) {
    names = text.substr(0, because);
    suppression->reason = std::string(Trim(text.substr(because + 7)));
  }
  while (!names.empty()) {
    const size_t end = std::min(names.find_first_of(", \t\n"), names.size());
    if (end > 0) suppression->rules.emplace_back(names.substr(0, end));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return true;
}

bool SameLine(std::string_view text, uint64_t from, uint64_t to) {
  return text.substr(from, to - from).find('\n') == text.npos;
}

// At the end of a statement, on its last line or inside it; else above the next one.
Span ScopeOf(const SqlFile& file, Span comment) {
  const Statement* next = nullptr;
  for (const Statement& statement : file.statements) {
    const Span span = statement.span;
    if (comment.begin >= span.begin && comment.begin < span.end()) return span;
    if (span.end() <= comment.begin && SameLine(file.text, span.end(), comment.begin)) return span;
    if (span.begin > comment.begin && next == nullptr) next = &statement;
  }
  return next != nullptr ? next->span : Span{};
}

bool Covers(const Suppression& suppression, const Finding& finding) {
  if (finding.primary.span.file != suppression.span.file) return false;
  const uint64_t at = finding.primary.span.begin;
  if (!suppression.whole_file && (!suppression.scope.known() || at < suppression.scope.begin ||
                                  at > suppression.scope.end())) {
    return false;
  }
  return std::any_of(suppression.rules.begin(), suppression.rules.end(),
                     [&](const std::string& rule) { return Selects(rule, *finding.rule); });
}

// Takes a comment away, with its line where nothing else stands on it.
Edit Without(const SqlFile& file, Span comment) {
  const std::string_view text = file.text;
  uint64_t begin = comment.begin;
  while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  uint64_t end = comment.end();
  const bool alone = begin == 0 || text[begin - 1] == '\n';
  if (alone && end < text.size() && text[end] == '\r') ++end;
  if (alone && end < text.size() && text[end] == '\n') ++end;
  return {.span = {.begin = begin, .size = static_cast<uint32_t>(end - begin), .file = file.file}};
}

// Writes another rule's name where the comment names `wrong`.
Edit Renamed(const SqlFile& file, Span comment, std::string_view wrong, std::string_view right) {
  const size_t at = file.text.substr(comment.begin, comment.size).find(wrong);
  return {.span = {.begin = comment.begin + at,
                   .size = static_cast<uint32_t>(wrong.size()),
                   .file = file.file},
          .text = std::string(right)};
}

void Complain(const Rule& rule, const RuleSet& rules, Span span, std::string message,
              std::string help, std::vector<Fix> fixes, std::vector<Finding>* findings) {
  if (!rules.On(*rule.info)) return;
  Finding finding;
  finding.rule = rule.info;
  finding.severity = rules.SeverityOf(*rule.info);
  finding.message = std::move(message);
  finding.primary.span = span;
  finding.helps.push_back(std::move(help));
  finding.fixes = std::move(fixes);
  findings->push_back(std::move(finding));
}

}  // namespace

void ApplySuppressions(const SqlFile& file, const RuleSet& rules, std::vector<Finding>* findings) {
  std::vector<Finding> complaints;
  for (const Span& comment : file.comments) {
    Suppression suppression;
    suppression.span = comment;
    if (!ParseComment(file.text.substr(comment.begin, comment.size), &suppression)) continue;
    suppression.scope = ScopeOf(file, comment);
    bool rule_is_off = false;
    bool unknown = false;
    for (const std::string& name : suppression.rules) {
      bool known = false;
      for (const Rule* rule : AllRules()) {
        if (!Selects(name, *rule->info)) continue;
        known = true;
        rule_is_off = rule_is_off || !rules.On(*rule->info);
      }
      if (known) continue;
      unknown = true;
      const std::string_view near = NearestRule(name);
      std::vector<Fix> fixes;
      if (!near.empty()) {
        fixes.push_back({.title = absl::StrFormat("name `%s`", near),
                         .safety = FixSafety::kSafe,
                         .edits = {Renamed(file, comment, name, near)}});
      }
      Complain(suppression_rules::kUnknownSuppression, rules, comment,
               absl::StrFormat("suppression names `%s`, which is no rule", name),
               near.empty() ? "`pgsift rules` lists all rules"
                            : absl::StrFormat("did you mean `%s`?", near),
               std::move(fixes), &complaints);
    }
    if (suppression.reason.empty()) {
      Complain(suppression_rules::kSuppressionWithoutReason, rules, comment,
               "suppression gives no reason", "add `because …`: the next reader will ask", {},
               &complaints);
    }
    for (Finding& finding : *findings) {
      if (!Covers(suppression, finding)) continue;
      suppression.used = true;
      finding.suppressed = true;
      finding.suppressed_because = suppression.reason;
    }
    // A rule that is off in this run finds nothing: that does not make its suppression unused.
    if (suppression.used || unknown || rule_is_off) continue;
    Complain(suppression_rules::kUnusedSuppression, rules, comment,
             "suppression suppresses nothing", "delete the comment: nothing here needs it any more",
             {{.title = "delete the comment",
               .safety = FixSafety::kSafe,
               .edits = {Without(file, comment)}}},
             &complaints);
  }
  for (Finding& complaint : complaints) findings->push_back(std::move(complaint));
}

}  // namespace pgsift
