// SPDX-License-Identifier: Apache-2.0
// How many executions a fuzzer makes, and from which seed on: few in the test suite, as many as
// NVDLA_FUZZ_EXECUTIONS says in scripts/fuzz.sh. Where the suite is slow (sanitizers), NVDLA_FUZZ_DIVISOR
// makes one in so many of those that simulate.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

namespace nvdla::fuzz {

inline std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// share: of the executions that the script asks for.
inline std::uint64_t executions(std::uint64_t in_the_suite, double share = 1) {
  const std::uint64_t asked = from_environment("NVDLA_FUZZ_EXECUTIONS", 0);
  return asked == 0 ? in_the_suite : static_cast<std::uint64_t>(static_cast<double>(asked) * share);
}
// Of executions that simulate a driver's program each.
inline std::uint64_t simulations(std::uint64_t in_the_suite, double share) {
  return executions(in_the_suite / from_environment("NVDLA_FUZZ_DIVISOR", 1), share);
}
inline std::uint64_t first_seed() { return from_environment("NVDLA_FUZZ_SEED", 1); }

}  // namespace nvdla::fuzz
