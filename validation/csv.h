// SPDX-License-Identifier: Apache-2.0
// Reads a table of comma-separated values with a header line, row by row, plain or gzip. Columns are found by
// name, so their order is free and further ones do no harm. No quoting: the recordings need none. Errors are
// host::InputError, "file:line:column: what", column counted in characters from 1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/text_source.h"

namespace nvdla::validation {

class CsvReader {
 public:
  // Throws host::InputError if the file cannot be opened or has no header.
  explicit CsvReader(const std::string& path);

  // Index of a column; throws host::InputError naming it if the header lacks it.
  [[nodiscard]] std::size_t column(std::string_view name) const;

  // The same; nothing if the header lacks it.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;

  // The next row that is not empty; false at the end of the file. A last line without newline is an error.
  [[nodiscard]] bool next();

  [[nodiscard]] std::string_view text(std::size_t column) const;
  // The whole cell is a number that fits; an empty cell is an error.
  [[nodiscard]] std::uint64_t number(std::size_t column) const;

  // The whole cell is a number that is not negative, with or without decimals.
  [[nodiscard]] double decimal(std::size_t column) const;

  // Throws host::InputError at a cell of the current row.
  [[noreturn]] void fail(std::size_t column, const std::string& what) const;

 private:
  // "path:line:character: text"
  [[nodiscard]] std::string at(std::size_t character, const std::string& text) const;
  void split();
  void refuse_cut() const;

  host::TextSource source_;
  std::vector<std::string> names_;
  std::string line_;
  std::vector<std::size_t> starts_;  // of each cell in line_, and one past the last separator
};

}  // namespace nvdla::validation
