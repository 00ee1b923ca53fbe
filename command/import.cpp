// SPDX-License-Identifier: Apache-2.0
#include "command/import.h"

#include <boost/program_options.hpp>
#include <ostream>
#include <stdexcept>

#include "host/inputs/import_vp_log.h"
#include "host/inputs/input_kind.h"
#include "host/text_source.h"

namespace nvdla::command {

namespace po = boost::program_options;

int run_import(const std::vector<std::string>& arguments, std::ostream& out) {
  po::options_description visible("Options");
  visible.add_options()("help,h", "this text")("output,o", po::value<std::string>(),
                                               "directory for the files; it is made");
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
    out << "nvdla-vp import LOG --output DIRECTORY\n\nTurns a log of the virtual platform into a register "
           "trace (input.txn), the contents of memory that it loads,\nand lists of memory accesses.\n\n"
        << visible;
    return 0;
  }
  if (values.count("FILE") == 0 || values["FILE"].as<std::vector<std::string>>().size() != 1)
    throw std::invalid_argument("import: exactly one file is needed");
  if (values.count("output") == 0) throw std::invalid_argument("import: --output DIRECTORY is needed");
  const std::string file = values["FILE"].as<std::vector<std::string>>().front();
  const host::InputKind kind = host::input_kind(file);
  if (kind != host::InputKind::kVpLog) {
    throw host::InputError(file + ": is " + std::string(host::input_kind_name(kind)) +
                           ", not a log of the virtual platform");
  }
  const host::ImportedLog result = host::import_vp_log(file, values["output"].as<std::string>());
  out << result.register_accesses << " register accesses, " << result.memory_accesses << " memory accesses, "
      << result.content_bytes << " bytes of contents\n";
  for (const std::string& written : result.files) out << written << '\n';
  return 0;
}

}  // namespace nvdla::command
