#include "ingest/log/distinct_count.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace pgsift {

void DistinctCount::Add(uint64_t hash) {
  if (registers_.empty()) registers_.resize(kRegisters);
  uint8_t& longest = registers_[hash >> 56];
  const int run = std::countl_zero(hash << 8 | 0xff) + 1;
  longest = std::max(longest, static_cast<uint8_t>(run));
}

void DistinctCount::Merge(const DistinctCount& other) {
  if (other.registers_.size() != kRegisters) return;
  if (registers_.empty()) registers_.resize(kRegisters);
  for (size_t i = 0; i < kRegisters; ++i) {
    registers_[i] = std::max(registers_[i], other.registers_[i]);
  }
}

// Flajolet, Fusy, Gandouet, Meunier, "HyperLogLog" (2007); below 2.5 values a register, the
// registers that are still empty tell more.
double DistinctCount::Estimate() const {
  if (registers_.size() != kRegisters) return 0;
  constexpr double kCount = kRegisters;
  constexpr double kAlpha = 0.7213 / (1 + 1.079 / kCount);
  double sum = 0;
  double zeros = 0;
  for (const uint8_t longest : registers_) {
    sum += std::ldexp(1.0, -static_cast<int>(longest));
    zeros += longest == 0;
  }
  const double estimate = kAlpha * kCount * kCount / sum;
  if (estimate <= 2.5 * kCount && zeros > 0) return kCount * std::log(kCount / zeros);
  return estimate;
}

}  // namespace pgsift
