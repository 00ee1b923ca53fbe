// SPDX-License-Identifier: Apache-2.0
#include "command/trace_output.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "command/options.h"
#include "host/files/output_file.h"
#include "host/program_text.h"

namespace nvdla::command {

namespace po = boost::program_options;

namespace {

void write_file(const std::string& path, const std::vector<unsigned char>& bytes,
                host::ReplayOptions& options) {
  options.files.output(path, "--trace");
  host::OutputFile file(path);
  file.stream().write(reinterpret_cast<const char*>(bytes.data()),
                      static_cast<std::streamsize>(bytes.size()));
  file.commit();
}

}  // namespace

void TraceOutput::add_options(po::options_description& visible) {
  visible.add_options()("trace", po::value<std::string>(),
                        "write the driver's register accesses to this file, for replay; the contents that it "
                        "loads go beside it (FILE.0.bin, ...)");
}

TraceOutput::TraceOutput(const po::variables_map& values, const std::string& network,
                         host::ReplayOptions& options) {
  if (values.count("trace") == 0) return;
  path_ = values["trace"].as<std::string>();
  const std::string name = std::filesystem::path(path_).filename().string();
  const bool plain = std::none_of(name.begin(), name.end(),
                                  [](unsigned char c) { return std::isspace(c) != 0 || c == '#'; });
  if (path_ == "-") throw UsageError("--trace needs a file: the contents that the driver loads go beside it");
  if (name.empty() || !plain)
    throw UsageError("--trace " + path_ + ": its lines name files, which may have neither blanks nor #");
  if (!options.tensors)
    throw UsageError("--trace needs values: leave out --tensors off");  // of the CPU's tasks
  options.files.output(path_, "--trace");
  recorder_.emplace(network, options.hardware.generation, true);
  options.accesses = &*recorder_;
}

void TraceOutput::write(host::ReplayOptions& options) const {
  if (!recorder_) return;
  const std::string name = std::filesystem::path(path_).filename().string();
  host::OutputFile trace(path_);
  trace.stream() << "# " << recorder_->program().path() << " on " << options.hardware.name << '\n';
  std::size_t files = 0;
  host::write_program(trace.stream(), recorder_->program(), [&](const std::vector<unsigned char>& bytes) {
    const std::string suffix = "." + std::to_string(files++) + ".bin";
    write_file(path_ + suffix, bytes, options);
    return name + suffix;
  });
  trace.commit();
}

}  // namespace nvdla::command
