// SPDX-License-Identifier: Apache-2.0
// Tables in Markdown.
#pragma once

#include <string>
#include <vector>

#include "validation/text_table.h"

namespace nvdla::validation {

class MarkdownTable {
 public:
  explicit MarkdownTable(std::vector<TextTable::Column> columns) : columns_(std::move(columns)) {}
  // Precondition: one cell for each column.
  void add(const std::vector<std::string>& cells);
  // With an empty line behind it.
  [[nodiscard]] std::string str() const;

 private:
  std::vector<TextTable::Column> columns_;
  std::string rows_;
};

}  // namespace nvdla::validation
