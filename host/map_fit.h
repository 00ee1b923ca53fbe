// SPDX-License-Identifier: Apache-2.0
// Which of the two register maps a program was made for, from its accesses.
//
// Against a map speak: an access to an offset without register; a write that sets bits which the register
// does not store; a read of a register that the program has not written, expecting other than its reset value
// (registers that hardware changes left out). A write to a read-only register does not: programs of the right
// map have them.
#pragma once

#include <cstddef>
#include <optional>

#include "hardware/types.h"
#include "host/program.h"

namespace nvdla::host {

// Accesses of the program that speak against the map.
[[nodiscard]] std::size_t conflicts(const Program& program, Generation generation);

// The map that the program was made for: nothing speaks against it, or four times as much against the other.
// Nothing: it cannot be told.
[[nodiscard]] std::optional<Generation> recognised_map(const Program& program);

}  // namespace nvdla::host
