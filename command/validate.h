// SPDX-License-Identifier: Apache-2.0
// `nvdla-vp validate`: replays recordings and compares.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace nvdla::command {

// `arguments` are those behind "validate". Exit status: 0, everything replayed and within the bounds; 1, a
// replay failed, a read did not match, an operation has no counterpart or a bound is broken; 2, an option or
// an input file is wrong. Nothing is thrown for bad input.
[[nodiscard]] int run_validate(const std::vector<std::string>& arguments, std::ostream& out,
                               std::ostream& err);

}  // namespace nvdla::command
