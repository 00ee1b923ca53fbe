// SPDX-License-Identifier: Apache-2.0
#include "validation/csv.h"

#include <algorithm>
#include <charconv>

namespace nvdla::validation {

CsvReader::CsvReader(const std::string& path) : source_(path) {
  if (!source_.next(line_)) throw host::InputError(source_.path() + ":1:1: the header line is missing");
  refuse_cut();
  split();
  for (std::size_t i = 0; i + 1 < starts_.size(); ++i) {
    if (std::find(names_.begin(), names_.end(), text(i)) != names_.end())
      throw host::InputError(at(starts_[i], "column \"" + std::string(text(i)) + "\" is there twice"));
    names_.emplace_back(text(i));
  }
}

std::optional<std::size_t> CsvReader::find(std::string_view name) const {
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (names_[i] == name) return i;
  return std::nullopt;
}

std::size_t CsvReader::column(std::string_view name) const {
  if (const auto found = find(name)) return *found;
  throw host::InputError(source_.path() + ":1:1: column \"" + std::string(name) + "\" is missing");
}

bool CsvReader::next() {
  do {
    if (!source_.next(line_)) return false;
  } while (line_.empty());
  refuse_cut();
  split();
  const std::size_t cells = starts_.size() - 1;
  if (cells != names_.size())
    throw host::InputError(
        at(line_.size(), std::to_string(cells) + " cells, the header has " + std::to_string(names_.size())));
  return true;
}

std::string_view CsvReader::text(std::size_t column) const {
  return std::string_view(line_).substr(starts_[column], starts_[column + 1] - starts_[column] - 1);
}

std::uint64_t CsvReader::number(std::size_t column) const {
  const std::string_view cell = text(column);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error == std::errc::result_out_of_range) fail(column, "number out of range");
  if (error != std::errc() || end != cell.data() + cell.size()) fail(column, "not a number");
  return value;
}

// A row of which the end is lost can still look whole: 1 of 16.
void CsvReader::refuse_cut() const {
  if (source_.cut())
    throw host::InputError(at(line_.size(), "the last line ends without a newline: the table may be cut"));
}

double CsvReader::decimal(std::size_t column) const {
  const std::string_view cell = text(column);
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc() || end != cell.data() + cell.size() || !(value >= 0)) fail(column, "not a number");
  return value;
}

void CsvReader::fail(std::size_t column, const std::string& what) const {
  throw host::InputError(
      at(starts_[column], names_[column] + " \"" + std::string(text(column)) + "\": " + what));
}

std::string CsvReader::at(std::size_t character, const std::string& text) const {
  return source_.path() + ":" + std::to_string(source_.line_number()) + ":" + std::to_string(character + 1) +
         ": " + text;
}

void CsvReader::split() {
  starts_.assign(1, 0);
  for (std::size_t i = 0; i < line_.size(); ++i)
    if (line_[i] == ',') starts_.push_back(i + 1);
  starts_.push_back(line_.size() + 1);
}

}  // namespace nvdla::validation
