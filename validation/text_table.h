// SPDX-License-Identifier: Apache-2.0
// Text in aligned columns for the console.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace nvdla::validation {

class TextTable {
 public:
  enum class Align { kLeft, kRight };
  struct Column {
    std::string title;
    Align align = Align::kRight;
  };

  explicit TextTable(std::vector<Column> columns);
  // Precondition: one cell for each column.
  void add(std::vector<std::string> cells);
  // Two blanks in front of every line and between columns; nothing but the header if there is no row.
  void print(std::ostream& out) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// "-1.25": a percentage with two decimals; signed ones carry a plus.
[[nodiscard]] std::string percent(double value);
[[nodiscard]] std::string signed_percent(double value);

// "1.2500"
[[nodiscard]] std::string ratio(double value);

}  // namespace nvdla::validation
