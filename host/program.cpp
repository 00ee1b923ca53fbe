// SPDX-License-Identifier: Apache-2.0
#include "host/program.h"

#include <cstdio>
#include <utility>

namespace nvdla::host {

Program::Program(const std::string& path) : path_(input_name(path)) {
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
  if (commands_.empty()) throw InputError(reader.path() + ": the trace has no commands");
}

Program::Program(std::string path, std::vector<Command> commands)
    : path_(std::move(path)), commands_(std::move(commands)) {
  std::string characters;
  char text[64];
  for (std::size_t i = 0; i < commands_.size(); ++i) {
    Command& command = commands_[i];
    const char* const format = command.kind == CommandKind::kWriteReg  ? "write_reg 0x%x 0x%08x"
                               : command.kind == CommandKind::kReadReg ? "read_reg 0x%x 0x%08x 0x%08x"
                               : command.kind == CommandKind::kUntil   ? "until 0x%x 0x%08x"
                                                                       : "wait";
    const unsigned second = command.kind == CommandKind::kReadReg ? command.mask : command.value;
    (void)std::snprintf(text, sizeof text, format, command.offset, second, command.value);
    command.line = i + 1;
    command.text_first = characters.size();
    characters += text;
    command.text_length = characters.size() - command.text_first;
  }
  characters_ = std::make_shared<std::string>(std::move(characters));
}

Program Program::changed(const std::vector<Change>& changes, const std::vector<Insertion>& insertions) const {
  Program result(*this);
  for (const Change& change : changes) result.commands_.at(change.command).value = change.value;
  for (auto insertion = insertions.rbegin(); insertion != insertions.rend(); ++insertion) {
    Command command = commands_.at(insertion->before);
    command.kind = CommandKind::kWriteReg;
    command.offset = insertion->offset;
    command.value = insertion->value;
    result.commands_.insert(result.commands_.begin() + static_cast<std::ptrdiff_t>(insertion->before),
                            command);
  }
  return result;
}

void Program::add(Command command, std::string_view text, std::string_view file) {
  const bool same_line =
      !commands_.empty() && commands_.back().line == command.line && this->text(commands_.back()) == text;
  // Copies share the characters, and none of them is added to.
  if (!characters_ || characters_.use_count() > 1)
    characters_ = std::make_shared<std::string>(characters_ ? *characters_ : std::string());
  command.text_first = same_line ? commands_.back().text_first : characters_->size();
  command.text_length = text.size();
  if (!same_line) *characters_ += text;
  command.file_first = characters_->size();
  command.file_length = file.size();
  *characters_ += file;
  commands_.push_back(command);
}

}  // namespace nvdla::host
