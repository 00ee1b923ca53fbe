// SPDX-License-Identifier: Apache-2.0
// A register trace, parsed: decoded once, played any number of times, also by several threads at once.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/trace_reader.h"

namespace nvdla::host {

class Program {
 public:
  struct Command {
    CommandKind kind = CommandKind::kWait;
    std::uint32_t offset = 0;  // register: byte offset in the register window
    std::uint32_t mask = 0;
    std::uint32_t value = 0;    // data, or expected value
    std::uint64_t address = 0;  // memory
    std::uint64_t size = 0;     // load_mem, dump_mem
    std::size_t line = 0;
    std::size_t text_first = 0, text_length = 0;  // of the line, see Program::text
    std::size_t file_first = 0, file_length = 0;  // load_mem, dump_mem; see Program::file
  };

  // Reads the whole trace. Throws InputError, "file:line: what: text of the line".
  explicit Program(const std::string& path);
  // Register commands that somebody else has written down; `path` names them in messages. Numbers of lines
  // count from 1, texts are as in a trace.
  Program(std::string path, std::vector<Command> commands);

  // A copy whose register writes have other values, or with further ones: what a driver would have written
  // for another design. The lines keep their numbers and texts; a further write stands at the line of the
  // command that it comes before. Indices of commands(), insertions in rising order.
  struct Change {
    std::size_t command = 0;
    std::uint32_t value = 0;
  };
  struct Insertion {
    std::size_t before = 0;
    std::uint32_t offset = 0;
    std::uint32_t value = 0;
  };
  [[nodiscard]] Program changed(const std::vector<Change>& changes,
                                const std::vector<Insertion>& insertions) const;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::vector<Command>& commands() const { return commands_; }
  // The line of a command as it stands in the file.
  [[nodiscard]] std::string_view text(const Command& command) const {
    return std::string_view(*characters_).substr(command.text_first, command.text_length);
  }
  // Name of the file of load_mem and dump_mem, as it stands in the line.
  [[nodiscard]] std::string_view file(const Command& command) const {
    return std::string_view(*characters_).substr(command.file_first, command.file_length);
  }

 private:
  std::string path_;
  std::vector<Command> commands_;
  std::shared_ptr<const std::string> characters_;  // of all lines, one behind the other
};

}  // namespace nvdla::host
