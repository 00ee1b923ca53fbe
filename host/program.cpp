// SPDX-License-Identifier: Apache-2.0
#include "host/program.h"

namespace nvdla::host {

Program::Program(const std::string& path) : path_(path) {
  TraceReader reader(path);
  TraceCommand parsed;
  while (reader.next(parsed)) {
    Command command;
    command.kind = parsed.kind;
    command.offset = parsed.offset;
    command.mask = parsed.mask;
    command.value = parsed.value;
    command.address = parsed.address;
    command.size = parsed.size;
    command.line = parsed.line;
    add(command, parsed.text, parsed.file);
  }
}

void Program::add(Command command, std::string_view text, std::string_view file) {
  const bool same_line =
      !commands_.empty() && commands_.back().line == command.line && this->text(commands_.back()) == text;
  command.text_first = same_line ? commands_.back().text_first : characters_.size();
  command.text_length = text.size();
  if (!same_line) characters_ += text;
  command.file_first = characters_.size();
  command.file_length = file.size();
  characters_ += file;
  commands_.push_back(command);
}

}  // namespace nvdla::host
