// SPDX-License-Identifier: Apache-2.0
// A file with this content, compressed when its name ends in .gz.
#pragma once

#include <string>

#include "host/files/output_file.h"

namespace nvdla::test {

inline void write_file(const std::string& path, const std::string& content) {
  host::OutputFile file(path);
  file.stream() << content;
  file.commit();
}

}  // namespace nvdla::test
