// SPDX-License-Identifier: Apache-2.0
// A file that is written whole or not at all. The bytes go to a file beside the target, NAME.partial-PID-N,
// which takes the target's name when everything is written and closed without an error (commit). A run that
// fails removes it; a run that is killed leaves it, under a name that nobody takes for the result.
// "-" is standard output. What is no regular file (a pipe, a terminal, /dev/null) is written directly. A link
// is followed: the file behind it is replaced, not the link; an existing file keeps its permissions.
// Compressed when the name ends in .gz.
#pragma once

#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>

namespace nvdla::host {

// Something that could not be written in the end: a full disk, a closed pipe. The text names the file.
class OutputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class OutputFile {
 public:
  // Throws InputError when the file cannot be made.
  explicit OutputFile(const std::string& path);
  // Without commit: nothing is left.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  [[nodiscard]] std::ostream& stream();
  // Writes what is buffered, closes and renames. Throws OutputError; once, at the end.
  void commit();
  // A write has failed already: long work may stop.
  [[nodiscard]] bool failed() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Flushes std::cout. Throws OutputError when something of it could not be written.
void check_standard_output();

}  // namespace nvdla::host
