// SPDX-License-Identifier: Apache-2.0
// Lines of a text file, a pipe or standard input ("-"), plain or gzip (by its content, not its name),
// streamed. A line has at most kLongestLine characters, so that a file of another kind ends soon and cheaply.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "host/files/byte_source.h"

namespace nvdla::host {

class TextSource {
 public:
  static constexpr std::size_t kLongestLine = std::size_t{16} << 20;

  // Throws InputError.
  explicit TextSource(const std::string& path);

  // False at the end. Throws InputError for damaged gzip data, for binary data and for a line too long.
  bool next(std::string& line);
  [[nodiscard]] std::size_t line_number() const { return line_number_; }
  // The last line ended without a newline.
  [[nodiscard]] bool cut() const { return cut_; }
  // Share of the file that has been read, 0 to 1.
  [[nodiscard]] double fraction() const { return source_.fraction(); }
  // As messages name the file.
  [[nodiscard]] const std::string& path() const { return source_.name(); }
  // "path:line: text", the text shortened when it repeats a long line.
  [[nodiscard]] std::string at_line(const std::string& text) const;

 private:
  ByteSource source_;
  std::unique_ptr<char[]> buffer_;
  std::size_t first_ = 0, last_ = 0;  // characters of the buffer that are not used yet
  std::size_t line_number_ = 0;
  bool cut_ = false;
};

// At most about 240 characters of a text that may repeat what a file holds.
[[nodiscard]] std::string shortened(const std::string& text);

}  // namespace nvdla::host
