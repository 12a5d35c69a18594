// The values of a run file: from YAML or text to a typed member, and back.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

#include <sinapse/features.h>
#include <sinapse/network.h>
#include <sinapse/weights.h>

namespace sinapse {

using ColumnDeclarations = std::map<std::string, ColumnDeclaration>;

/// Where a value stands, for messages.
struct ValuePlace {
  std::string source;  ///< a file, or a flag
  std::string key;     ///< "training.epochs"
  int line = 0;        ///< from 1; 0: not from a file

  /// Throws Error(usage): "run.yaml:3: training.epochs <message>".
  [[noreturn]] void fail(const std::string& message) const;
};

std::string_view type_name(const bool&);
std::string_view type_name(const int&);
std::string_view type_name(const int64_t&);
std::string_view type_name(const uint64_t&);
std::string_view type_name(const double&);
std::string_view type_name(const std::chrono::duration<double>&);
std::string_view type_name(const std::string&);
std::string_view type_name(const std::vector<int64_t>&);
std::string_view type_name(const std::vector<std::string>&);
std::string_view type_name(const std::vector<LayerDescription>&);
std::string_view type_name(const std::vector<std::vector<std::string>>&);
std::string_view type_name(const ColumnDeclarations&);
std::string_view type_name(const ClassWeights&);

/// Reads a scalar as written; throws through the place if it is of another type.
void read_text(bool& value, const std::string& text, const ValuePlace& place);
void read_text(int& value, const std::string& text, const ValuePlace& place);
void read_text(int64_t& value, const std::string& text, const ValuePlace& place);
void read_text(uint64_t& value, const std::string& text, const ValuePlace& place);
void read_text(double& value, const std::string& text, const ValuePlace& place);
void read_text(std::chrono::duration<double>& value, const std::string& text,
               const ValuePlace& place);
void read_text(std::string& value, const std::string& text, const ValuePlace& place);

/// Reads any value of a run file.
void read_node(bool& value, const YAML::Node& node, const ValuePlace& place);
void read_node(int& value, const YAML::Node& node, const ValuePlace& place);
void read_node(int64_t& value, const YAML::Node& node, const ValuePlace& place);
void read_node(uint64_t& value, const YAML::Node& node, const ValuePlace& place);
void read_node(double& value, const YAML::Node& node, const ValuePlace& place);
void read_node(std::chrono::duration<double>& value, const YAML::Node& node,
               const ValuePlace& place);
void read_node(std::string& value, const YAML::Node& node, const ValuePlace& place);
void read_node(LayerDescription& value, const YAML::Node& node, const ValuePlace& place);
void read_node(std::vector<int64_t>& value, const YAML::Node& node, const ValuePlace& place);
void read_node(std::vector<std::string>& value, const YAML::Node& node, const ValuePlace& place);
void read_node(std::vector<LayerDescription>& value, const YAML::Node& node,
               const ValuePlace& place);
void read_node(std::vector<std::vector<std::string>>& value, const YAML::Node& node,
               const ValuePlace& place);
/// Sets the keys that are given; other columns and keys stay as they are.
void read_node(ColumnDeclarations& value, const YAML::Node& node, const ValuePlace& place);
void read_node(ClassWeights& value, const YAML::Node& node, const ValuePlace& place);

/// Writes a value so that read_node gives it back.
void write(YAML::Emitter& out, bool value);
void write(YAML::Emitter& out, int value);
void write(YAML::Emitter& out, int64_t value);
void write(YAML::Emitter& out, uint64_t value);
void write(YAML::Emitter& out, double value);
void write(YAML::Emitter& out, std::chrono::duration<double> value);
void write(YAML::Emitter& out, const std::string& value);
void write(YAML::Emitter& out, const std::vector<int64_t>& value);
void write(YAML::Emitter& out, const std::vector<std::string>& value);
void write(YAML::Emitter& out, const std::vector<LayerDescription>& value);
void write(YAML::Emitter& out, const std::vector<std::vector<std::string>>& value);
void write(YAML::Emitter& out, const ColumnDeclarations& value);  ///< without defaults

/// As it would stand in a run file.
template <class T>
std::string written_value(const T& value) {
  YAML::Emitter out;
  write(out, value);
  return out.c_str();
}
void write(YAML::Emitter& out, const ClassWeights& value);

}  // namespace sinapse
