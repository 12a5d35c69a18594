// A table some rows at a time, for those who need each row once.
#pragma once

#include <functional>
#include <string>

#include <sinapse/table.h>

namespace sinapse {

/// Calls `take` with the rows of a file in order, about a megabyte of its text at a time; ARFF
/// files and what is no file, such as a pipe, come as a whole. Columns of kinds that `options` do
/// not give may be of another kind in every part. Throws as read_table().
void read_table_in_parts(const std::string& path, const ReadOptions& options,
                         const std::function<void(const Table& part)>& take);

}  // namespace sinapse
