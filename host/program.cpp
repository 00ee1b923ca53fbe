// SPDX-License-Identifier: Apache-2.0
#include "host/program.h"

namespace nvdla::host {

Program::Program(const std::string& path) : path_(input_name(path)) {
  std::string characters;
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
    command.text_first = characters.size();
    command.text_length = parsed.text.size();
    characters += parsed.text;
    if (!parsed.file.empty()) {
      // A word of the line: found there again, the last one before a comment.
      command.file_first =
          command.text_first + parsed.text.substr(0, parsed.text.find('#')).rfind(parsed.file);
      command.file_length = parsed.file.size();
    }
    commands_.push_back(command);
  }
  if (commands_.empty()) throw InputError(reader.path() + ": the trace has no commands");
  characters_ = std::make_shared<const std::string>(std::move(characters));
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

}  // namespace nvdla::host
