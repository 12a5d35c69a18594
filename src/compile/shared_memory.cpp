#include "compile/shared_memory.h"

namespace sinapse {

namespace {

bool is_persistent(const Plan& plan, size_t id) {
  return plan.storages[id].space == Space::persistent;
}

bool same_place(const Plan& a, const Plan& b, size_t id) {
  if (is_persistent(a, id) != is_persistent(b, id)) return false;
  if (!is_persistent(a, id)) return true;
  const Storage &x = a.storages[id], &y = b.storages[id];
  return x.layout == y.layout && x.offset == y.offset && x.columns == y.columns &&
         x.stride == y.stride && a.transposed[id].offset == b.transposed[id].offset;
}

}  // namespace

bool share_parameters(const Plan& a, const Plan& b) {
  if (a.storages.size() != b.storages.size() || a.space_sizes[0] != b.space_sizes[0]) return false;
  for (size_t id = 0; id < a.storages.size(); ++id) {
    if (!same_place(a, b, id)) return false;
  }
  return true;
}

}  // namespace sinapse
