#include "ingest/log/record_filter.h"

#include <re2/re2.h>

#include <algorithm>
#include <vector>

namespace pgsift {
namespace {

bool Holds(const std::vector<std::string>& names, std::string_view name) {
  return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

struct RecordFilter::Patterns {
  std::vector<std::unique_ptr<RE2>> include, exclude;
};

RecordFilter::RecordFilter(const LogFilter& filter)
    : filter_(filter), patterns_(std::make_unique<Patterns>()) {
  const auto compile = [this](const std::vector<std::string>& texts,
                              std::vector<std::unique_ptr<RE2>>* patterns) {
    for (const std::string& text : texts) {
      auto pattern = std::make_unique<RE2>(text, RE2::Quiet);
      if (pattern->ok()) {
        patterns->push_back(std::move(pattern));
      } else if (error_.empty()) {
        error_ = "the pattern `" + text + "` is not valid: " + pattern->error();
      }
    }
  };
  compile(filter.include, &patterns_->include);
  compile(filter.exclude, &patterns_->exclude);
  passes_all_ = !filter.since_us && !filter.until_us && filter.databases.empty() &&
                filter.users.empty() && filter.applications.empty() && filter.clients.empty() &&
                patterns_->include.empty() && patterns_->exclude.empty();
}

RecordFilter::~RecordFilter() = default;

bool RecordFilter::Passes(const LogRecord& record) const {
  if (passes_all_) return true;
  if (filter_.since_us && (!record.has_time || record.time_us < *filter_.since_us)) return false;
  if (filter_.until_us && (!record.has_time || record.time_us >= *filter_.until_us)) return false;
  if (!Holds(filter_.databases, record.database) || !Holds(filter_.users, record.user) ||
      !Holds(filter_.applications, record.application) || !Holds(filter_.clients, record.client)) {
    return false;
  }
  const auto matches = [&record](const std::unique_ptr<RE2>& pattern) {
    const auto piece = [](std::string_view text) {
      return re2::StringPiece(text.data(), text.size());
    };
    return RE2::PartialMatch(piece(record.message), *pattern) ||
           (!record.statement.empty() && RE2::PartialMatch(piece(record.statement), *pattern));
  };
  const auto& include = patterns_->include;
  const auto& exclude = patterns_->exclude;
  if (!include.empty() && std::none_of(include.begin(), include.end(), matches)) return false;
  return std::none_of(exclude.begin(), exclude.end(), matches);
}

}  // namespace pgsift
