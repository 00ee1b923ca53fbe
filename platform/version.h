// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace nvdla::platform {

// The project's version, from CMake.
[[nodiscard]] const char* version();

}  // namespace nvdla::platform
