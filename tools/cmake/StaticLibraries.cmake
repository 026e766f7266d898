# The program is started once for each commit: every shared library costs a third of a millisecond then.
# What Debian has as an archive too is linked into it.

# prefer_static_absl(): Abseil's targets name their archives, where they are there.
function(prefer_static_absl)
  get_property(targets DIRECTORY PROPERTY IMPORTED_TARGETS)
  list(FILTER targets INCLUDE REGEX "^absl::")
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    if(NOT type STREQUAL "SHARED_LIBRARY")
      continue()
    endif()
    get_target_property(configuration ${target} IMPORTED_CONFIGURATIONS)
    get_target_property(shared ${target} IMPORTED_LOCATION_${configuration})
    string(REGEX REPLACE "\\.so.*$" ".a" archive "${shared}")
    if(EXISTS ${archive})
      set_target_properties(${target} PROPERTIES IMPORTED_LOCATION_${configuration} ${archive}
                            IMPORTED_SONAME_${configuration} "")
    endif()
  endforeach()
endfunction()

# find_static(VARIABLE name...): the archives of these libraries, or nothing if one is missing.
function(find_static variable)
  set(found "")
  foreach(name IN LISTS ARGN)
    find_library(STATIC_${name} lib${name}.a)
    mark_as_advanced(STATIC_${name})
    if(NOT STATIC_${name})
      set(${variable} "" PARENT_SCOPE)
      return()
    endif()
    list(APPEND found ${STATIC_${name}})
  endforeach()
  set(${variable} "${found}" PARENT_SCOPE)
endfunction()
