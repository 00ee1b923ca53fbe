// SPDX-License-Identifier: Apache-2.0
// Paths for test files that tests running in parallel do not share.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

namespace nvdla {

inline std::string temporary_file(const std::string& name) {
  return ::testing::TempDir() + "/" + std::to_string(getpid()) + "_" + name;
}

}  // namespace nvdla
