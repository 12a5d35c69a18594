// Everything that is chosen by name, in one form: what the program lists, the manual's reference
// and the schema of run files are made of. It repeats nothing: the tables say it all.
#pragma once

#include <string>
#include <vector>

namespace sinapse {

/// A constant of an activation or an optimizer, a field of a layer; without a name, the value of a
/// key itself.
struct CatalogueConstant {
  std::string name;
  std::string default_value;  ///< as it would stand in a run file
  std::string doc;
};

struct CatalogueEntry {
  std::string name;
  std::vector<std::string> aliases;
  std::string formula;  ///< may be empty, as the three that follow
  std::string derivative;
  std::string doc;
  std::string source;  ///< authors and year
  std::vector<CatalogueConstant> constants;
  std::string written_out;  ///< what the name stands for, for lists of a few names

  /// "leaky_relu(alpha=0.01)", "training.epochs = 0"
  std::string signature() const;
};

struct CatalogueSection {
  std::string name;   ///< "optimizers"
  std::string usage;  ///< one sentence: where the names are used
  std::vector<CatalogueEntry> entries;

  /// Throws Error(usage) with the nearest name. Letter case, underscores and hyphens do not matter.
  const CatalogueEntry& entry(const std::string& entry_name) const;
};

/// All sections, registered activations and layers included; the last one, "keys", has the keys of
/// a run file.
std::vector<CatalogueSection> catalogue();

/// Throws Error(usage) with the nearest name.
CatalogueSection catalogue_section(const std::string& name);

}  // namespace sinapse
