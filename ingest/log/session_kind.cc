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

uint64_t HashNames(std::string_view database, std::string_view user, std::string_view application) {
  return HashName(application, HashName(user, HashName(database, 1)));
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
  return HashName(record.client, HashNames(record.database, record.user, record.application));
}

uint64_t HashWithoutClient(const SessionKind& kind) {
  return HashNames(kind.database, kind.user, kind.application);
}

}  // namespace pgsift
