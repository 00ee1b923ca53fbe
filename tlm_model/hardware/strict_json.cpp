// SPDX-License-Identifier: Apache-2.0
#include "hardware/strict_json.h"

#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <vector>

namespace nvdla {

nlohmann::json parse_strict_json(const std::string& text, const std::string& name) {
  using Json = nlohmann::json;
  std::vector<std::set<std::string>> keys;  // of the objects that are open
  const auto fail = [&](const std::string& what) { throw std::runtime_error(name + ": " + what); };
  const auto check = [&](int depth, Json::parse_event_t event, Json& parsed) {
    // `depth` is that of the place where the event happens: a start leads one level deeper.
    const bool start =
        event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
    if (start && depth >= kDeepestJson)
      fail("more than " + std::to_string(kDeepestJson) + " levels of objects and arrays");
    switch (event) {
      case Json::parse_event_t::object_start:
        keys.emplace_back();
        break;
      case Json::parse_event_t::object_end:
        keys.pop_back();
        break;
      case Json::parse_event_t::key:
        if (!keys.back().insert(parsed.get<std::string>()).second)
          fail("the key \"" + parsed.get<std::string>() + "\" is given twice");
        break;
      default:
        break;
    }
    return true;
  };
  try {
    return Json::parse(text, check);
  } catch (const Json::parse_error& error) {
    fail(error.what());  // has line and column
  } catch (const Json::exception& error) {
    fail(error.what());  // a number that no type holds
  }
  return {};
}

}  // namespace nvdla
