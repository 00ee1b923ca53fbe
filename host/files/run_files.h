// SPDX-License-Identifier: Apache-2.0
// The files that one run reads and writes. An output that is one of its inputs, or another of its outputs, is
// refused before anything is written: by what the names lead to (links, ./ and ../ do not hide a file).
#pragma once

#include <string>
#include <vector>

namespace nvdla::host {

class RunFiles {
 public:
  // `what` is for messages: an option, "the trace", "load_mem in line 7". Throws InputError when standard
  // input ("-") is to be read twice, or when the run writes this file.
  void input(const std::string& path, const std::string& what);
  // Throws InputError when the run reads this file, or writes it already. Neither holds for devices: several
  // outputs may go to /dev/null.
  void output(const std::string& path, const std::string& what);
  [[nodiscard]] bool reads(const std::string& path) const;
  [[nodiscard]] bool writes(const std::string& path) const;

 private:
  struct File {
    std::string path;  // canonical; "-" for the standard streams
    std::string what;
  };
  [[nodiscard]] static const File* find(const std::vector<File>& files, const std::string& path);

  std::vector<File> inputs_, outputs_;
};

}  // namespace nvdla::host
