// SPDX-License-Identifier: Apache-2.0
#include "host/program.h"

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

Program Program::changed(const std::vector<Change>& changes, const std::vector<Insertion>& insertions) const {
  Program result(*this);
  for (const Change& change : changes) result.commands_.at(change.command).value = change.value;
  const std::vector<Command> commands = std::move(result.commands_);
  result.commands_.clear();
  result.writes_.clear();
  result.row_ends_.clear();
  result.cvsram_ = kNone;
  auto insertion = insertions.begin();
  for (std::size_t i = 0; i < commands.size(); ++i) {
    for (; insertion != insertions.end() && insertion->before == i; ++insertion) {
      Command command = commands[i];
      command.kind = CommandKind::kWriteReg;
      command.offset = insertion->offset;
      command.value = insertion->value;
      result.append(command);
    }
    result.append(commands[i]);
  }
  return result;
}

void Program::append(Command command) {
  if (command.kind == CommandKind::kWriteReg) {
    const bool goes_on = !commands_.empty() && commands_.back().kind == CommandKind::kWriteReg;
    if (!goes_on) row_ends_.push_back(writes_.size());
    command.write = writes_.size();
    command.row = row_ends_.size() - 1;
    ++row_ends_.back();
    writes_.push_back({command.offset, command.value});
  }
  const bool names = command.named_space && command.space == MemorySpace::kCvsram;
  if (names && cvsram_ == kNone) cvsram_ = commands_.size();
  commands_.push_back(command);
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
  append(command);
}

void Program::add(Command command, std::string_view text, std::vector<unsigned char> contents) {
  command.held = contents_.size();
  command.size = contents.size();
  contents_.push_back(std::make_shared<const std::vector<unsigned char>>(std::move(contents)));
  add(command, text);
}

}  // namespace nvdla::host
