// SPDX-License-Identifier: Apache-2.0
// Every parser of a file that a user brings, as a function of the file's bytes. It takes the input or says
// what is wrong with it; anything else (another exception, a crash, a hang, memory without bound) is a
// defect. libFuzzer runs them (fuzz/libfuzzer), and the test suite for a short time (tests/parsers).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace nvdla::fuzz {

struct Target {
  std::string name;
  // False: refused. Throws what is a defect.
  bool (*parse)(const std::uint8_t* data, std::size_t size);
  std::vector<std::string> seeds;  // small inputs that are taken; of what no text can show, none
};

[[nodiscard]] const std::vector<Target>& targets();

}  // namespace nvdla::fuzz
