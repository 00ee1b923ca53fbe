// SPDX-License-Identifier: Apache-2.0
// A directory of one test case, removed at its end.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace nvdla::test {

class TemporaryDirectory : public ::testing::Test {
 protected:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "nvdla_validation_XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary directory");
    directory_ = pattern;
  }
  ~TemporaryDirectory() override {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  // Path of a file of this name with this content.
  [[nodiscard]] std::string file(const std::string& name, const std::string& content) const {
    const std::filesystem::path path = directory_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    return path.string();
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (directory_ / name).string(); }

 private:
  std::filesystem::path directory_;
};

// The text of the exception of type E that `action` throws; empty if it throws none.
template <typename E, typename Action>
std::string thrown_text(Action action) {
  try {
    action();
  } catch (const E& error) {
    return error.what();
  }
  return {};
}

}  // namespace nvdla::test
