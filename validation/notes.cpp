// SPDX-License-Identifier: Apache-2.0
#include "validation/notes.h"

#include <fnmatch.h>

#include <array>
#include <nlohmann/json.hpp>

#include "validation/json_file.h"

namespace nvdla::validation {
namespace {

using nlohmann::json;

constexpr std::array kUnits{Engine::kConv, Engine::kSdp,  Engine::kPdp,
                            Engine::kCdp,  Engine::kBdma, Engine::kRubik};

std::string text_of(const json& value, const std::string& where) {
  if (!value.is_string() || value.get<std::string>().empty())
    throw host::InputError(where + " is not a text");
  return value.get<std::string>();
}

Engine unit_of(const std::string& name, const std::string& where) {
  for (const Engine unit : kUnits)
    if (engine_name(unit) == name) return unit;
  throw host::InputError(where + ": unknown unit \"" + name + "\"");
}

Explanation read_explanation(const json& object, const std::string& where) {
  if (!object.is_object()) throw host::InputError(where + " is not an object");
  Explanation result;
  for (const auto& [key, value] : object.items()) {
    const std::string text = text_of(value, where + ": " + key);
    if (key == "recordings") {
      result.recordings = text;
    } else if (key == "level") {
      const auto level = amaix::level_from_name(text);
      if (!level) throw host::InputError(where + ": unknown level \"" + text + "\"");
      result.level = *level;
    } else if (key == "unit") {
      result.unit = unit_of(text, where);
    } else if (key == "text") {
      result.text = text;
    } else {
      throw host::InputError(where + ": unknown key \"" + key + "\"");
    }
  }
  if (result.recordings.empty()) throw host::InputError(where + ": recordings is missing");
  if (result.text.empty()) throw host::InputError(where + ": text is missing");
  return result;
}

Mode read_mode(const json& object, const std::string& where) {
  if (!object.is_object()) throw host::InputError(where + " is not an object");
  Mode result;
  for (const auto& [key, value] : object.items()) {
    if (key != "recordings" && key != "name") throw host::InputError(where + ": unknown key \"" + key + "\"");
    (key == "name" ? result.name : result.recordings) = text_of(value, where + ": " + key);
  }
  if (result.recordings.empty()) throw host::InputError(where + ": recordings is missing");
  if (result.name.empty()) throw host::InputError(where + ": name is missing");
  return result;
}

ModeSet::Detail detail_of(const std::string& name, const std::string& where) {
  if (name == "none") return ModeSet::Detail::kNone;
  if (name == "worst") return ModeSet::Detail::kWorst;
  if (name == "recordings") return ModeSet::Detail::kRecordings;
  throw host::InputError(where + ": unknown detail \"" + name + "\" (known: none, worst, recordings)");
}

ModeSet read_set(const json& object, const std::string& where) {
  if (!object.is_object()) throw host::InputError(where + " is not an object");
  ModeSet result;
  for (const auto& [key, value] : object.items()) {
    const std::string text = text_of(value, where + ": " + key);
    if (key == "recordings")
      result.recordings = text;
    else if (key == "name")
      result.name = text;
    else if (key == "text")
      result.text = text;
    else if (key == "detail")
      result.detail = detail_of(text, where + ": detail");
    else
      throw host::InputError(where + ": unknown key \"" + key + "\"");
  }
  if (result.recordings.empty()) throw host::InputError(where + ": recordings is missing");
  if (result.name.empty()) throw host::InputError(where + ": name is missing");
  return result;
}

bool fits(const std::string& pattern, const Recording& recording) {
  return fnmatch(pattern.c_str(), recording.name.c_str(), FNM_EXTMATCH) == 0;
}

}  // namespace

const Mode* Notes::mode_of(const Recording& recording) const {
  for (const Mode& mode : modes)
    if (fits(mode.recordings, recording)) return &mode;
  return nullptr;
}

const ModeSet* Notes::set_of(const Recording& recording) const {
  if (mode_of(recording) == nullptr) return nullptr;
  for (const ModeSet& set : sets)
    if (fits(set.recordings, recording)) return &set;
  static const ModeSet others{"*", "recordings of single modes", {}, ModeSet::Detail::kRecordings};
  return &others;
}

std::string Notes::explain(const Recording& recording, Engine unit, amaix::Level level) const {
  for (const Explanation& candidate : explanations)
    if (candidate.level == level && (!candidate.unit || *candidate.unit == unit) &&
        fits(candidate.recordings, recording))
      return candidate.text;
  return {};
}

Notes load_notes(const std::string& path) {
  const json document = read_json_file(path);
  if (!document.is_object() || document.value("schema", json()) != "nvdla-accuracy-notes/1")
    throw host::InputError(path + ": schema is not nvdla-accuracy-notes/1");
  Notes notes;
  for (const auto& [key, list] : document.items()) {
    if (key == "schema") continue;
    if (key != "explanations" && key != "modes" && key != "sets" && key != "dma" && key != "not_covered")
      throw host::InputError(path + ": unknown key \"" + key + "\"");
    if (!list.is_array()) throw host::InputError(path + ": " + key + " is not an array");
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string where = path + ": " + key + " " + std::to_string(i);
      if (key == "explanations")
        notes.explanations.push_back(read_explanation(list[i], where));
      else if (key == "modes")
        notes.modes.push_back(read_mode(list[i], where));
      else if (key == "sets")
        notes.sets.push_back(read_set(list[i], where));
      else if (key == "dma")
        notes.dma.push_back(text_of(list[i], where));
      else
        notes.not_covered.push_back(text_of(list[i], where));
    }
  }
  return notes;
}

}  // namespace nvdla::validation
