// SPDX-License-Identifier: Apache-2.0
// When a torture memory answers: so many cycles after the last beat of an access was requested, drawn from
// [shortest, longest] by a generator of its own. Same seed, same accesses: same times.
#pragma once

#include <cstdint>
#include <random>

#include "hardware/types.h"

namespace nvdla::torture {

struct Latencies {
  std::uint32_t seed = 1;
  Cycle shortest = 1;
  Cycle longest = 500;
  bool in_order = false;  // all answers of the memory in the order of the accesses
};

class AnswerTimes {
 public:
  explicit AnswerTimes(const Latencies& latencies) : latencies_(latencies), generator_(latencies.seed) {}

  // Of an access whose last beat is requested in cycle `requested`.
  Cycle next(Cycle requested) {
    // Not std::uniform_int_distribution: its numbers differ between libraries.
    const auto width = static_cast<std::uint64_t>(latencies_.longest - latencies_.shortest + 1);
    const Cycle at = requested + latencies_.shortest + static_cast<Cycle>(generator_() % width);
    last_ = latencies_.in_order && at < last_ ? last_ : at;
    return latencies_.in_order ? last_ : at;
  }
  std::uint64_t draw(std::uint64_t below) { return generator_() % below; }

 private:
  Latencies latencies_;
  std::mt19937_64 generator_;
  Cycle last_ = 0;
};

}  // namespace nvdla::torture
