#ifndef PGSIFT_INGEST_LOG_MIX_H_
#define PGSIFT_INGEST_LOG_MIX_H_

#include <cstdint>

namespace pgsift {

__extension__ using Uint128 = unsigned __int128;

// One step of a 64-bit hash: a full multiplication, folded. The result is written to files
// (shapes), so it must not change.
inline uint64_t Mix(uint64_t hash, uint64_t value) {
  const Uint128 product = static_cast<Uint128>(hash ^ value) * 0x9e3779b97f4a7c15u;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64) ^
         0xd6e8feb86659fd93u;
}

}  // namespace pgsift

#endif  // PGSIFT_INGEST_LOG_MIX_H_
