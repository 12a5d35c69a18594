# find_package(sinapse) gives the target sinapse::sinapse. The library is static, so what it is linked
# with must be installed, too.
include("${CMAKE_CURRENT_LIST_DIR}/sinapseDependencies.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/sinapseTargets.cmake")
