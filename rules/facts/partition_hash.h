#ifndef PGSIFT_RULES_FACTS_PARTITION_HASH_H_
#define PGSIFT_RULES_FACTS_PARTITION_HASH_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace pgsift {

// The hash that PostgreSQL gives a value of a partition key, or none for types whose values are not
// hashed from their text here (numeric, float, arrays, domains). `type` is the type's name in
// pg_type ("int4", "text"), `text` the value as a literal writes it. Text is hashed as under a
// deterministic collation. Source: the extended hash functions that
// src/include/catalog/pg_amproc.dat names for the hash operator classes; src/common/hashfn.c.
std::optional<uint64_t> PartitionHash(std::string_view type, std::string_view text);

// The hash of a row from those of its key's columns, in their order; nulls are left out. A row is
// in the partition where this modulo MODULUS is REMAINDER. Source: compute_partition_hash_value.
uint64_t CombinePartitionHashes(const std::vector<uint64_t>& hashes);

}  // namespace pgsift

#endif  // PGSIFT_RULES_FACTS_PARTITION_HASH_H_
