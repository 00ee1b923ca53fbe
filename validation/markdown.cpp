// SPDX-License-Identifier: Apache-2.0
#include "validation/markdown.h"

namespace nvdla::validation {
namespace {

std::string row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) {
    line += ' ';
    for (const char c : cell) {
      if (c == '|') line += '\\';
      line += c;
    }
    line += " |";
  }
  return line + "\n";
}

}  // namespace

void MarkdownTable::add(const std::vector<std::string>& cells) { rows_ += row(cells); }

std::string MarkdownTable::str() const {
  std::vector<std::string> titles;
  std::string rule = "|";
  for (const TextTable::Column& column : columns_) {
    titles.push_back(column.title);
    rule += column.align == TextTable::Align::kLeft ? "---|" : "--:|";
  }
  return row(titles) + rule + "\n" + rows_ + "\n";
}

}  // namespace nvdla::validation
