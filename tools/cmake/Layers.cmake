# add_layer(<folder> USES <layer|library>... [LINKS <library>...] [SOURCES <file>...]
#           [PRECOMPILE <header>...] [EXCLUDE <folder>/...])
#
# One folder is one library. USES says, once, both what it links and what it may include;
# check_layers.cmake fails the build on any other include. Without SOURCES every .cc under the folder
# belongs to it.
function(add_layer name)
  cmake_parse_arguments(arg "" "" "USES;SOURCES;LINKS;PRECOMPILE;EXCLUDE" ${ARGN})
  if(NOT arg_SOURCES)
    file(GLOB_RECURSE arg_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${name}/*.cc)
    list(FILTER arg_SOURCES EXCLUDE REGEX "/node_modules/")
    foreach(folder IN LISTS arg_EXCLUDE)
      list(FILTER arg_SOURCES EXCLUDE REGEX "/${folder}")
    endforeach()
  endif()
  add_library(pgsift_${name} STATIC ${arg_SOURCES})
  target_include_directories(pgsift_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_options(pgsift_${name} PRIVATE ${PGSIFT_WARNINGS})
  set(links ${arg_LINKS})
  foreach(use IN LISTS arg_USES)
    if(TARGET pgsift_${use})
      list(APPEND links pgsift_${use})
    else()
      list(APPEND links ${PGSIFT_LIBRARY_${use}})
    endif()
  endforeach()
  target_link_libraries(pgsift_${name} PUBLIC ${links})
  if(arg_PRECOMPILE)
    target_precompile_headers(pgsift_${name} PRIVATE ${arg_PRECOMPILE})
  endif()

  set(stamp ${CMAKE_BINARY_DIR}/layers/${name}.ok)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${name}/*.h ${PROJECT_SOURCE_DIR}/${name}/*.cc)
  list(FILTER files EXCLUDE REGEX "/node_modules/")
  string(REPLACE ";" "," uses "${arg_USES}")
  add_custom_command(OUTPUT ${stamp}
    COMMAND ${CMAKE_COMMAND} -DLAYER=${name} -DUSES=${uses} -DROOT=${PROJECT_SOURCE_DIR} -DSTAMP=${stamp}
            -P ${PROJECT_SOURCE_DIR}/tools/cmake/check_layers.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/tools/cmake/check_layers.cmake VERBATIM)
  add_custom_target(pgsift_${name}_layer_check DEPENDS ${stamp})
  add_dependencies(pgsift_${name} pgsift_${name}_layer_check)
endfunction()
