// The passes, each in a file of its own or beside its sisters.
#pragma once

#include "compile/program.h"

namespace sinapse {

void remove_unused(Program& program);              // simplify.cpp
void fuse_activations(Program& program);           // fuse.cpp
void fuse_activation_gradients(Program& program);  // fuse.cpp
void fuse_updates(Program& program);               // fuse.cpp
void block_channels(Program& program);             // block_channels.cpp
void fuse_blocks(Program& program);                // fuse_blocks.cpp
void assign_layouts(Program& program);             // layouts.cpp
void choose_kernels(Program& program);             // layouts.cpp
void group_into_stages(Program& program);          // stages.cpp
void plan_memory(Program& program);                // memory.cpp

}  // namespace sinapse
