#include "network/fields.h"

#include <sinapse/error.h>

#include <algorithm>

#include <fmt/format.h>

#include "data/nearest.h"

namespace sinapse {

namespace {

// A visitor that treats every type of field alike: `visit_any(name, value, doc)`.
template <class Derived>
class AnyFieldVisitor : public FieldVisitor {
 public:
  void operator()(std::string_view n, bool& v, std::string_view d) override { any(n, v, d); }
  void operator()(std::string_view n, int64_t& v, std::string_view d) override { any(n, v, d); }
  void operator()(std::string_view n, double& v, std::string_view d) override { any(n, v, d); }
  void operator()(std::string_view n, std::string& v, std::string_view d) override { any(n, v, d); }
  void operator()(std::string_view n, std::vector<int64_t>& v, std::string_view d) override {
    any(n, v, d);
  }

 private:
  template <class T>
  void any(std::string_view name, T& value, std::string_view doc) {
    static_cast<Derived*>(this)->visit_any(std::string(name), value, doc);
  }
};

template <class T>
constexpr std::string_view kTypeName = "a list of whole numbers";
template <>
constexpr std::string_view kTypeName<bool> = "true or false";
template <>
constexpr std::string_view kTypeName<int64_t> = "a whole number";
template <>
constexpr std::string_view kTypeName<double> = "a number";
template <>
constexpr std::string_view kTypeName<std::string> = "a text";

class Setter : public AnyFieldVisitor<Setter> {
 public:
  explicit Setter(const LayerDescription& description) : description_(description) {}

  template <class T>
  void visit_any(const std::string& name, T& value, std::string_view) {
    known_.push_back(name);
    const auto found = description_.fields.find(name);
    if (found == description_.fields.end()) return;
    if constexpr (std::is_same_v<T, double>) {  // "rate: 1" is a number, too
      if (const auto* whole = std::get_if<int64_t>(&found->second)) {
        value = static_cast<double>(*whole);
        return;
      }
    }
    const T* given = std::get_if<T>(&found->second);
    if (given == nullptr) {
      throw Error(ErrorCode::usage, fmt::format("{} \"{}\": {} expects {}.", description_.type,
                                                description_.name, name, kTypeName<T>));
    }
    value = *given;
  }

  void reject_unknown() const {
    for (const auto& [name, value] : description_.fields) {
      if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
      throw Error(ErrorCode::usage,
                  fmt::format("{} \"{}\" has no field \"{}\".{}", description_.type,
                              description_.name, name, did_you_mean(name, known_)));
    }
  }

 private:
  const LayerDescription& description_;
  std::vector<std::string> known_;
};

class Documenter : public AnyFieldVisitor<Documenter> {
 public:
  template <class T>
  void visit_any(const std::string& name, T& value, std::string_view doc) {
    fields.push_back({name, value, std::string(doc)});
  }
  std::vector<FieldDocument> fields;
};

}  // namespace

void set_fields(Layer& layer, const LayerDescription& description) {
  Setter setter(description);
  layer.fields(setter);
  setter.reject_unknown();
}

std::vector<FieldDocument> document_fields(Layer& layer) {
  Documenter documenter;
  layer.fields(documenter);
  return std::move(documenter.fields);
}

std::map<std::string, FieldValue> get_fields(Layer& layer) {
  std::map<std::string, FieldValue> fields;
  for (FieldDocument& field : document_fields(layer)) {
    fields[field.name] = std::move(field.default_value);
  }
  return fields;
}

}  // namespace sinapse
