#include "rules/facts/storage_parameters.h"

#include <algorithm>
#include <array>

namespace pgsift {

LockMode LockOfStorageParameter(std::string_view name) {
  static constexpr auto kAccessExclusive = std::to_array<std::string_view>({
      "autosummarize",
      "buffering",
      "check_option",
      "fastupdate",
      "gin_pending_list_limit",
      "pages_per_range",
      "security_barrier",
      "security_invoker",
      "user_catalog_table",
  });
  const bool strong =
      std::find(kAccessExclusive.begin(), kAccessExclusive.end(), name) != kAccessExclusive.end();
  return strong ? LockMode::kAccessExclusive : LockMode::kShareUpdateExclusive;
}

}  // namespace pgsift
