// SPDX-License-Identifier: Apache-2.0
// Bytes of a file, a pipe or standard input ("-"), as they are or out of gzip (by the content, not the name).
// Nothing is read twice and nothing is sought, so that a pipe serves as well as a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

namespace nvdla::host {

// A file that cannot be opened or read; the text names it, and the line where one applies.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class Unpack : std::uint8_t { kNever, kGzip };

class ByteSource {
 public:
  // Throws InputError: missing, a directory, not readable.
  explicit ByteSource(const std::string& path, Unpack unpack = Unpack::kGzip);
  ~ByteSource();
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  // Up to `size` bytes; 0 only at the end. Throws InputError when reading fails.
  [[nodiscard]] std::size_t read(char* data, std::size_t size);
  // The gzip data are damaged or end too early; what came before them was read. read() then gives 0.
  [[nodiscard]] bool damaged() const;
  // Share of the file that has been taken, 0 to 1; 0 for a pipe.
  [[nodiscard]] double fraction() const;
  // As messages name it.
  [[nodiscard]] const std::string& name() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// "standard input" for "-".
[[nodiscard]] std::string input_name(const std::string& path);

// Everything, as it is. Throws InputError, also when there are more than `limit` bytes.
[[nodiscard]] std::string read_file(const std::string& path, std::uint64_t limit,
                                    Unpack unpack = Unpack::kNever);

}  // namespace nvdla::host
