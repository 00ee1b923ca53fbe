// SPDX-License-Identifier: Apache-2.0
#include "validation/text_table.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ostream>

namespace nvdla::validation {
namespace {

std::string formatted(const char* format, double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

}  // namespace

TextTable::TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

void TextTable::add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

void TextTable::print(std::ostream& out) const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = columns_[i].title.size();
    for (const auto& row : rows_) width = std::max(width, row[i].size());
    widths.push_back(width);
  }
  const auto print_line = [&](const auto& cell) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string& text = cell(i);
      const std::string blanks(widths[i] - text.size(), ' ');
      line += "  " + (columns_[i].align == Align::kLeft ? text + blanks : blanks + text);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  };
  print_line([&](std::size_t i) -> const std::string& { return columns_[i].title; });
  for (const auto& row : rows_) print_line([&](std::size_t i) -> const std::string& { return row[i]; });
}

std::string percent(double value) { return formatted("%.2f", value); }

std::string signed_percent(double value) {
  const std::string text = formatted("%+.2f", value);
  return text == "-0.00" ? "+0.00" : text;
}

std::string ratio(double value) { return formatted("%.4f", value); }

}  // namespace nvdla::validation
