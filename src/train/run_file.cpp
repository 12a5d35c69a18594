#include "train/run_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <sinapse/error.h>

#include "data/nearest.h"
#include "train/presets.h"
#include "train/run_keys.h"
#include "train/run_values.h"

namespace sinapse {

namespace {

constexpr size_t kMaxRunFile = 10'000'000;  // bytes; a larger file is no run file

std::vector<std::string> key_paths() {
  std::vector<std::string> paths;
  RunDescription run;
  visit_run_keys(run,
                 [&](std::string_view key, auto&, std::string_view) { paths.emplace_back(key); });
  return paths;
}

std::set<std::string> section_names() {
  std::set<std::string> names;
  for (const std::string& path : key_paths()) names.insert(path.substr(0, path.find('.')));
  return names;
}

[[noreturn]] void fail_unknown(const std::string& where, const std::string& key,
                               const std::vector<std::string>& known) {
  throw Error(ErrorCode::usage,
              fmt::format("{}: unknown key \"{}\".{}", where, key, did_you_mean(key, known)));
}

YAML::Node parse(const std::string& yaml, const std::string& source) {
  try {
    return YAML::Load(yaml);
  } catch (const YAML::ParserException& error) {
    throw Error(ErrorCode::usage, fmt::format("{}:{}: this is not YAML: {}.", source,
                                              error.mark.line + 1, error.msg));
  } catch (const YAML::Exception& error) {
    throw Error(ErrorCode::usage, fmt::format("{}: this is not YAML: {}.", source, error.what()));
  }
}

// The values of a file by their dotted keys.
class Values {
 public:
  Values(const YAML::Node& root, const std::string& source) : source_(source) {
    if (root.IsNull()) return;
    if (!root.IsMap())
      throw Error(ErrorCode::usage, fmt::format("{}: a run file has the sections {}.", source,
                                                fmt::join(section_names(), ", ")));
    for (const auto& section : root) add_section(section.first, section.second);
  }

  const std::map<std::string, YAML::Node>& all() const { return values_; }
  const YAML::Node& preset() const { return preset_; }

  ValuePlace place(const std::string& key, const YAML::Node& node) const {
    return {source_, key, node.Mark().line + 1};
  }

 private:
  void add_section(const YAML::Node& name, const YAML::Node& keys) {
    const std::string section = name.IsScalar() ? name.Scalar() : "";
    if (section == kPresetKey) {
      preset_.reset(keys);
      return;
    }
    auto sections = section_names();
    sections.insert(kPresetKey);
    if (!sections.contains(section)) {
      fail_unknown(where(name), section, {sections.begin(), sections.end()});
    }
    if (keys.IsNull()) return;
    if (!keys.IsMap()) place(section, keys).fail("expects keys and values");
    for (const auto& entry : keys) add(section, entry.first, entry.second);
  }

  void add(const std::string& section, const YAML::Node& name, const YAML::Node& value) {
    const std::string key = section + "." + (name.IsScalar() ? name.Scalar() : "");
    const std::vector<std::string> known = key_paths();
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      fail_unknown(where(name), key, known);
    }
    if (!values_.emplace(key, value).second) place(key, name).fail("is given twice");
  }

  std::string where(const YAML::Node& node) const {
    return fmt::format("{}:{}", source_, node.Mark().line + 1);
  }

  std::string source_;
  std::map<std::string, YAML::Node> values_;
  YAML::Node preset_;
};

std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
  return parts;
}

template <class T>
void read_list_text(std::vector<T>& value, const std::string& text, const ValuePlace& place) {
  value.clear();
  for (const std::string& part : split_at_commas(text)) {
    read_text(value.emplace_back(), part, place);
  }
}

// [a, "b, c"] as the text that names them: a,"b, c".
std::string joined_columns(const YAML::Node& list, const ValuePlace& place) {
  std::vector<std::string> names;
  read_node(names, list, place);
  for (std::string& name : names) {
    if (name.empty()) place.fail("expects names of columns, got an empty one");
    if (name.find(',') != std::string::npos) name = fmt::format("\"{}\"", name);
  }
  if (names.empty()) place.fail("expects at least one column, got an empty list");
  return fmt::format("{}", fmt::join(names, ","));
}

template <class T>
void read_key(std::string_view key, T& value, const YAML::Node& node, const ValuePlace& place) {
  if constexpr (std::is_same_v<T, std::string>) {
    if (key == kTargetKey && node.IsSequence()) {
      value = joined_columns(node, place);
      return;
    }
  }
  read_node(value, node, place);
}

// A value as it stands on the command line.
template <class T>
void read_argument(T& value, const std::string& text, const ValuePlace& place) {
  read_text(value, text, place);
}

template <class T>
void read_argument(std::vector<T>& value, const std::string& text, const ValuePlace& place) {
  constexpr bool has_text = std::is_same_v<T, int64_t> || std::is_same_v<T, std::string>;
  if constexpr (has_text) {
    if (!text.starts_with('[')) return read_list_text(value, text, place);
  }
  read_node(value, parse(text, place.source), place);
}

void read_argument(ClassWeights& value, const std::string& text, const ValuePlace& place) {
  read_node(value, parse(text, place.source), place);
}

void read_argument(ColumnDeclarations& value, const std::string& text, const ValuePlace& place) {
  read_node(value, parse(text, place.source), place);
}

// "features.columns.age.scale" sets one key of one column, whose name may have dots itself.
bool set_column_key(RunDescription& run, const std::string& key, const std::string& value,
                    const std::string& source) {
  constexpr std::string_view kColumns = "features.columns.";
  const size_t dot = key.rfind('.');
  if (!key.starts_with(kColumns) || dot <= kColumns.size()) return false;
  YAML::Node column;
  column[key.substr(dot + 1)] = parse(value, source);
  YAML::Node columns;
  columns[key.substr(kColumns.size(), dot - kColumns.size())] = column;
  read_node(run.options.features.columns, columns, {source, std::string("features.columns")});
  return true;
}

}  // namespace

std::string read_run_file(const std::string& path) {
  struct stat status {};
  const bool found = ::stat(path.c_str(), &status) == 0;
  std::ifstream file(path, std::ios::binary);
  if (!found || !file) {
    throw Error(ErrorCode::file, fmt::format("{}: cannot read: {}.", path, std::strerror(errno)));
  }
  if (S_ISDIR(status.st_mode) || static_cast<size_t>(status.st_size) > kMaxRunFile) {
    throw Error(ErrorCode::file, fmt::format("{}: this is not a run file.", path));
  }
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

std::vector<RunKey> run_keys() {
  std::vector<RunKey> keys;
  const RunDescription defaults;
  visit_run_keys(defaults, [&](std::string_view key, const auto& value, std::string_view doc) {
    keys.push_back(
        {std::string(key), std::string(type_name(value)), written_value(value), std::string(doc)});
  });
  return keys;
}

void merge_preset(RunDescription& run, const std::string& name) {
  const PresetDefinition& preset = preset_named(name);
  merge_run_text(run, std::string(preset.keys), fmt::format("preset {}", preset.name));
}

void merge_run_text(RunDescription& run, const std::string& yaml, const std::string& source) {
  const Values values(parse(yaml, source), source);
  if (values.preset().IsDefined() && !values.preset().IsNull()) {
    std::string preset;
    read_node(preset, values.preset(), values.place(kPresetKey, values.preset()));
    merge_preset(run, preset);
  }
  visit_run_keys(run, [&](std::string_view key, auto& member, std::string_view) {
    const auto found = values.all().find(std::string(key));
    if (found == values.all().end()) return;
    read_key(key, member, found->second, values.place(found->first, found->second));
  });
}

void merge_run_file(RunDescription& run, const std::string& path) {
  merge_run_text(run, read_run_file(path), path);
}

void set_run_key(RunDescription& run, const std::string& key, const std::string& value,
                 const std::string& source) {
  bool found = set_column_key(run, key, value, source);
  visit_run_keys(run, [&](std::string_view name, auto& member, std::string_view) {
    if (name != key) return;
    found = true;
    const bool lists_columns = key == kTargetKey && value.starts_with('[') && value.ends_with(']');
    if (lists_columns) return read_key(key, member, parse(value, source), {source, key});
    read_argument(member, value, {source, key});
  });
  if (!found) fail_unknown(source, key, key_paths());
}

std::vector<RunDifference> differences(const RunDescription& first, const RunDescription& second) {
  std::vector<RunDifference> all;
  visit_run_keys(first, [&](std::string_view key, const auto& value, std::string_view) {
    all.push_back({std::string(key), written_value(value), ""});
  });
  size_t next = 0;
  visit_run_keys(second, [&](std::string_view, const auto& value, std::string_view) {
    all[next++].second = written_value(value);
  });
  std::erase_if(all, [](const RunDifference& one) { return one.first == one.second; });
  return all;
}

std::string to_yaml(const RunDescription& run) {
  YAML::Emitter out;
  std::string section;
  out << YAML::BeginMap;
  visit_run_keys(run, [&](std::string_view key, const auto& value, std::string_view doc) {
    if (key == kThreadsKey || key == kMemoryKey) return;
    const std::string name(key.substr(0, key.find('.')));
    if (name != section) {
      if (!section.empty()) out << YAML::EndMap;
      out << YAML::Key << name << YAML::Value << YAML::BeginMap;
      section = name;
    }
    out << YAML::Key << std::string(key.substr(name.size() + 1)) << YAML::Value;
    write(out, value);
    out << YAML::Comment(std::string(doc));
  });
  out << YAML::EndMap << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

}  // namespace sinapse
