// SPDX-License-Identifier: Apache-2.0
// Directories for what tests write, removed at the end of the test case or of the process.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace nvdla::test {

// Removed with what it holds when the object goes.
class ScratchDirectory {
 public:
  ScratchDirectory() : path_((std::filesystem::temp_directory_path() / "nvdla_test_XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary directory");
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// A directory of one test case.
class TemporaryDirectory : public ::testing::Test {
 protected:
  // Path of a file of this name with this content.
  [[nodiscard]] std::string file(const std::string& name, const std::string& content) const {
    const std::filesystem::path path = directory_.path(name);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    return path.string();
  }
  [[nodiscard]] std::string path(const std::string& name) const { return directory_.path(name); }

 private:
  ScratchDirectory directory_;
};

// A path in a directory that goes when the process ends: for what no test case owns.
inline std::string temporary_file(const std::string& name) {
  static const ScratchDirectory directory;
  return directory.path(name);
}

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
