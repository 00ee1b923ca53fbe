// SPDX-License-Identifier: Apache-2.0
// Lines of a text file, plain or gzip (by its content, not its name), streamed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

namespace nvdla::host {

// A file that cannot be opened or read; the text names it, and the line where one applies.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class TextSource {
 public:
  // Throws InputError.
  explicit TextSource(const std::string& path);
  ~TextSource();

  // False at the end. Throws InputError for damaged gzip data and for binary data.
  bool next(std::string& line);
  [[nodiscard]] std::size_t line_number() const { return line_number_; }
  // The last line ended without a newline.
  [[nodiscard]] bool cut() const { return cut_; }
  // Share of the file that has been read, 0 to 1.
  [[nodiscard]] double fraction();
  [[nodiscard]] const std::string& path() const { return path_; }
  // "path:line: text"
  [[nodiscard]] std::string at_line(const std::string& text) const;

 private:
  std::string path_;
  std::ifstream file_;
  std::uint64_t file_bytes_ = 0;
  std::unique_ptr<std::istream> stream_;  // decompressing or not, over file_
  std::size_t line_number_ = 0;
  bool cut_ = false;
};

}  // namespace nvdla::host
