// SPDX-License-Identifier: Apache-2.0
// Any input that says what a CPU does, as a program.
#pragma once

#include <string>

#include "hardware/types.h"
#include "host/inputs/input_kind.h"
#include "host/program.h"

namespace nvdla::host {

// Names of registers in the file are those of `generation`. Throws InputError; for an input that is none of
// these it says which command takes it.
[[nodiscard]] Program read_input(const std::string& path, Generation generation);
// The same of one that has been looked at.
[[nodiscard]] Program read_input(const std::string& path, InputKind kind, Generation generation);

}  // namespace nvdla::host
