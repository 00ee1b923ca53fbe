// SPDX-License-Identifier: Apache-2.0
#include "command/import.h"

#include <boost/program_options.hpp>
#include <optional>
#include <ostream>
#include <stdexcept>

#include "host/inputs/import_vp_log.h"
#include "host/inputs/input_kind.h"
#include "host/memory_options.h"
#include "host/text_source.h"
#include "host/waveform/import_waveform.h"

namespace nvdla::command {

namespace po = boost::program_options;

namespace {

std::optional<host::MemoryOptions> memory_of(const po::variables_map& values, const char* option) {
  if (values.count(option) == 0) return std::nullopt;
  return host::parse_memory_options(std::string("--") + option, values[option].as<std::string>(), {});
}

void import_log(const std::string& file, const std::string& directory, std::ostream& out) {
  const host::ImportedLog result = host::import_vp_log(file, directory);
  out << result.register_accesses << " register accesses, " << result.memory_accesses << " memory accesses, "
      << result.content_bytes << " bytes of contents\n";
  for (const std::string& written : result.files) out << written << '\n';
}

void import_wave(const std::string& file, const po::variables_map& values, std::ostream& out) {
  host::WaveformImport options;
  options.waveform = file;
  options.directory = values["output"].as<std::string>();
  if (values.count("map") != 0) options.map = values["map"].as<std::string>();
  if (values.count("config") != 0) options.config = values["config"].as<std::string>();
  options.dbb = memory_of(values, "dbb");
  options.cvsram = memory_of(values, "cvsram");
  const host::ImportedWaveform result = host::import_waveform(options);
  out << result.config << (result.scope.empty() ? "" : " in scope " + result.scope) << ": " << result.cycles
      << " cycles, " << result.register_accesses << " register accesses, " << result.operations
      << " interrupts, " << result.bursts << " bursts\n";
  for (const std::string& note : result.notes) out << "note: " << note << '\n';
  for (const std::string& written : result.files) out << written << '\n';
}

}  // namespace

int run_import(const std::vector<std::string>& arguments, std::ostream& out) {
  po::options_description visible("Options");
  visible.add_options()("help,h", "this text")("output,o", po::value<std::string>(),
                                               "directory for the files; it is made")(
      "map", po::value<std::string>(),
      "waveforms: which signals are the pins of NVDLA, where they have other names (docs/formats.md)")(
      "config", po::value<std::string>(), "waveforms: configuration; default: told by the register accesses")(
      "dbb", po::value<std::string>(),
      "waveforms: the memory of the recording, latency=50,bandwidth=64; default: measured")(
      "cvsram", po::value<std::string>(), "the same of CVSRAM");
  po::options_description all;
  all.add(visible).add_options()("FILE", po::value<std::vector<std::string>>());
  po::positional_options_description positional;
  positional.add("FILE", -1);
  const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
  po::variables_map values;
  po::store(po::command_line_parser(arguments).options(all).positional(positional).style(style).run(),
            values);
  po::notify(values);
  if (values.count("help") != 0) {
    out << "nvdla-vp import FILE --output DIRECTORY\n\n"
           "A log of the virtual platform becomes a register trace (input.txn), the contents of memory that "
           "it "
           "loads,\nand lists of memory accesses. A waveform (VCD, plain, gzip or - for standard input; FST) "
           "becomes a register\ntrace and a recording with its DMA trace: nvdla-vp validate "
           "DIRECTORY/recording.\n\n"
        << visible;
    return 0;
  }
  if (values.count("FILE") == 0 || values["FILE"].as<std::vector<std::string>>().size() != 1)
    throw std::invalid_argument("import: exactly one file is needed");
  if (values.count("output") == 0) throw std::invalid_argument("import: --output DIRECTORY is needed");
  const std::string file = values["FILE"].as<std::vector<std::string>>().front();
  if (file == "-" || !host::can_be_read_twice(file) || host::is_waveform(file)) {
    import_wave(file, values, out);
    return 0;
  }
  const host::InputKind kind = host::input_kind(file);
  if (kind != host::InputKind::kVpLog) {
    throw host::InputError(file + ": is " + std::string(host::input_kind_name(kind)) +
                           ", neither a log of the virtual platform nor a waveform");
  }
  for (const char* option : {"map", "config", "dbb", "cvsram"})
    if (values.count(option) != 0)
      throw std::invalid_argument("import: --" + std::string(option) + " is for waveforms");
  import_log(file, values["output"].as<std::string>(), out);
  return 0;
}

}  // namespace nvdla::command
