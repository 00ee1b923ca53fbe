// SPDX-License-Identifier: Apache-2.0
// What a CPU does with the accelerator, parsed: decoded once, played any number of times, also by several
// threads at once. Register traces are read here; other inputs (host/inputs) add their commands.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hardware/types.h"
#include "host/trace_reader.h"
#include "registers/register_file.h"

namespace nvdla::host {

class Program {
 public:
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  struct Command {
    CommandKind kind = CommandKind::kWait;
    MemorySpace space = MemorySpace::kDbb;  // memory: which of the two, where the input names one
    bool named_space = false;               // it does
    FillPattern pattern = FillPattern::kZero;
    std::uint32_t offset = 0;  // register: byte offset in the register window
    std::uint32_t mask = 0;
    std::uint32_t value = 0;    // data, expected value or CRC
    std::uint64_t address = 0;  // memory
    std::uint64_t size = 0;     // load_mem, dump_mem, fill, checks
    std::size_t line = 0;
    std::size_t text_first = 0, text_length = 0;  // of the line, see Program::text
    std::size_t file_first = 0, file_length = 0;  // of those with a file; see Program::file
    std::size_t held = kNone;                     // load_mem: see Program::contents
    std::size_t write = 0;                        // write_reg: its number among them
    std::size_t row = 0;                          // and that of its row of writes behind each other
  };

  // Reads the whole register trace; "-" is standard input. Throws InputError, "file:line: what: text of the
  // line"; also for a trace without a command, which is more likely a lost file than a wish.
  explicit Program(const std::string& path);
  // An empty one, for the other inputs; `path` stands in error texts, and files are looked for beside it.
  [[nodiscard]] static Program of(const std::string& path) { return Program(path, Empty{}); }
  // The last command; `text` is its line as it stands in the file, kept once for commands of one line that
  // are added one behind the other.
  void add(Command command, std::string_view text, std::string_view file = {});
  // The same, of load_mem that holds its bytes instead of the name of a file.
  void add(Command command, std::string_view text, std::vector<unsigned char> contents);

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
  // write_reg: it and those right behind it.
  struct Writes {
    const registers::RegisterWrite* first = nullptr;
    std::size_t count = 0;
  };
  [[nodiscard]] Writes writes_from(const Command& command) const {
    return {writes_.data() + command.write, row_ends_[command.row] - command.write};
  }
  // The first command that names the second memory; null: none does.
  [[nodiscard]] const Command* names_cvsram() const {
    return cvsram_ == kNone ? nullptr : &commands_[cvsram_];
  }
  // The line of a command as it stands in the file.
  [[nodiscard]] std::string_view text(const Command& command) const {
    return std::string_view(*characters_).substr(command.text_first, command.text_length);
  }
  // Name of the command's file, as it stands in the line.
  [[nodiscard]] std::string_view file(const Command& command) const {
    return std::string_view(*characters_).substr(command.file_first, command.file_length);
  }
  // What a load_mem puts there; null: what its file has.
  [[nodiscard]] const std::vector<unsigned char>* contents(const Command& command) const {
    return command.held == kNone ? nullptr : contents_[command.held].get();
  }

 private:
  struct Empty {};
  Program(std::string path, Empty) : path_(std::move(path)) {}

  void append(Command command);

  std::string path_;
  std::vector<Command> commands_;
  std::vector<registers::RegisterWrite> writes_;  // of the commands
  std::vector<std::size_t> row_ends_;             // of each row of them, the number behind its last one
  std::size_t cvsram_ = kNone;
  std::shared_ptr<std::string> characters_;  // of all lines, one behind the other
  std::vector<std::shared_ptr<const std::vector<unsigned char>>> contents_;
};

}  // namespace nvdla::host
