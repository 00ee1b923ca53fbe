// SPDX-License-Identifier: Apache-2.0
#include "command/validate.h"

#include <algorithm>
#include <boost/program_options.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>
#include <stdexcept>

#include "command/progress.h"
#include "host/files/output_file.h"
#include "host/files/run_files.h"
#include "validation/accuracy_report.h"
#include "validation/bounds.h"
#include "validation/comparison.h"
#include "validation/pool.h"
#include "validation/report.h"

namespace nvdla::command {
namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

constexpr int kOk = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;

class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

po::options_description visible_options() {
  po::options_description options("Options");
  options.add_options()("help,h", "show this text")(
      "level", po::value<std::string>()->value_name("LEVELS"),
      "levels to replay, separated by commas: roofline, refined, dynamic (default: all three)")(
      "traces", po::value<std::string>()->value_name("DIR"),
      "directory of traces (default: beside the recording, the folder above, ../traces and "
      "../../firmware_traces from there, "
      "the source "
      "tree)")("bounds", po::value<std::string>()->value_name("FILE"),
               "accuracy bounds (JSON); a figure that is worse fails the command")(
      "json", po::value<std::string>()->value_name("FILE"),
      "write the comparison as JSON; - is standard output")(
      "report", po::value<std::string>()->value_name("DIR"),
      "write accuracy.md and figures/*.svg (tables and figures for each network and unit) to this directory")(
      "notes", po::value<std::string>()->value_name("FILE"),
      "explanations for the report (JSON), validation/notes.json")(
      "brief", "only the summary, no table for each recording")("no-dma-trace", "do not compare DMA traces");
  return options;
}

std::vector<amaix::Level> parse_levels(const std::string& text) {
  std::vector<amaix::Level> levels;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string name = text.substr(begin, end - begin);
    const auto level = amaix::level_from_name(name);
    if (!level)
      throw UsageError("--level: unknown level \"" + name + "\"; known: roofline, refined, dynamic");
    if (std::find(levels.begin(), levels.end(), *level) == levels.end()) levels.push_back(*level);
    begin = end + 1;
  }
  std::sort(levels.begin(), levels.end());
  return levels;
}

// Beside a trace, no recordings: names of its hardware layers, its descriptor for scripts/rtl_case.py.
constexpr const char* kLayers = "layers.json";
constexpr const char* kDescriptor = "case.json";

// Directories become the recordings in them and in their folders, by path.
std::vector<std::string> find_recordings(const std::vector<std::string>& arguments) {
  std::vector<std::string> result;
  for (const std::string& argument : arguments) {
    if (argument == "-")
      throw UsageError("a recording is several files beside each other: it cannot come from standard input");
    if (!fs::is_directory(argument)) {
      result.push_back(argument);
      continue;
    }
    std::vector<std::string> found;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(argument))
      if (entry.path().extension() == ".json" && entry.path().filename() != kLayers &&
          entry.path().filename() != kDescriptor)
        found.push_back(entry.path().string());
    if (found.empty())
      throw host::InputError(argument + ": no recording (*.json) in this directory or its folders");
    std::sort(found.begin(), found.end());
    result.insert(result.end(), found.begin(), found.end());
  }
  return result;
}

void write_json(const std::string& path, const std::vector<validation::RecordingComparison>& comparisons,
                std::ostream& out) {
  const std::string text =
      validation::to_json(comparisons).dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) +
      "\n";
  if (path == "-") {
    out << text;
    return;
  }
  host::OutputFile file(path);
  file.stream() << text;
  file.commit();
}

// An output must not be one of the files that the comparison reads.
void check_files(const po::variables_map& values, const std::vector<std::string>& recordings) {
  host::RunFiles files;
  for (const char* const option : {"bounds", "notes"}) {
    if (values.count(option)) files.input(values[option].as<std::string>(), std::string("--") + option);
  }
  for (const std::string& recording : recordings) {
    fs::path stem = recording;
    if (stem.extension() == ".json") stem.replace_extension();
    for (const char* const part : {".json", ".ops.csv", ".dma.csv", ".dma_trace.csv.gz"})
      files.input(stem.string() + part, "a recording");
  }
  if (values.count("json")) files.output(values["json"].as<std::string>(), "--json");
}

struct Outcome {
  std::vector<validation::RecordingComparison> comparisons;
  std::vector<std::string> errors;  // of recordings that could not be compared at all
};

Outcome compare_all(const std::vector<std::string>& recordings, validation::ComparisonOptions options,
                    std::ostream* tables) {
  Outcome outcome;
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    try {
      {
        ProgressLine progress(std::to_string(i + 1) + "/" + std::to_string(recordings.size()) + " " +
                              fs::path(recordings[i]).filename().string() + " ");
        options.progress = progress.callback();
        outcome.comparisons.push_back(validation::compare(recordings[i], options));
      }
      if (tables) validation::print_recording(outcome.comparisons.back(), *tables);
    } catch (const host::InputError& error) {
      outcome.errors.emplace_back(error.what());
    } catch (const std::invalid_argument& error) {  // parameters of hardware or memory
      outcome.errors.push_back(recordings[i] + ": " + error.what());
    }
  }
  return outcome;
}

int validate(const po::variables_map& values, std::ostream& out, std::ostream& err) {
  validation::ComparisonOptions options;
  if (values.count("level")) options.levels = parse_levels(values["level"].as<std::string>());
  if (values.count("traces")) options.traces = values["traces"].as<std::string>();
  options.dma_trace = values.count("no-dma-trace") == 0;
  std::vector<validation::Bound> bounds;
  if (values.count("bounds")) bounds = validation::load_bounds(values["bounds"].as<std::string>());
  validation::Notes notes;
  if (values.count("notes")) {
    if (!values.count("report")) throw UsageError("--notes is for --report");
    notes = validation::load_notes(values["notes"].as<std::string>());
  }
  const std::vector<std::string> recordings =
      find_recordings(values["recording"].as<std::vector<std::string>>());

  check_files(values, recordings);

  const bool json_on_output = values.count("json") && values["json"].as<std::string>() == "-";
  const bool tables = !json_on_output && values.count("brief") == 0;
  const Outcome outcome = compare_all(recordings, options, tables ? &out : nullptr);
  if (!json_on_output) validation::print_summary(outcome.comparisons, out);
  if (values.count("json")) write_json(values["json"].as<std::string>(), outcome.comparisons, out);

  if (values.count("report") && !validation::levels_of(outcome.comparisons).empty())
    validation::write_accuracy_report(values["report"].as<std::string>(),
                                      validation::accuracy_report(outcome.comparisons, notes));

  int status = kOk;
  bool bounded = bounds.empty();
  for (const validation::RecordingComparison& comparison : outcome.comparisons) {
    for (const std::string& text : comparison.failures)
      err << "nvdla-vp: " << comparison.recording.name << ": " << text << '\n';
    if (!comparison.failures.empty()) status = kFailed;
    bounded = bounded || is_bounded(bounds, comparison);
  }
  for (const std::string& text : validation::check_bounds(bounds, outcome.comparisons)) {
    err << "nvdla-vp: " << text << '\n';
    status = kFailed;
  }
  if (!bounded) throw UsageError("--bounds: no bound applies to any of these recordings");
  for (const std::string& text : outcome.errors) err << "nvdla-vp: " << text << '\n';
  return outcome.errors.empty() ? status : kUsage;
}

}  // namespace

int run_validate(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
  po::options_description all = visible_options();
  all.add_options()("recording", po::value<std::vector<std::string>>());
  po::positional_options_description positional;
  positional.add("recording", -1);
  try {
    po::variables_map values;
    // Long options must be written out: an abbreviation would change its meaning when options are added.
    const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments).options(all).positional(positional).style(style).run(),
              values);
    po::notify(values);
    if (values.count("help")) {
      out << "Usage: nvdla-vp validate [options] RECORDING...|DIR\n\n"
             "Replays recorded RTL timings on the model and compares every hardware operation's latency, "
             "the\n"
             "total and the DMA bytes of every client. RECORDING is NAME.json or NAME, with NAME.ops.csv "
             "and\n"
             "NAME.dma.csv beside it; DIR stands for all recordings in it and in its folders.\n\n"
          << visible_options();
      return kOk;
    }
    if (!values.count("recording")) throw UsageError("no recording given; see nvdla-vp validate --help");
    return validate(values, out, err);
  } catch (const po::error& error) {
    err << "nvdla-vp: " << error.what() << '\n';
  } catch (const UsageError& error) {
    err << "nvdla-vp: " << error.what() << '\n';
  } catch (const host::InputError& error) {
    err << "nvdla-vp: " << error.what() << '\n';
  } catch (const fs::filesystem_error& error) {
    err << "nvdla-vp: " << error.what() << '\n';
  } catch (const host::OutputError& error) {
    err << "nvdla-vp: " << error.what() << '\n';
    return kFailed;
  }
  return kUsage;
}

}  // namespace nvdla::command
