// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace nvdla::command {

// The project's version, from CMake.
[[nodiscard]] const char* version();

}  // namespace nvdla::command
