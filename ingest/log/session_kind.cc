#include "ingest/log/session_kind.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "ingest/log/mix.h"

namespace pgsift {
namespace {

uint64_t HashName(std::string_view name, uint64_t hash) {
  hash = Mix(hash, name.size());
  while (!name.empty()) {
    uint64_t word = 0;
    const size_t size = std::min<size_t>(name.size(), 8);
    std::memcpy(&word, name.data(), size);
    hash = Mix(hash, word);
    name.remove_prefix(size);
  }
  return hash;
}

}  // namespace

SessionKind KindIn(const LogRecord& record) {
  return {.database = std::string(record.database),
          .user = std::string(record.user),
          .application = std::string(record.application),
          .client = std::string(record.client)};
}

bool IsOf(const SessionKind& kind, const LogRecord& record) {
  return kind.database == record.database && kind.user == record.user &&
         kind.application == record.application && kind.client == record.client;
}

uint64_t HashKind(const LogRecord& record) {
  uint64_t hash = HashName(record.database, 1);
  hash = HashName(record.user, hash);
  hash = HashName(record.application, hash);
  return HashName(record.client, hash);
}

}  // namespace pgsift
