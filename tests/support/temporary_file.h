// SPDX-License-Identifier: Apache-2.0
// Paths for test files: in a directory of this process, which goes when the process ends.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace nvdla {

inline std::string temporary_file(const std::string& name) {
  struct Directory {
    Directory() : path((std::filesystem::temp_directory_path() / "nvdla_test_XXXXXX").string()) {
      if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary directory");
    }
    ~Directory() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
    std::string path;
  };
  static const Directory directory;
  return directory.path + "/" + name;
}

}  // namespace nvdla
